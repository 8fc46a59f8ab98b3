import { useState } from 'react';
import type { TurnNode } from '#shared/domain/session.ts';
import { aboutTokens } from '../../../state/figures.ts';
import { counted } from '../../../ui/format.ts';
import { Running, Sign } from '../../../ui/Sign.tsx';

/** What the model wrote before its answer: there for who wants to look. */
export function Reasoning({ node: { reasoning, usage }, live }: { node: TurnNode; live: boolean }) {
  const [open, setOpen] = useState(false);
  const told = usage?.estimated ? undefined : usage?.reasoning;
  const tokens =
    told === undefined ? `about ${counted(aboutTokens(reasoning.length), 'token')}` : counted(told, 'token');
  return (
    <details className="reasoning" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Sign name="right" dense />
        Reasoning, {tokens}
        {live && <Running />}
      </summary>
      {open && <p>{reasoning}</p>}
    </details>
  );
}
