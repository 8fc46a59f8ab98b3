import type { Event, EventOf } from './events.ts';
import type { ProblemBody } from './problem.ts';
import {
  type Arrangement,
  type FinishReason,
  type HistoryWindow,
  isRunning,
  type Made,
  type Seam,
  type Speaker,
  type Target,
  type Timing,
  type TurnState,
  type Usage,
  usualArrangement,
  usualWindow,
  windowOf,
} from './things.ts';

/** A person's message in the tree of a session. */
export interface MessageNode {
  kind: 'message';
  id: string;
  parent: string | null;
  /** Steps from the root; null when what lies between is not here. */
  depth: number | null;
  seq: number;
  at: number;
  text: string;
  to: Target;
}

/** One generation in the tree of a session; its parent is the message it answers. */
export interface TurnNode {
  kind: 'turn';
  id: string;
  parent: string;
  /** See `MessageNode`. */
  depth: number | null;
  seq: number;
  at: number;
  to: Target;
  speaker: Speaker;
  state: TurnState;
  text: string;
  reasoning: string;
  seams: Seam[];
  /** Attempts so far; more than one when the provider had to be asked again. */
  attempt: number;
  /** Why and for how long (ms) it waits before the next attempt. */
  waiting: { ms: number; at: number; problem: ProblemBody } | null;
  finish: FinishReason | null;
  problem: ProblemBody | null;
  usage: Usage | null;
  timing: Timing | null;
  buffered: boolean;
}

export type Node = MessageNode | TurnNode;

export interface QueuedMessage {
  id: string;
  text: string;
  to: Target;
}

/**
 * A session as a window shows it. `nodes` may hold only the newest part of the tree: a path then ends at a node whose
 * parent is not there.
 */
export interface SessionView {
  id: string;
  title: string;
  at: number;
  /** Last event folded in. */
  seq: number;
  /** End of the branch `main`. */
  head: string | null;
  to: Target | null;
  /** By a program, and how; null for one that a person began. */
  made: Made | null;
  /** It is gone for good: nothing of it is left but this. */
  deleted: boolean;
  arrangement: Arrangement;
  window: HistoryWindow;
  /** The session that this one was copied from, and up to which of its events. */
  forked: { session: string; seq: number } | null;
  /** Nodes that are always sent along. */
  pinned: readonly string[];
  /** Names of branches, by the node with which each begins. */
  branchNames: Readonly<Record<string, string>>;
  nodes: Record<string, Node>;
  queue: QueuedMessage[];
}

export const emptySession = (id: string): SessionView => ({
  id,
  title: '',
  at: 0,
  seq: 0,
  head: null,
  to: null,
  made: null,
  deleted: false,
  arrangement: usualArrangement,
  window: usualWindow,
  forked: null,
  pinned: [],
  branchNames: {},
  nodes: {},
  queue: [],
});

/**
 * Folds one event into the view. Pure; the same function in the engine and in the window. Twice is once: an event at or
 * below `view.seq` changes nothing. Events of other sessions and unknown nodes change nothing but `seq`.
 */
export function foldSession(view: SessionView, event: Event): SessionView {
  if (event.session !== view.id || event.seq <= view.seq) return view;
  const next: SessionView = { ...view, seq: event.seq };
  switch (event.type) {
    case 'session.created':
      next.title = event.data.title;
      next.at = event.at;
      next.to = event.data.to ?? null;
      next.made = event.data.made ?? null;
      next.window = windowOf(next.made);
      next.forked = event.data.forked ?? null;
      break;
    case 'session.deleted':
      return { ...emptySession(view.id), seq: event.seq, deleted: true };
    case 'session.renamed':
      next.title = event.data.title;
      break;
    case 'session.arranged':
      next.arrangement = arranged(view.arrangement, event.data);
      break;
    case 'window.set':
      next.window = event.data.window;
      break;
    case 'node.pinned': {
      const { node, pinned } = event.data;
      const others = view.pinned.filter((each) => each !== node);
      next.pinned = pinned ? [...others, node] : others;
      break;
    }
    case 'branch.named':
      next.branchNames = named(view.branchNames, event.data);
      break;
    case 'head.moved':
      next.head = event.data.head;
      break;
    case 'queue.added':
      next.queue = [...view.queue, { id: event.data.message, text: event.data.text, to: event.data.to }];
      break;
    case 'queue.edited':
      next.queue = view.queue.map((each) =>
        each.id === event.data.message ? { id: each.id, text: event.data.text, to: event.data.to } : each,
      );
      break;
    case 'queue.removed':
      next.queue = view.queue.filter((each) => each.id !== event.data.message);
      break;
    default: {
      const node = foldNode(view.nodes, event);
      if (node === undefined) break;
      next.nodes = { ...view.nodes, [node.id]: node };
      if (event.type === 'message.added' || event.type === 'turn.requested') {
        next.head = node.id;
        next.to = node.to;
      }
    }
  }
  return next;
}

