import type { Node } from '#shared/domain/session.ts';
import type { HistoryWindow, Speaker } from '#shared/domain/things.ts';
import type { PathPiece } from '../../../log/log.ts';
import type { SessionLog } from '../ports.ts';
import { isSaid, tellNode, tellPinned } from '../prompt.ts';
import { type Budget, summaryTokens } from './budget.ts';
import { type PathMemory, unitsOf } from './path-memory.ts';
import { type Kept, Plan } from './plan.ts';
import { type Counted, type Counter, estimate } from './tokens.ts';

export type GatherLog = Pick<SessionLog, 'pinned' | 'path' | 'nodes'>;

export interface Wanted {
  session: string;
  /** Who is to answer: others' words are told as theirs. */
  speaker: Speaker;
  /** The end of what was said before the message that is asked; null: nothing was. */
  end: string | null;
  /** The message itself, where it is a node already. */
  question: string | null;
  window: HistoryWindow;
  budget: Budget;
  /** Tokens of what is sent in any case: system text, message, the beginning of the answer. */
  fixed: number;
  /** Everything is sent, whatever the budget says. */
  whole: boolean;
}

/** What of a history is sent, with what it costs in tokens. */
export interface Gathered extends Kept {
  /** What was pinned before the first of the nodes, oldest first, and the tokens of each. */
  pinned: Node[];
  pinnedTokens: number[];
  /** Steps from the root to the first of what is sent without being pinned: that many nodes stand before it. */
  depth: number;
  /** What is not sent at all: nodes, and an estimate of their tokens; null: everything is. */
  leftOut: { messages: number; tokens: number } | null;
  /** What is left out may be told in so many tokens; 0: it is not told. */
  room: number;
  /** Nothing before this node is sent or told; null: it is not on this path. */
  since: string | null;
  /** Steps from the root to the first node that may be told. */
  begins: number;
}

/** Reads upwards from the message for as long as there is room. */
export async function gather(log: GatherLog, memory: PathMemory, counter: Counter, wanted: Wanted): Promise<Gathered> {
  const { session, end, speaker, window, budget, fixed } = wanted;
  if (end === null) return nothing;
  const path = memory.upwards(session, end);
  const [all, cut, newest] = await Promise.all([log.pinned(session, end), sinceOn(log, wanted, end), path.read()]);
  const pinnedCosts = new Map<string, number>();
  const costs = await counter.count(all.map((node) => countedPinned(node, speaker)));
  for (const [index, { id }] of all.entries()) pinnedCosts.set(id, costs[index] ?? 0);
  const most = wanted.whole ? Infinity : budget.tokens;
  const room = most - fixed - sum(pinnedCosts.values());
  const reserve = window.summary ? Math.min(summaryTokens(budget), Math.max(0, room)) : 0;
  const { since, begins } = cut;
  const plan = new Plan({ room, reserve, exchanges: window.exchanges, since, pinned: new Set(pinnedCosts.keys()) });
  if (since !== null && since === wanted.question) plan.nothingBefore();

  const pieces: PathPiece[] = [];
  for (let piece = newest; piece !== null; piece = plan.wantsMore ? await path.read() : null) {
    pieces.push(piece);
    const tokens = await counter.count(piece.nodes.map((node) => counted(node, speaker)));
    for (let index = piece.nodes.length - 1; index >= 0 && plan.wantsMore; index--)
      plan.take(piece.nodes[index] as Node, tokens[index] ?? 0);
    if (piece.nodes[0]?.parent == null) plan.reachedRoot();
  }
  memory.remember(session, pieces);

  const kept = plan.result(window.summary);
  const first = firstOf(pieces, kept);
  const pinned = all.filter(({ depth }) => depth !== null && depth < first.depth);
  const pinnedTokens = pinned.map(({ id }) => pinnedCosts.get(id) ?? 0);
  const messages = first.depth - pinned.length;
  const units = first.before - sum(pinned.map(unitsOf));
  const leftOut = messages > 0 ? { messages, tokens: estimate(Math.max(0, units)) } : null;
  const told = window.summary && leftOut !== null && kept.limit !== 'since';
  const spent = sum(kept.nodes.map(({ id }, index) => (pinnedCosts.has(id) ? 0 : (kept.tokens[index] ?? 0))));
  const free = Math.min(shortOf(leftOut?.tokens ?? 0), summaryTokens(budget), Math.max(0, room - spent));
  return { ...kept, pinned, pinnedTokens, depth: first.depth, leftOut, room: told ? free : 0, since, begins };
}

/** Longest of what is told of so many tokens: it is to be short. */
const shortOf = (tokens: number): number => Math.max(200, Math.floor(tokens / 2));

const nothing: Gathered = {
  ...{ nodes: [], tokens: [], exchanges: 1, limit: null, pinned: [], pinnedTokens: [] },
  ...{ depth: 0, leftOut: null, room: 0, since: null, begins: 0 },
};

/** Where what is kept begins, and how much text stands before it. */
function firstOf(pieces: readonly PathPiece[], { nodes }: Kept): { depth: number; before: number } {
  const id = nodes[0]?.id;
  for (const piece of pieces) {
    let { depth, before } = piece;
    for (const node of piece.nodes) {
      if (node.id === id) return { depth, before };
      depth++;
      before += unitsOf(node);
    }
    // Nothing but the message itself is sent.
    if (id === undefined) return { depth, before };
  }
  return { depth: 0, before: 0 };
}

/** A node of another branch forgets nothing on this one. */
async function sinceOn(log: GatherLog, { session, window, question }: Wanted, end: string) {
  const { since } = window;
  const nothing = { since: null, begins: 0 };
  if (since === null) return nothing;
  const { nodes } = await log.nodes(session, [since]);
  const [node] = nodes;
  if (node?.depth == null) return nothing;
  // The message of an answer was before it, so the exchange is not told at all.
  const begins = node.kind === 'turn' ? node.depth + 1 : node.depth;
  if (since === question || since === end) return { since, begins };
  const page = await log.path(session, { to: end, from: node.depth, limit: 1 });
  return page?.nodes[0]?.id === since ? { since, begins } : nothing;
}

/** Another specialist's words count with its name. */
function counted(node: Node, speaker: Speaker): Counted {
  if (!isSaid(node)) return { key: null, text: '' };
  const { role, text } = tellNode(node, speaker);
  return { key: node.kind === 'turn' && role === 'user' ? `${node.id} told` : node.id, text };
}

const countedPinned = (node: Node, speaker: Speaker): Counted => ({
  key: node.kind === 'turn' ? `${node.id} pinned ${speaker.specialist ?? speaker.model}` : node.id,
  text: isSaid(node) ? tellPinned(node, speaker).text : '',
});

export const sum = (numbers: Iterable<number>): number => {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
};
