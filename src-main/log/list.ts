import type { Database, Statement } from 'better-sqlite3';
import type { SessionFilter, SessionSort, SessionSummary } from '#shared/domain/summary.ts';
import type { Background } from './background.ts';
import { type Packed, packed, unpacked } from './ids.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import { arrangementOf } from './read.ts';
import type { Running } from './running.ts';
import { places, sortable, stateOf } from './tree-tables.ts';

interface Row {
  key: number;
  id: Packed;
  place: number;
  title: string;
  sort_title: string;
  created_at: number;
  updated_at: number;
  messages: number;
  units: number;
  made_by: string | null;
  forked: Packed | null;
  pinned: number;
  folder: string | null;
  tags: string | null;
  archived: number;
  trashed_at: number | null;
  target: number | null;
  speaker: number | null;
  last_turn: number | null;
}

/** After which row a page begins, in the order of its index. */
type After = [value: number | string, id: Packed];

/** Rows looked at in one slice. */
const SLICE = 400;
/** Distinct targets and speakers that are kept ready. */
const KEPT = 1000;

const ROW = `key, id, place, title, sort_title, created_at, updated_at, messages, units, made_by, forked, pinned, folder,
  tags, archived, trashed_at, target, speaker, last_turn`;

const orders: Record<SessionSort, { by: keyof Row; start: After; sql: string }> = {
  updated: {
    by: 'updated_at',
    start: [Number.MAX_SAFE_INTEGER, ''],
    sql: '(updated_at, id) < (?, ?) ORDER BY updated_at DESC, id DESC',
  },
  created: {
    by: 'created_at',
    start: [Number.MAX_SAFE_INTEGER, ''],
    sql: '(created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC',
  },
  title: { by: 'sort_title', start: ['', ''], sql: '(sort_title, id) > (?, ?) ORDER BY sort_title, id' },
};

export interface SessionListParts {
  keys: Keys;
  running: Running;
  background: Background;
}

/**
 * The list of sessions, its pages and its groups. A page without a filter is read from an index; what must be looked
 * for is looked for in slices.
 */
export class SessionList {
  readonly #parts: SessionListParts;
  readonly #one: Statement<[number], Row>;
  readonly #pages: Record<SessionSort, Statement<[number, number | string, Packed, number], Row>>;
  readonly #oldest: Statement<[number, number, Packed, number, number], Row & { since: number }>;
  readonly #answered: Statement<[number, string], number>;
  readonly #turn: Statement<[number, number], number | null>;
  readonly #shared: Statement<[number], string>;
  readonly #folders: Statement<[], { name: string; sessions: number }>;
  readonly #tagged: Statement<[number], { key: number; place: number | null; tags: string }>;
  readonly #count: Statement<[number], number>;
  readonly #inFolder: Statement<[string], Packed>;
  readonly #trashed: Statement<[number], Packed>;
  readonly #sums: Statement<
    [number],
    { rows: number; sessions: number; messages: number; units: number; last: number }
  >;
  readonly #oldCompletions: Statement<[number], Packed>;
  readonly #ready = new Map<number, unknown>();

