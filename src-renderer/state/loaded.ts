import type { StreamItem } from '#shared/contract/contract.ts';
import { readEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession, type Node, type SessionView } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import { type Figures, measure } from './figures.ts';
import { nodeIn, noSpine, type Page, type Spine, spineOf, withPage } from './spine.ts';

/** A session in memory: its view, and what goes with it while it is on screen. */
export interface Loaded {
  view: SessionView;
  /** The first item has come. */
  ready: boolean;
  /** The branch on screen by place. */
  spine: Spine;
  /** A branch that is about to be shown, as far as pages told of it. */
  next: Spine;
  /** All tries and wordings of a step, by each of them, where pages told of them. */
  families: Readonly<Record<string, readonly string[]>>;
  /** The places at which the reader is; null: at the end. */
  place: { from: number; to: number } | null;
  figures: Readonly<Record<string, Figures>>;
}

/** Nodes kept of a session: those at the end, those around the reader, then the nearest to those. */
export const KEPT_NODES = 200;
/** Of the branch on screen, kept at its end and on either side of the reader. */
const NEAR = 50;

export const nothingLoaded = (session: string): Loaded => ({
  view: emptySession(session),
  ready: false,
  spine: noSpine,
  next: noSpine,
  families: {},
  place: null,
  figures: {},
});

/** Folds what came of a session since the last frame. */
export function take(loaded: Loaded, items: readonly StreamItem<'session.follow'>[]): Loaded {
  let next = loaded;
  for (const item of items) {
    if (item.kind === 'snapshot') {
      next = { ...nothingLoaded(item.view.id), view: item.view, ready: true };
      continue;
    }
    const event = readEvent(item.event);
    if (event === undefined || event.seq <= next.view.seq) continue;
    const view = foldSession(next.view, event);
    const earlier = next.view.nodes;
    next = { ...next, view, ready: true };
    if (!('turn' in event.data)) continue;
    const { turn } = event.data;
    const was = earlier[turn];
    const asked = was?.kind === 'turn' && was.state !== 'streaming' ? was.at : null;
    const node = view.nodes[turn];
    if (node?.kind === 'turn' && isRunning(node.state)) {
      const figures = measure(next.figures[turn], event, unitsOf(node) - (was === undefined ? 0 : unitsOf(was)), asked);
      if (figures !== undefined) next.figures = { ...next.figures, [turn]: figures };
    } else if (turn in next.figures) {
      const { [turn]: _, ...rest } = next.figures;
      next.figures = rest;
    }
  }
  return prune({ ...next, spine: shownSpine(next.view, next) });
}

/** Going on from all that is known of that branch. */
function shownSpine(view: SessionView, { spine, next }: Pick<Loaded, 'spine' | 'next'>): Spine {
  const shown = spineOf(view, spine);
  if (view.head === null || next.head !== view.head || shown === spine) return shown;
  return { head: next.head, length: next.length, at: new Map([...next.at, ...shown.at]) };
}

/** By its length, not by its parts: those may come joined with others that have come already. */
const unitsOf = (node: Node): number => node.text.length + (node.kind === 'turn' ? node.reasoning.length : 0);

/** Adds a page of a path. What is here already is as new or newer. */
export function addPage(loaded: Loaded, page: Page): Loaded {
  const found: Record<string, Node> = {};
  for (const node of page.nodes) found[node.id] = node;
  const view = { ...loaded.view, nodes: { ...found, ...placed(loaded.view.nodes, found) } };
  const families = { ...loaded.families, ...page.families };
  const spine = withPage(shownSpine(view, loaded), page);
  const next = spine.head === page.head ? noSpine : withPage({ ...noSpine, head: page.head }, page);
  return prune({ ...loaded, view, spine, next, families });
}

/** What hung on nodes that were not here gets the place that a page tells. */
function placed(nodes: SessionView['nodes'], found: Readonly<Record<string, Node>>): SessionView['nodes'] {
  const next = { ...nodes };
  for (const { id, depth } of Object.values(found)) {
    const node = nodeIn({ nodes }, id);
    if (node !== undefined && node.depth !== depth) next[id] = { ...node, depth };
  }
  return next;
}

/** Places among `from` (included) and `to` of which the nodes are not here: the first and the last. */
export function missing({ view, spine }: Loaded, from: number, to: number): { from: number; to: number } | undefined {
  let found: { from: number; to: number } | undefined;
  for (let place = Math.max(0, from); place < Math.min(to, spine.length ?? 0); place++)
    if (nodeAt({ view, spine }, place) === undefined) found = { from: found?.from ?? place, to: place };
  return found;
}

/** The node at this place of the branch on screen, when it is here. */
export function nodeAt({ view, spine }: Pick<Loaded, 'view' | 'spine'>, place: number): Node | undefined {
  return nodeIn(view, spine.at.get(place) ?? null);
}

/** Lets go of nodes above the limit; what runs, what is around the reader, and the end of the branch stay. */
export function prune(loaded: Loaded): Loaded {
  const { nodes } = loaded.view;
  const excess = Object.keys(nodes).length - KEPT_NODES;
  if (excess <= 0) return loaded;
  const { spine, place } = loaded;
  const end = spine.length ?? 0;
  const reader = place ?? { from: end, to: end };
  const onBranch = ({ id, depth }: Node) =>
    depth !== null && (spine.at.get(depth) === id || loaded.next.at.get(depth) === id);
  const near = (node: Node) => {
    const depth = node.depth ?? 0;
    if (spine.length === null) return false;
    return onBranch(node) && (depth >= end - NEAR || (depth >= reader.from - NEAR && depth <= reader.to + NEAR));
  };
  // Other tries go before what is on screen, far ones before near ones, old ones before new ones.
  // What runs beside the branch on screen could not be folded on.
  const runs = (node: Node) => node.kind === 'turn' && isRunning(node.state);
  const rank = (node: Node) => (onBranch(node) ? 1 : runs(node) ? 2 : 0);
  const distance = ({ depth }: Node) => Math.min(Math.abs((depth ?? 0) - reader.from), end - (depth ?? 0));
  const gone = Object.values(nodes)
    .filter((node) => !near(node))
    .sort((a, b) => rank(a) - rank(b) || distance(b) - distance(a) || a.seq - b.seq)
    .slice(0, excess);
  const kept = { ...nodes };
  for (const { id } of gone) delete kept[id];
  return { ...loaded, view: { ...loaded.view, nodes: kept } };
}
