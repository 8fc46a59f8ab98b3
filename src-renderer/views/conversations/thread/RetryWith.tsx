import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { TurnNode } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Choices } from '../composer/Choices.tsx';

/** Another try of an answer, by somebody else. */
export function RetryWith({ session, node }: { session: string; node: TurnNode }) {
  const app = useApp();
  const [open, setOpen] = useState(false);
  const choose = (to: Target) => {
    setOpen(false);
    void app.act(node.id, 'turns.retry', { session, turn: node.id, to });
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="button bare small" aria-label="Retry with another">
        Retry with
        <Sign name="down" dense />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="float picker-list"
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Retry with"
        >
          <Choices current={node.to} onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