  constructor(db: Database, parts: SessionListParts) {
    this.#parts = parts;
    this.#one = db.prepare(`SELECT ${ROW} FROM sessions WHERE key = ? AND place IS NOT NULL`);
    const page = (sort: SessionSort) =>
      db.prepare<[number, number | string, Packed, number], Row>(
        `SELECT ${ROW} FROM sessions WHERE place = ? AND ${orders[sort].sql} LIMIT ?`,
      );
    this.#pages = { updated: page('updated'), created: page('created'), title: page('title') };
    this.#oldest = db.prepare(
      `SELECT ${ROW}, max(updated_at, coalesce((SELECT j.at FROM jobs j WHERE j.key = s.job), 0)) AS since
       FROM sessions s WHERE place = ? AND (updated_at, id) > (?, ?) AND updated_at < ? ORDER BY updated_at, id LIMIT ?`,
    );
    this.#answered = db
      .prepare<[number, string], number>('SELECT 1 FROM answered WHERE session = ? AND specialist = ?')
      .pluck();
    this.#turn = db
      .prepare<[number, number], number | null>('SELECT state FROM nodes WHERE session = ? AND seq = ?')
      .pluck();
    this.#shared = db.prepare<[number], string>('SELECT json FROM shared WHERE key = ?').pluck();
    this.#folders = db.prepare(
      `SELECT folder AS name, count(*) AS sessions FROM sessions
       WHERE folder IS NOT NULL AND folder > '' AND place < ${places.trash} GROUP BY folder`,
    );
    this.#tagged = db.prepare(
      `SELECT key, place, tags FROM sessions WHERE tags IS NOT NULL AND key > ? ORDER BY key LIMIT ${SLICE}`,
    );
    this.#count = db.prepare<[number], number>('SELECT count(*) FROM sessions WHERE place = ?').pluck();
    this.#inFolder = db
      .prepare<[string], Packed>('SELECT id FROM sessions WHERE folder = ? AND place IS NOT NULL')
      .pluck();
    this.#trashed = db
      .prepare<[number], Packed>(
        'SELECT id FROM sessions WHERE trashed_at < ? AND place IS NOT NULL ORDER BY trashed_at',
      )
      .pluck();
    this.#sums = db.prepare(
      `SELECT count(*) AS rows, count(place) AS sessions, coalesce(sum(messages) FILTER (WHERE place IS NOT NULL), 0) AS messages,
         coalesce(sum(units) FILTER (WHERE place IS NOT NULL), 0) AS units, coalesce(max(key), 0) AS last
       FROM (SELECT key, place, messages, units FROM sessions WHERE key > ? ORDER BY key LIMIT ${SLICE})`,
    );
    this.#oldCompletions = db
      .prepare<[number], Packed>(
        `SELECT id FROM sessions WHERE made_by = 'completion' AND updated_at < ? ORDER BY updated_at LIMIT 100`,
      )
      .pluck();
  }

  async page({ filter = {}, sort = 'updated', before, limit, only }: Parameters<Log['summaries']>[0]) {
    if (only !== undefined) {
      const key = this.#parts.keys.of(only);
      const row = key === undefined ? undefined : this.#one.get(key);
      return { sessions: row === undefined ? [] : [this.#summary(row)], more: false };
    }
    const place = filter.trashed ? places.trash : filter.archived ? places.archive : places.list;
    const { by, start } = orders[sort];
    let after: After = start;
    if (before !== undefined)
      after = [sort === 'title' ? sortable(before.title ?? '') : before.updatedAt, packed(before.id)];
    const wanted = this.#wanted(filter);
    const size = wanted === undefined ? limit + 1 : SLICE;
    const found: Row[] = [];
    await this.#slices(() => {
      const rows = this.#pages[sort].all(place, ...after, size);
      for (const row of rows) if (found.length <= limit && (wanted?.(row) ?? true)) found.push(row);
      const last = rows.at(-1);
      if (last !== undefined) after = [last[by] as number | string, last.id];
      return rows.length === size && found.length <= limit;
    });
    return { sessions: found.slice(0, limit).map((row) => this.#summary(row)), more: found.length > limit };
  }

  async groups(): ReturnType<Log['groups']> {
    const tags = new Map<string, number>();
    let key = 0;
    await this.#slices(() => {
      const rows = this.#tagged.all(key);
      for (const row of rows)
        if (row.place !== null && row.place < places.trash)
          for (const tag of new Set<string>(JSON.parse(row.tags))) tags.set(tag, (tags.get(tag) ?? 0) + 1);
      key = rows.at(-1)?.key ?? key;
      return rows.length === SLICE;
    });
    const named = [...tags].map(([name, sessions]) => ({ name, sessions })).sort(byName);
    const [archived, trashed] = [places.archive, places.trash].map((place) => this.#count.get(place)!);
    return { folders: this.#folders.all().sort(byName), tags: named, archived: archived!, trashed: trashed! };
  }

  inFolder(folder: string): string[] {
    return this.#inFolder.all(folder).map(unpacked);
  }

  trashedBefore(before: number): string[] {
    return this.#trashed.all(before).map(unpacked);
  }

  async unused({ before = Number.MAX_SAFE_INTEGER, limit }: Parameters<Log['unused']>[0]): ReturnType<Log['unused']> {
    let found: (Row & { since: number })[] = [];
    for (const place of Object.values(places)) {
      let after: [number, Packed] = [Number.MIN_SAFE_INTEGER, ''];
      await this.#slices(() => {
        const rows = this.#oldest.all(place, ...after, before, SLICE);
        for (const row of rows) if (row.pinned === 0 && row.since < before) found.push(row);
        if (found.length >= limit) found = found.sort(bySince).slice(0, limit);
        const last = rows.at(-1);
        if (last === undefined || rows.length < SLICE) return false;
        after = [last.updated_at, last.id];
        // What was used after the last of as many as are wanted is none of them.
        return found.length < limit || last.updated_at <= found.at(-1)!.since;
      });
    }
    found.sort(bySince);
    const unused: { session: SessionSummary; since: number }[] = [];
    await this.#slices(() => {
      for (const row of found.slice(unused.length, unused.length + SLICE))
        unused.push({ session: this.#summary(row), since: row.since });
      return unused.length < found.length;
    });
    return unused;
  }

  async totals(): ReturnType<Log['totals']> {
    const totals = { sessions: 0, messages: 0, units: 0 };
    let key = 0;
    await this.#slices(() => {
      const { rows, last, sessions, messages, units } = this.#sums.get(key)!;
      totals.sessions += sessions;
      totals.messages += messages;
      totals.units += units;
      key = last;
      return rows === SLICE;
    });
    return totals;
  }

  oldCompletions(before: number): string[] {
    return this.#oldCompletions.all(before).map(unpacked);
  }

  /** Undefined: every row is. */
  #wanted(filter: Partial<SessionFilter>): ((row: Row) => boolean) | undefined {
    const { pinned, folder, tag, specialist, by } = filter;
    const title = filter.title?.toLowerCase() || undefined;
    const rules: ((row: Row) => boolean)[] = [];
    if (pinned !== undefined) rules.push((row) => (row.pinned === 1) === pinned);
    if (folder !== undefined) rules.push((row) => row.folder === folder);
    if (by !== undefined) rules.push((row) => (row.made_by === 'program') === (by === 'program'));
    if (tag !== undefined) rules.push((row) => row.tags !== null && JSON.parse(row.tags).includes(tag));
    if (title !== undefined) rules.push((row) => row.title.toLowerCase().includes(title));
    if (specialist !== undefined) rules.push((row) => this.#answered.get(row.key, specialist) !== undefined);
    return rules.length === 0 ? undefined : (row) => rules.every((rule) => rule(row));
  }

  /** The first at once, since mostly there is no other. */
  async #slices(step: () => boolean): Promise<void> {
    if (step()) await this.#parts.background.run(step);
  }

  #summary(row: Row): SessionSummary {
    const turn = row.last_turn === null ? undefined : this.#turn.get(row.key, row.last_turn);
    const streams = row.last_turn !== null && this.#parts.running.streamsAt(row.last_turn);
    const state = streams ? 'streaming' : stateOf(turn ?? null);
    return {
      id: unpacked(row.id),
      title: row.title,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      messages: row.messages,
      to: this.#common<SessionSummary['to']>(row.target),
      last: state === null || row.speaker === null ? null : { speaker: this.#common(row.speaker)!, state },
      arrangement: arrangementOf(row),
      trashedAt: row.trashed_at,
      units: row.units,
      forked: row.forked === null ? null : unpacked(row.forked),
    };
  }

  /** What many sessions have in common, which is read once. */
  #common<T>(key: number | null): T | null {
    if (key === null) return null;
    let value = this.#ready.get(key);
    if (value === undefined) {
      if (this.#ready.size >= KEPT) this.#ready.clear();
      value = JSON.parse(this.#shared.get(key)!);
      this.#ready.set(key, value);
    }
    return value as T;
  }
}

const bySince = (a: { since: number }, b: { since: number }) => a.since - b.since;
const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, 'en');
