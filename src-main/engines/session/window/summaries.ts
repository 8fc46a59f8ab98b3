import type { EventData } from '#shared/domain/events.ts';
import type { Node } from '#shared/domain/session.ts';
import type { SessionLog } from '../ports.ts';
import { tellSummary } from '../prompt.ts';
import type { Gathered } from './gather.ts';
import { pick } from './picks.ts';
import type { Counter } from './tokens.ts';

/** Nodes that are read on the spot of what is not in a summary yet: its first ones, and its newest. */
const FIRST = 6;
const NEWEST = 12;
/** A summary tells ahead of so many exchanges that are still sent, so that it is not made anew for every message. */
const AHEAD = 8;
/** In less room nothing can be told. */
const LEAST_TOKENS = 40;

export type SummaryLog = Pick<SessionLog, 'summaryOn' | 'path' | 'up'>;
export type Summary = EventData<'history.summarized'>;

/** A summary that holds on a path, and the steps from the root to the newest node that it tells of. */
export interface Holding {
  data: Summary;
  depth: number;
}

/** The newest one on the path to `end` that tells exactly of what the history window wants told. */
export async function holdingOn(
  log: SummaryLog,
  session: string,
  end: string,
  since: string | null,
): Promise<Holding | null> {
  const found = await log.summaryOn(session, end);
  return found !== null && (found.data.since ?? null) === since ? found : null;
}

/** What is told of a history that was left out, its tokens, and whether it has to be kept first. */
export interface InShort {
  data: Summary;
  tokens: number;
  isNew: boolean;
}

/**
 * The summary that goes along: the one that is there, or, where that does not reach far enough, sentences picked then
 * and there, so that what is promised holds for every turn. Reads a few nodes at most, however much was left out. Null:
 * nothing is to be told.
 */
export async function inShort(
  log: SummaryLog,
  counter: Counter,
  where: { session: string; end: string; newId: () => string },
  gathered: Gathered,
): Promise<InShort | null> {
  const { session, end, newId } = where;
  const { room, depth, since } = gathered;
  if (room < LEAST_TOKENS) return null;
  const holding = await holdingOn(log, session, end, since);
  if (holding !== null && holding.depth >= depth - 1) {
    const tokens = await tokensOf(counter, holding.data.text, holding.data.summary);
    if (tokens <= room) return { data: holding.data, tokens, isNew: false };
  }
  const from = holding === null ? gathered.begins : holding.depth + 1;
  const missing = await missingOf(log, where, from, gathered);
  const ahead = aheadOf(gathered);
  const { text, tokens } = await fitting(counter, room, (units) =>
    pick(holding?.data.text ?? null, [...missing.nodes, ...ahead], units),
  );
  if (text === '') return null;
  const upTo = missing.whole ? (ahead.at(-1) ?? missing.nodes.at(-1))?.id : missing.last?.id;
  const data: Summary = {
    summary: newId(),
    upTo: upTo ?? holding?.data.upTo ?? end,
    after: holding?.data.summary ?? null,
    text,
    ...(since === null ? {} : { since }),
    by: null,
  };
  return { data, tokens, isNew: true };
}

/** Ends of the exchanges that are still sent, which a summary may tell already. */
export function aheadOf({ nodes }: Pick<Gathered, 'nodes'>): Node[] {
  const begins = nodes.flatMap(({ kind }, index) => (kind === 'message' ? [index] : []));
  return nodes.slice(0, begins[AHEAD] ?? nodes.length);
}

/** Nodes between a summary and the history that is sent; `whole`: all of them, otherwise up to `last` without a gap. */
async function missingOf(
  log: SummaryLog,
  { session, end }: { session: string; end: string },
  from: number,
  { depth, nodes }: Gathered,
): Promise<{ nodes: Node[]; whole: boolean; last: Node | undefined }> {
  const count = depth - from;
  if (count <= 0) return { nodes: [], whole: true, last: undefined };
  const read = async (start: number, limit: number) =>
    (await log.path(session, { to: end, from: start, limit }))?.nodes ?? [];
  if (count <= FIRST + NEWEST) {
    const all = await read(from, count);
    return { nodes: all, whole: true, last: all.at(-1) };
  }
  const above = nodes[0]?.parent ?? end;
  const [first, newest] = await Promise.all([read(from, FIRST), log.up(session, above, NEWEST)]);
  return { nodes: [...first, ...newest.nodes], whole: false, last: first.at(-1) };
}

/** The longest text that fits; for a language with many tokens per sign it is made once more, shorter. */
export async function fitting(
  counter: Counter,
  room: number,
  make: (units: number) => string,
): Promise<{ text: string; tokens: number }> {
  let units = 4 * (room - 10);
  for (;;) {
    const text = make(units);
    const tokens = await tokensOf(counter, text, null);
    if (tokens <= room || text === '') return { text, tokens };
    units = Math.floor((units * room * 0.9) / tokens);
    if (units < LEAST_TOKENS) return { text: '', tokens: 0 };
  }
}

async function tokensOf(counter: Counter, text: string, key: string | null): Promise<number> {
  const [tokens = 0] = await counter.count([{ key, text: tellSummary(text) }]);
  return tokens;
}
