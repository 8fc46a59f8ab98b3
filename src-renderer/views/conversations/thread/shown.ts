import { shallow } from 'zustand/shallow';
import { type Node, runningTurns, type SessionView } from '#shared/domain/session.ts';
import { type Loaded, nodeAt } from '../../../state/loaded.ts';
import { hasArrived, type Outgoing } from '../../../state/outbox.ts';
import { nodeIn } from '../../../state/spine.ts';

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

/** One row of the conversation. */
export type Shown =
  | { kind: 'node'; id: string; node: Node; place: Place }
  /** It stands there and is not here. */
  | { kind: 'gap' }
  | { kind: 'outgoing'; id: string; message: Outgoing };

/** What the conversation shows, in reading order: the branch, and what is on its way. Rows are made when they are asked for. */
export interface Rows {
  readonly count: number;
  at(index: number): Shown;
  /** Where this node stands on the branch; -1 when it does not, or is not here. */
  indexOf(node: string): number;
}

export function shown(loaded: ShownOf, outbox: readonly Outgoing[]): Rows {
  const { view, spine } = loaded;
  const waiting = outbox.filter((each) => !hasArrived(view, each) && !waitsInQueue(view, each));
  // Another wording takes the place of the old one and hides what answered it.
  const replaced = waiting.flatMap(({ replaces }) => {
    const depth = replaces === undefined ? null : nodeIn(view, replaces)?.depth;
    return depth != null && spine.at.get(depth) === replaces ? [depth] : [];
  });
  const nodes = Math.min(spine.length ?? 0, ...replaced);
  const places = placesOf(loaded);
  return {
    count: nodes + waiting.length,
    at(index) {
      const message = waiting[index - nodes];
      if (message !== undefined) return { kind: 'outgoing', id: message.message, message };
      const node = nodeAt(loaded, index);
      return node === undefined ? { kind: 'gap' } : { kind: 'node', id: node.id, node, place: places(node) };
    },
    indexOf(id) {
      const depth = nodeIn(view, id)?.depth ?? -1;
      return depth >= 0 && depth < nodes && spine.at.get(depth) === id ? depth : -1;
    },
  };
}

export type ShownOf = Pick<Loaded, 'view' | 'spine' | 'families'>;

/** Messages on their way that will wait for the running turn. */
export const queuedOutgoing = (view: SessionView, outbox: readonly Outgoing[]): Outgoing[] =>
  outbox.filter((each) => !hasArrived(view, each) && waitsInQueue(view, each));

const waitsInQueue = (view: SessionView, { whileRunning, replaces, state }: Outgoing): boolean =>
  replaces === undefined && whileRunning === 'queue' && state !== 'refused' && isBusy(view);

/** Places among tries and wordings: those that are here, and those of which pages told. */
function placesOf({ view, families: told }: ShownOf): (node: Node) => Place {
  const familyOf = (node: Node) => `${node.kind} ${node.parent ?? ''}`;
  let here: Map<string, Node[]> | undefined;
  const gathered = () => {
    const families = new Map<string, Node[]>();
    for (const node of Object.values(view.nodes)) {
      const family = families.get(familyOf(node));
      if (family === undefined) families.set(familyOf(node), [node]);
      else family.push(node);
    }
    for (const family of families.values()) if (family.length > 1) family.sort((a, b) => a.seq - b.seq);
    return families;
  };
  return (node) => {
    here ??= gathered();
    const known = (here.get(familyOf(node)) ?? [node]).map(({ id }) => id);
    // What a page told is the older part, or all of it; what came since is newer.
    const earlier = known.flatMap((id) => told[id] ?? []);
    const family = [...new Set([...earlier, ...known])];
    const index = family.indexOf(node.id);
    return { index, count: family.length, previous: family[index - 1], next: family[index + 1] };
  };
}

/** A turn of the session runs, on the branch on screen or beside it. */
export const isBusy = (view: SessionView): boolean => runningTurns(view).length > 0;
