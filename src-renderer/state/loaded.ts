import type { StreamItem } from '#shared/contract/contract.ts';
import { type RawEvent, readEvent } from '#shared/domain/events.ts';
import { emptySession, foldNode, foldSession, type Node, path, type SessionView } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import { type Figures, measure } from './figures.ts';

/** A session in memory: its view, and what goes with it while it is on screen. */
export interface Loaded {
  view: SessionView;
  /** The first item has come. */
  ready: boolean;
  /** Older nodes exist that are not here. */
  more: boolean;
  /** Nodes that somebody loaded on purpose; they do not count against the limit. */
  older: number;
  figures: Readonly<Record<string, Figures>>;
}

/** Nodes kept of a session, beyond those loaded on purpose. */
export const KEPT_NODES = 200;

export const nothingLoaded = (session: string): Loaded => ({
  view: emptySession(session),
  ready: false,
  more: false,
  older: 0,
  figures: {},
});

/** Folds what came of a session since the last frame. */
export function take(loaded: Loaded, items: readonly StreamItem<'session.follow'>[]): Loaded {
  let next = loaded;
  for (const item of items) {
    if (item.kind === 'snapshot') {
      next = { view: item.view, ready: true, more: item.more, older: 0, figures: {} };
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
  return prune(next);
}

/** By its length, not by its parts: those may come joined with others that have come already. */
const unitsOf = (node: Node): number => node.text.length + (node.kind === 'turn' ? node.reasoning.length : 0);

/** Adds a page of older nodes, given as the events that fold to them. */
export function addOlder(loaded: Loaded, page: { events: readonly RawEvent[]; more: boolean }): Loaded {
  const found: Record<string, Node> = {};
  for (const raw of page.events) {
    const event = readEvent(raw);
    const node = event && foldNode(found, event);
    if (node !== undefined) found[node.id] = node;
  }
  const nodes = { ...found, ...loaded.view.nodes };
  const added = Object.keys(nodes).length - Object.keys(loaded.view.nodes).length;
  return { ...loaded, view: { ...loaded.view, nodes }, more: page.more, older: loaded.older + added };
}

/** Where `sessions.older` goes on: below the oldest node of the branch on screen. */
export function oldestSeq({ view }: Loaded): number {
  const first = path(view)[0];
  if (first !== undefined) return first.seq;
  const all = Object.values(view.nodes).map((node) => node.seq);
  return all.length === 0 ? Math.max(1, view.seq) : Math.min(...all);
}

/** Lets go of the oldest nodes above the limit, the end of the branch on screen last. */
function prune(loaded: Loaded): Loaded {
  const nodes = Object.values(loaded.view.nodes);
  const excess = nodes.length - KEPT_NODES - loaded.older;
  if (excess <= 0) return loaded;
  const shown = new Set(path(loaded.view).slice(-KEPT_NODES / 2));
  const gone = nodes
    .filter((node) => !shown.has(node))
    .sort((a, b) => a.seq - b.seq)
    .slice(0, excess);
  const kept = { ...loaded.view.nodes };
  for (const { id } of gone) delete kept[id];
  return { ...loaded, view: { ...loaded.view, nodes: kept }, more: true };
}
