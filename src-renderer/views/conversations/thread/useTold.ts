import { useEffect, useRef } from 'react';
import type { SessionView, TurnNode } from '#shared/domain/session.ts';
import type { TurnState } from '#shared/domain/things.ts';
import { useApp } from '../../../state/use.ts';

/** Tells a screen reader when a turn begins to answer and how it ends, never its tokens. */
export function useTold(view: SessionView, ready: boolean): void {
  const app = useApp();
  const known = useRef<Map<string, TurnState> | null>(null);
  useEffect(() => {
    if (!ready) return;
    const before = known.current;
    const now = new Map<string, TurnState>();
    for (const node of Object.values(view.nodes)) {
      if (node.kind !== 'turn') continue;
      now.set(node.id, node.state);
      if (before === null || before.get(node.id) === node.state) continue;
      const text = told(node, before.has(node.id));
      if (text !== undefined) app.say(text);
    }
    known.current = now;
  }, [app, view, ready]);
}

function told({ speaker: { name }, state, problem }: TurnNode, wasHere: boolean): string | undefined {
  if (state === 'streaming') return `${name} is answering.`;
  if (!wasHere && state !== 'queued' && state !== 'connecting') return undefined;
  if (state === 'done') return `${name} has answered.`;
  if (state === 'failed') return `The answer of ${name} failed. ${problem?.message ?? ''}`;
  if (state === 'stopped') return `The answer of ${name} is stopped.`;
  return undefined;
}