/** The node that an event makes or changes; undefined when it touches none that is here. */
export function foldNode(nodes: Readonly<Record<string, Node>>, event: Event): Node | undefined {
  if (event.type === 'message.added') {
    const { message, parent, text, to } = event.data;
    const depth = depthBelow(nodes, parent);
    return { kind: 'message', id: message, parent, depth, seq: event.seq, at: event.at, text, to };
  }
  if (event.type === 'turn.requested') return requested(event, depthBelow(nodes, event.data.parent));
  if (!('turn' in event.data)) return undefined;
  const turn = at(nodes, event.data.turn);
  if (turn?.kind !== 'turn') return undefined;
  switch (event.type) {
    case 'turn.connecting':
      return { ...turn, state: 'connecting', attempt: event.data.attempt, waiting: null };
    case 'turn.waiting': {
      const { ms, problem } = event.data;
      return { ...turn, waiting: { ms, at: event.at, problem } };
    }
    case 'turn.part': {
      const { offset, text, reasoningOffset, reasoning } = event.data;
      return {
        ...turn,
        state: 'streaming',
        waiting: null,
        text: write(turn.text, offset, text),
        reasoning: reasoning === undefined ? turn.reasoning : write(turn.reasoning, reasoningOffset ?? 0, reasoning),
      };
    }
    case 'turn.finished': {
      const { turn: _, ...end } = event.data;
      return { ...turn, ...end, waiting: null };
    }
    default:
      return undefined;
  }
}

/** Ids come from clients: what every object inherits is no node. */
const at = (nodes: Readonly<Record<string, Node>>, id: string): Node | undefined =>
  Object.hasOwn(nodes, id) ? nodes[id] : undefined;

/** Appending, the usual case, does not flatten the string. */
const write = (text: string, offset: number, piece: string) =>
  (offset === text.length ? text : text.slice(0, offset)) + piece;

/** Where a child of this node stands. */
function depthBelow(nodes: Readonly<Record<string, Node>>, parent: string | null): number | null {
  if (parent === null) return 0;
  const depth = at(nodes, parent)?.depth ?? null;
  return depth === null ? null : depth + 1;
}

/** What is absent, or undefined, stays as it is. */
export const arranged = (
  now: Arrangement,
  change: { [K in keyof Arrangement]?: Arrangement[K] | undefined },
): Arrangement => ({
  pinned: change.pinned ?? now.pinned,
  folder: change.folder === undefined ? now.folder : change.folder,
  tags: change.tags ?? now.tags,
  archived: change.archived ?? now.archived,
  trashed: change.trashed ?? now.trashed,
});

function named(names: SessionView['branchNames'], { branch, name }: EventOf<'branch.named'>['data']) {
  const { [branch]: _, ...others } = names;
  return name === null ? others : { ...others, [branch]: name };
}

function requested(event: EventOf<'turn.requested'>, depth: number | null): TurnNode {
  const { turn, parent, to, speaker, from } = event.data;
  return {
    kind: 'turn',
    id: turn,
    parent,
    depth,
    seq: event.seq,
    at: event.at,
    to,
    speaker,
    state: 'queued',
    text: from?.text ?? '',
    reasoning: from?.reasoning ?? '',
    seams: from?.seams ?? [],
    attempt: 0,
    waiting: null,
    finish: null,
    problem: null,
    usage: null,
    timing: null,
    buffered: false,
  };
}

/** From the oldest node that is here to the head: what the conversation shows, in reading order. */
export function path(view: Pick<SessionView, 'nodes' | 'head'>, head = view.head): Node[] {
  const found: Node[] = [];
  for (let id = head; id !== null; ) {
    const node = at(view.nodes, id);
    if (node === undefined) break;
    found.push(node);
    id = node.parent;
  }
  return found.reverse();
}

/** Other tries and wordings of the same step, the node itself among them, oldest first. */
export function siblings(view: Pick<SessionView, 'nodes'>, node: Node): Node[] {
  return Object.values(view.nodes)
    .filter((each) => each.parent === node.parent && each.kind === node.kind)
    .sort((a, b) => a.seq - b.seq);
}

export const runningTurns = (view: Pick<SessionView, 'nodes'>): TurnNode[] =>
  Object.values(view.nodes).filter((node): node is TurnNode => node.kind === 'turn' && isRunning(node.state));
