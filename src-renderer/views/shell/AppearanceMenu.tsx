import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { densities, themes } from '../../state/preferences.ts';
import { useApp } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';

const words: Record<string, string> = {
  system: 'As the computer',
  light: 'Light',
  dark: 'Dark',
  comfortable: 'Comfortable',
  compact: 'Compact',
};

/** Theme and density of this client. */
export function AppearanceMenu() {
  const { preferences } = useApp();
  const { theme, density } = useStore(preferences);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="status-entry" aria-label="Theme">
        <Sign name="theme" dense />
        <span className="wide">Theme</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="float menu" side="top" align="end" sideOffset={4} collisionPadding={8}>
        <Choice
          label="Theme"
          values={themes}
          value={theme}
          onValue={(value) => preferences.setState({ theme: value })}
        />
        <Choice
          label="Density"
          values={densities}
          value={density}
          onValue={(value) => preferences.setState({ density: value })}
        />
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  values: readonly Value[];
  value: Value;
  onValue: (value: Value) => void;
}

function Choice<Value extends string>({ label, values, value, onValue }: ChoiceProps<Value>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(chosen) => onValue(chosen as Value)} aria-label={label}>
      <DropdownMenu.Label className="menu-label">{label}</DropdownMenu.Label>
      {values.map((each) => (
        <DropdownMenu.RadioItem key={each} value={each} className="menu-item">
          <span className="menu-mark">
            <DropdownMenu.ItemIndicator>
              <Sign name="check" dense />
            </DropdownMenu.ItemIndicator>
          </span>
          {words[each]}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
