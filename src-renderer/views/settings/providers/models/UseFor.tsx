import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { ProviderInfo, SpecialistInfo } from '#shared/domain/summary.ts';
import { bindingText } from '../../../../state/targets.ts';
import { useApp, useConnected } from '../../../../state/use.ts';
import { Glyph, Running, Sign } from '../../../../ui/Sign.tsx';
import { giveModel, modelsPlace } from './use-for.ts';

interface UsersProps {
  provider: ProviderInfo;
  model: string;
  specialists: readonly SpecialistInfo[];
}

/** Who shall work with this model: chosen here, and let go here. */
export function UseFor({ tabStop, ...users }: UsersProps & { tabStop: boolean }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="button bare small"
        aria-label={`Use for (${users.model})`}
        tabIndex={tabStop ? 0 : -1}
      >
        Use for
        <Sign name="down" dense />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="float menu use-for"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={`Who uses ${users.model}`}
        >
          <Users {...users} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Several may be chosen, one after the other or all of them: the menu stays. */
function Users({ provider, model, specialists }: UsersProps) {
  const app = useApp();
  const connected = useConnected();
  const [pending, setPending] = useState<readonly string[]>([]);
  const chosen = specialists.filter((each) => each.chosen?.provider === provider.id && each.chosen.model === model);
  const all = chosen.length === specialists.length;
  const give = async (some: readonly SpecialistInfo[], on: boolean) => {
    const given = some.filter(({ id }) => !pending.includes(id));
    const ids = given.map(({ id }) => id);
    setPending((before) => [...before, ...ids]);
    await giveModel(app, modelsPlace(provider.id), given, on ? { provider: provider.id, model } : null);
    setPending((before) => before.filter((id) => !ids.includes(id)));
  };
  return (
    <>
      {!provider.offline && provider.enabled && (
        <>
          <DropdownMenu.Item
            className="menu-item"
            disabled={!connected}
            onSelect={() => void app.tests.run(provider.id, model)}
          >
            <span className="menu-mark" />
            <span className="grow cut">Test with this model</span>
          </DropdownMenu.Item>
          <DropdownMenu.Separator className="menu-line" />
        </>
      )}
      <Choice
        name="All specialists"
        checked={all || (chosen.length > 0 && 'indeterminate')}
        pending={pending.length === specialists.length}
        stands={`${chosen.length} of ${specialists.length}`}
        onChoose={() => void give(all ? specialists : specialists.filter((each) => !chosen.includes(each)), !all)}
      >
        <span className="menu-mark" />
      </Choice>
      {specialists.map((each) => (
        <Choice
          key={each.id}
          name={each.name}
          checked={chosen.includes(each)}
          pending={pending.includes(each.id)}
          stands={stands(each)}
          onChoose={() => void give([each], !chosen.includes(each))}
        >
          <Glyph look={each.look} dense />
        </Choice>
      ))}
    </>
  );
}

interface ChoiceProps {
  name: string;
  checked: boolean | 'indeterminate';
  pending: boolean;
  stands: string;
  onChoose: () => void;
  children: ReactNode;
}

function Choice({ name, checked, pending, stands, onChoose, children }: ChoiceProps) {
  const connected = useConnected();
  return (
    <DropdownMenu.CheckboxItem
      className="menu-item"
      checked={checked}
      textValue={name}
      disabled={!connected}
      aria-busy={pending}
      onSelect={(event) => {
        event.preventDefault();
        if (!pending) onChoose();
      }}
    >
      <span className="menu-mark">{pending ? <Running /> : checked === true && <Sign name="check" dense />}</span>
      {children}
      <span className="grow cut">{name}</span>
      <span className="choice-end cut">{stands}</span>
    </DropdownMenu.CheckboxItem>
  );
}

/** What it works with now. */
function stands(specialist: SpecialistInfo): string {
  const text = bindingText(specialist);
  if (text === undefined) return 'needs a model';
  return specialist.chosen === null ? `automatic: ${specialist.binding?.model}` : text;
}
