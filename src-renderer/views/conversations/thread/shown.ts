import { shallow } from 'zustand/shallow';
import { type Node, path, runningTurns, type SessionView } from '#shared/domain/session.ts';
import { hasArrived, type Outgoing } from '../../../state/outbox.ts';

/** Where a node stands among other tries or wordings of the same step. */
export interface Place {
  index: number;
  count: number;
  previous: string | undefined;
  next: string | undefined;
}

/** For `memo`: places are counted anew for each view, and mostly come out the same. */
export const sameButPlace = <Props extends { place: Place }>(a: Props, b: Props): boolean =>
  shallow(a.place, b.place) && shallow({ ...a, place: null }, { ...b, place: null });

export type Shown =
  | { kind: 'node'; id: string; node: Node; place: Place }
  | { kind: 'outgoing'; id: string; message: Outgoing };

/** What the conversation shows, in reading order: the branch, and what is on its way. */
export function shown(view: SessionView, outbox: readonly Outgoing[]): Shown[] {
  const waiting = outbox.filter((each) => !hasArrived(view, each) && !waitsInQueue(view, each));
  const edits = waiting.filter((each) => each.replaces !== undefined);
  let nodes = path(view);
  for (const { replaces } of edits) {
    const at = nodes.findIndex((node) => node.id === replaces);
    if (at >= 0) nodes = nodes.slice(0, at);
  }
  const places = placesOf(view);
  return [
    ...nodes.map((node): Shown => ({ kind: 'node', id: node.id, node, place: places(node) })),
    ...waiting.map((message): Shown => ({ kind: 'outgoing', id: message.message, message })),
  ];
}

/** Messages on their way that will wait for the running turn. */
export const queuedOutgoing = (view: SessionView, outbox: readonly Outgoing[]): Outgoing[] =>
  outbox.filter((each) => !hasArrived(view, each) && waitsInQueue(view, each));

const waitsInQueue = (view: SessionView, { whileRunning, replaces, state }: Outgoing): boolean =>
  replaces === undefined && whileRunning === 'queue' && state !== 'refused' && isBusy(view);

function placesOf(view: SessionView): (node: Node) => Place {
  const families = new Map<string, Node[]>();
  const familyOf = (node: Node) => `${node.kind} ${node.parent ?? ''}`;
  for (const node of Object.values(view.nodes)) {
    const family = families.get(familyOf(node));
    if (family === undefined) families.set(familyOf(node), [node]);
    else family.push(node);
  }
  for (const family of families.values()) if (family.length > 1) family.sort((a, b) => a.seq - b.seq);
  return (node) => {
    const family = families.get(familyOf(node)) ?? [node];
    const index = family.indexOf(node);
    return { index, count: family.length, previous: family[index - 1]?.id, next: family[index + 1]?.id };
  };
}

/** A turn of the session runs, on the branch on screen or beside it. */
export const isBusy = (view: SessionView): boolean => runningTurns(view).length > 0;
