import type { NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { HistoryWindow } from '#shared/domain/things.ts';
import type { SessionShape } from '../../../log/log.ts';

/** Deciding what is sent along with messages. Pure, as in `../decide.ts`. */

/** `shape` has the node from which on history is sent, if there is to be one. */
export function setWindow(shape: SessionShape, window: HistoryWindow): NewEvent[] {
  if (window.since !== null) mustHave(shape, window.since);
  return JSON.stringify(canonical(window)) === JSON.stringify(canonical(shape.window))
    ? []
    : [{ type: 'window.set', data: { window } }];
}

/** `shape` has the node. */
export function pinNode(shape: SessionShape, node: string, pinned: boolean): NewEvent[] {
  mustHave(shape, node);
  return [{ type: 'node.pinned', data: { node, pinned } }];
}

function mustHave(shape: SessionShape, node: string): void {
  if (shape.nodes.has(node)) return;
  throw new Problem('NOT_FOUND', `This session has no message ${node}.`, 'Load the session again.');
}

const canonical = ({ exchanges, tokens, summary, summarizer, since }: HistoryWindow) => [
  exchanges,
  tokens,
  summary,
  summarizer && Object.entries(summarizer).sort(),
  since,
];
