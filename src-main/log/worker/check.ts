import SQLite, { type Database } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import { type Block, Bodies } from '../bodies.ts';
import { type Packed, unpacked } from '../ids.ts';
import { Keys, typeId } from '../keys.ts';
import { Rows } from '../rows.ts';
import { Running } from '../running.ts';
import { decodeSpan } from '../search-tables.ts';
import { isDamage } from '../storage.ts';
import { breathe, type Order, type Work } from './order.ts';

/** Events that are looked at between two looks at what else there is to do. */
const PAGE = 256;
/** Of each kind so many findings are told; who has more knows enough. */
const TOLD = 20;

/** Parts stand in no table. */
const wanted: ReadonlySet<string> = new Set(Object.keys(typeId).filter((type) => type !== 'turn.part'));

/** See `Log.check`. */
export const check: Order<null, string[]> = ({ path }) => {
  return (_, work) => checkLog(path, work);
};

/**
 * What is wrong with the log file `path`, one sentence each: pages, blocks and events that cannot be read, and tables
 * that do not say what the events say. As of one moment; others may go on writing.
 */
export async function checkLog(path: string, work: Work): Promise<string[]> {
  const db = new SQLite(path, { fileMustExist: true });
  try {
    db.pragma('query_only = 1');
    db.exec('BEGIN');
    const found = new Findings();
    await checkPages(db, found, work);
    // What lies on damaged pages says nothing about the rest.
    if (found.none) await checkBlocks(db, found, work);
    if (found.none) await checkTables(db, found, work);
    return found.sentences();
  } catch (error) {
    if (isDamage(error)) return [`The file is damaged: ${(error as Error).message}.`];
    throw error;
  } finally {
    db.close();
  }
}

class Findings {
  readonly #found: string[] = [];
  #more = 0;

  add(sentence: string): void {
    if (this.#found.length < TOLD) this.#found.push(sentence);
    else this.#more++;
  }

  get none(): boolean {
    return this.#found.length === 0;
  }

  sentences(): string[] {
    return this.#more === 0 ? this.#found : [...this.#found, `There are ${this.#more} more findings.`];
  }
}

/** Table by table, so that it can be stopped. */
async function checkPages(db: Database, found: Findings, work: Work): Promise<void> {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const table of tables) {
    await breathe(work);
    for (const said of integrity(db, table))
      if (said !== 'ok') found.add(`The table ${table} is damaged: ${said.split('\n')[0]}.`);
  }
}

function integrity(db: Database, table: string): string[] {
  try {
    return (db.pragma(`integrity_check('${table}')`) as { integrity_check: string }[]).map(
      ({ integrity_check }) => integrity_check,
    );
  } catch (error) {
    if (isDamage(error)) return [(error as Error).message];
    throw error;
  }
}

async function checkBlocks(db: Database, found: Findings, work: Work): Promise<void> {
  const bodies = new Bodies(db);
  const next = db.prepare<[number], Block & { events: number }>(
    'SELECT id, session, first, last, events FROM blocks WHERE id > ? ORDER BY id LIMIT 1',
  );
  for (let block = next.get(-1); block !== undefined; block = next.get(block.id)) {
    await breathe(work);
    const { id, first, last, events } = block;
    try {
      const rows = bodies.rows(block);
      if (rows.size !== events || !rows.has(first) || !rows.has(last))
        found.add(`Block ${id} does not hold the ${events} events from ${first} to ${last}.`);
    } catch {
      found.add(`Block ${id} cannot be read, and with it ${events} events from ${first} to ${last}.`);
    }
  }
}

/** What the events say of a session. */
interface Said {
  nodes: number;
  head: string | null;
  completion: boolean;
}

async function checkTables(db: Database, found: Findings, work: Work): Promise<void> {
  const keys = new Keys(db);
  const silent = () => {};
  const unreadable = ({ seq }: Record<string, unknown>) => found.add(`Event ${seq} cannot be read.`);
  const rows = new Rows(db, { info: silent, warn: silent, error: unreadable }, new Running(db, keys), keys);
  const filled = (name: string) =>
    db.prepare<[string], number | null>('SELECT seq FROM projections WHERE name = ?').pluck().get(name);
  const total = db.prepare<[], number>('SELECT coalesce(sum(messages), 0) FROM sessions').pluck().get() ?? 0;
  const texts = indexed(db);
  const upTo = filled('search') ?? 0;
  const said = new Map<string, Said>();
  let [messages, missing] = [0, 0];
  for (let after = 0; ; ) {
    await breathe(work);
    const { events, seq, end } = rows.page(undefined, wanted, after, PAGE);
    for (const event of events) {
      say(said, event);
      if (event.type === 'message.added') messages++;
      if (isText(event) && event.seq <= upTo && said.get(event.session)?.completion === false && !texts.has(event.seq))
        missing++;
    }
    work.progress(Math.min(messages, total), total);
    if (end) break;
    after = seq;
  }
  if (missing > 0) found.add(`The search does not know ${missing} messages.`);
  // Tables that are being filled anew say nothing yet.
  if (filled('tree') === null) compare(db, said, found);
}

const isText = (event: Event) =>
  (event.type === 'message.added' || event.type === 'turn.finished') && event.data.text !== '';

function say(said: Map<string, Said>, event: Event): void {
  const { session, type, data } = event;
  if (type === 'session.created')
    said.set(session, { nodes: 0, head: null, completion: data.made?.by === 'completion' });
  if (type === 'session.deleted') said.delete(session);
  const now = said.get(session);
  if (now === undefined) return;
  if (type === 'message.added' || type === 'turn.requested') now.nodes++;
  if (type === 'message.added') now.head = data.message;
  if (type === 'turn.requested') now.head = data.turn;
  if (type === 'head.moved') now.head = data.head;
}

function compare(db: Database, said: ReadonlyMap<string, Said>, found: Findings): void {
  const rows = db
    .prepare<[], { id: Packed; head: Packed | null; nodes: number; title: string }>(
      'SELECT id, head, title, (SELECT count(*) FROM nodes n WHERE n.session = s.key) AS nodes FROM sessions s',
    )
    .all();
  const there = new Map(rows.map((row) => [unpacked(row.id), row]));
  for (const [session, { nodes, head }] of said) {
    const row = there.get(session);
    if (row === undefined) found.add(`The session ${session} is in no list, although its events are there.`);
    else if (row.nodes !== nodes)
      found.add(`The session ${session} has ${nodes} messages and answers, and its table has ${row.nodes}.`);
    else if ((row.head === null ? null : unpacked(row.head)) !== head)
      found.add(`The session ${session} shows another branch than its events say.`);
  }
  for (const session of there.keys())
    if (!said.has(session)) found.add(`The session ${session} is in a list, although its events are gone.`);
}

/** Sequences of all texts that the search knows. */
function indexed(db: Database): Set<number> {
  const found = new Set<number>();
  const spans = db.prepare<[], { first: number; texts: Buffer }>('SELECT first, texts FROM search_spans');
  for (const { first, texts } of spans.iterate()) for (const { seq } of decodeSpan(first, texts)) found.add(seq);
  return found;
}
