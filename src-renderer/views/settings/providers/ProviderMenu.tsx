import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { ProviderInfo, Roster } from '#shared/domain/summary.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Confirm } from '../forms/Confirm.tsx';
import { useGoOn } from '../forms/use-go-on.ts';
import { formOf, hasKey } from './fields.ts';
import { usersOfProvider, whatChanges } from './models/used.ts';

/** What is seldom done with a provider. */
export function ProviderMenu({ provider, roster }: { provider: ProviderInfo; roster: Roster }) {
  const { id, name, origin, key } = provider;
  const app = useApp();
  const connected = useConnected();
  const goOn = useGoOn();
  const [removing, setRemoving] = useState(false);
  const remove = async () => {
    const done = await app.act(formOf(id), 'providers.remove', { provider: id });
    if (done === undefined) return;
    app.unsaved.clear(formOf(id));
    app.tests.forget(id);
    app.say(`${name} is removed.`);
    goOn('providers');
  };
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button bare icon" aria-label={`More for ${name}`}>
          <Sign name="more" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="float menu" align="end" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.Item
              className="menu-item"
              disabled={!connected}
              onSelect={() => void app.try(formOf(id), 'providers.check', { provider: id })}
            >
              Ask for its models again
            </DropdownMenu.Item>
            {origin === 'user' && (
              <DropdownMenu.Item className="menu-item error" disabled={!connected} onSelect={() => setRemoving(true)}>
                Remove…
              </DropdownMenu.Item>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {removing && (
        <Confirm
          title={`Remove ${name}?`}
          verb="Remove"
          onConfirm={() => void remove()}
          onClose={() => setRemoving(false)}
        >
          <p>
            {whatChanges(usersOfProvider(roster.specialists, id))}
            {hasKey(key) && ' Its key is deleted.'}
          </p>
          <p>What was said with it stays in its sessions.</p>
        </Confirm>
      )}
    </>
  );
}
