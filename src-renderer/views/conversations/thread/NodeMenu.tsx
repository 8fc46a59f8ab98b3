import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { Node } from '#shared/domain/session.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { SentDialog } from '../../sent/Sent.tsx';
import { fork } from '../branches/fork.ts';

/** What is seldom done with a message or an answer. */
export function NodeMenu({ session, node, pinned }: { session: string; node: Node; pinned: boolean }) {
  const app = useApp();
  const connected = useConnected();
  const [asked, setAsked] = useState(false);
  const pin = () => void app.act(node.id, 'sessions.pinNode', { session, node: node.id, pinned: !pinned });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          className="button bare small icon"
          aria-label={node.kind === 'message' ? 'More for this message' : 'More for this answer'}
        >
          <Sign name="more" dense />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="float menu" align="end" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.Item className="menu-item" disabled={!connected} onSelect={pin}>
              {pinned ? 'Unpin' : 'Pin: always send it along'}
            </DropdownMenu.Item>
            {node.kind === 'turn' && (
              <DropdownMenu.Item className="menu-item" onSelect={() => setAsked(true)}>
                What was sent…
              </DropdownMenu.Item>
            )}
            <DropdownMenu.Item
              className="menu-item"
              disabled={!connected}
              onSelect={() => void fork(app, session, { node: node.id }, node.id)}
            >
              Fork from here
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {asked && <SentDialog session={session} turn={node.id} onClose={() => setAsked(false)} />}
    </>
  );
}
