import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { type EventData, type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import type { Batch, Log } from '../log.ts';
import { type Migration, migrations } from '../migrations.ts';
import { type LogOptions, openLog } from '../open.ts';

/** A data folder of its own for each test, with logs that are closed at the end. */
export class Folder {
  readonly dir = mkdtempSync(join(tmpdir(), 'choragus-log-'));
  readonly clock: FakeClock = fakeClock();
  readonly #open = new Set<Log>();

  open(options: Partial<LogOptions> = {}): Log {
    const log = openLog({ dir: this.dir, clock: this.clock, random: Math.random, ...options });
    this.#open.add(log);
    return log;
  }

  get file(): string {
    return join(this.dir, 'choragus.db');
  }

  /** Another connection to the same file: sees only what is committed, hot events also by names (`named_events`). */
  look<T>(work: (db: Database) => T): T {
    const db = new SQLite(this.file, { readonly: true });
    try {
      withNames(db);
      return work(db);
    } finally {
      db.close();
    }
  }

  /** Changes the file behind the log's back; no log may be open. */
  change(work: (db: Database) => void): void {
    const db = new SQLite(this.file);
    try {
      withNames(db);
      work(db);
    } finally {
      db.close();
    }
  }

  /** Spoils a page in the middle of a table; no log may be open. */
  damage(table: string): void {
    const page = this.look((db) => {
      const pages = db
        .prepare<[string], number>(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path`)
        .pluck()
        .all(table);
      return pages[Math.floor(pages.length / 2)]!;
    });
    const bytes = readFileSync(this.file);
    bytes.fill(0xff, (page - 1) * 4096, page * 4096);
    writeFileSync(this.file, bytes);
  }

  async close(log: Log): Promise<void> {
    this.#open.delete(log);
    await log.close();
  }

  async remove(): Promise<void> {
    for (const log of this.#open) await log.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function withNames(db: Database): void {
  if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'event_types'`).get() === undefined) return;
  db.exec(`
    CREATE TEMP VIEW named_events AS
    SELECT e.seq, s.id AS session, t.name AS type, e.version, e.at, e.data FROM main.events e
    JOIN main.session_ids s ON s.key = e.session JOIN main.event_types t ON t.id = e.type
  `);
}

/** The log's own connection, for tests that look at it or make its life hard: handed over by the last migration. */
export function withConnection(): { migrations: Migration[]; db: () => Database } {
  const version = Math.max(...migrations.map((each) => each.version)) + 1;
  const last: Migration = { version, up: (db) => void Object.assign(holder, { db }) };
  const holder: { db?: Database } = {};
  return { migrations: [...migrations, last], db: () => holder.db! };
}

export const batch = (session: string, events: NewEvent[], more: Partial<Batch> = {}): Batch => ({
  session,
  events,
  durable: false,
  ...more,
});

export const created = (title = 'A session'): NewEvent => ({ type: 'session.created', data: { title } });

export const message = (message: string, text: string, parent: string | null = null): NewEvent => ({
  type: 'message.added',
  data: { message, parent, text, to: { specialist: 'editor' } },
});

export const requested = (turn: string, parent: string): NewEvent => ({
  type: 'turn.requested',
  data: {
    turn,
    parent,
    to: { specialist: 'editor' },
    speaker: { name: 'Editor', provider: 'simulator', providerName: 'Simulator', model: 'fluent', offline: false },
  },
});

export const part = (turn: string, offset: number, text: string): NewEvent => ({
  type: 'turn.part',
  data: { turn, offset, text },
});

export const finished = (turn: string, text: string, more: Partial<EventData<'turn.finished'>> = {}): NewEvent => ({
  type: 'turn.finished',
  data: {
    turn,
    state: 'done',
    text,
    reasoning: '',
    seams: [],
    finish: 'stop',
    problem: null,
    usage: null,
    timing: null,
    buffered: false,
    ...more,
  },
});

export const observed = (model: string): Batch =>
  batch(SYSTEM, [{ type: 'model.observed', data: { provider: 'simulator', model, streams: false } }]);
