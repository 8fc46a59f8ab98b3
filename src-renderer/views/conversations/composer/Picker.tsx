import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { Target } from '#shared/domain/things.ts';
import { nameOf } from '../../../state/targets.ts';
import { useRoster } from '../../../state/use.ts';
import { Glyph, Sign } from '../../../ui/Sign.tsx';
import { Choices } from './Choices.tsx';

interface PickerProps {
  to: Target | undefined;
  onChoose: (target: Target) => void;
  /** It has closed after a choice. */
  onDone: () => void;
}

/** Whom the message is for: a specialist, or a plain model of a provider. */
export function Picker({ to, onChoose, onDone }: PickerProps) {
  const roster = useRoster();
  const [open, setOpen] = useState(false);
  if (roster === null) return null;
  const named = to === undefined ? undefined : nameOf(roster, to);
  const choose = (target: Target) => {
    onChoose(target);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="button bare picker"
        aria-label={`Specialist or model: ${named?.name ?? 'none'}`}
        title={named?.detail}
      >
        <Glyph look={named?.look} />
        <span className="picker-name cut">{named?.name ?? 'Choose'}</span>
        <Sign name="down" dense />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="float picker-list"
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Specialist or model"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onDone();
          }}
        >
          <Choices current={to} onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
