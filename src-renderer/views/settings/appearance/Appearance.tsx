import { useStore } from 'zustand';
import { type AppearanceName, appearanceNames, type Appearance as Choices } from '../../../state/preferences.ts';
import { useApp } from '../../../state/use.ts';
import { Segments } from '../../../ui/Segments.tsx';
import { Part, Row, SettingsPage } from '../SettingsPage.tsx';
import { Specimen } from './Specimen.tsx';

/** As they stand beside each other, which is not always the first by default. */
const words: { [Name in AppearanceName]: { label: string; values: Record<Choices[Name], string> } } = {
  theme: { label: 'Theme', values: { system: 'As the computer', light: 'Light', dark: 'Dark' } },
  text: { label: 'Text size', values: { small: 'Small', normal: 'Normal', large: 'Large', largest: 'Largest' } },
  width: { label: 'Reading width', values: { narrow: 'Narrow', normal: 'Normal', wide: 'Wide' } },
  density: { label: 'Density', values: { comfortable: 'Comfortable', compact: 'Compact' } },
};

/** How this client looks. What is chosen counts at once, here and in its other windows. */
export function Appearance() {
  const { preferences } = useApp();
  const chosen = useStore(preferences);
  return (
    <SettingsPage title="Appearance">
      <Part title="Look">
        {appearanceNames.map((name) => {
          const { label, values } = words[name];
          return (
            <Row key={name} label={label}>
              <Segments
                label={label}
                options={Object.entries(values).map(([value, word]) => ({ value, label: word }))}
                value={chosen[name]}
                onValue={(value) => preferences.setState({ [name]: value })}
              />
            </Row>
          );
        })}
      </Part>
      <Specimen />
    </SettingsPage>
  );
}
