import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '#shared/domain/events.ts';
import type { SessionView } from '#shared/domain/session.ts';
import { typeId } from './keys.ts';
import type { Log } from './log.ts';
import { migrate, migrations, nameTypes, versionOf } from './migrations.ts';
import { batch, Folder, message } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

/** A file that Choragus wrote in version 1, and what that version read in it: see `testing/fixtures/README.md`. */
const fixture = (name: string) => gunzipSync(readFileSync(new URL(`./testing/fixtures/${name}.gz`, import.meta.url)));

interface Facts {
  events: Event[];
  sessions: Record<string, SessionView | null>;
  list: { sessions: { id: string; title: string; to: unknown; last: unknown; messages: number }[] };
  unfinished: { session: string; turn: string }[];
}

async function all(log: Log, session?: string): Promise<Event[]> {
  const follower = log.follow({ ...(session !== undefined && { session }), after: 0, ready: () => {} });
  const events: Event[] = [];
  for (let page = await follower.read(100); page.length > 0; page = await follower.read(100)) events.push(...page);
  follower.close();
  return events;
}

describe('a file of version 1', () => {
  const facts = JSON.parse(fixture('version-1.json').toString()) as Facts;

  it('is read as version 1 read it: every event, every session, the list, and what ran', async () => {
    writeFileSync(folder.file, fixture('version-1.db'));
    // Before the hour after which the parts of ended turns go.
    folder.clock.advance(facts.events.at(-1)!.at - folder.clock.now());
    const log = folder.open();
    expect(log.notices).toEqual([{ message: expect.stringMatching(/^The log was updated\. A copy .*-v1-.*\.db\.$/) }]);
    expect(await all(log)).toEqual(facts.events);
    for (const [session, view] of Object.entries(facts.sessions)) {
      const now = await log.snapshot(session, 1000);
      if (view === null) expect(now).toBeNull();
      else {
        expect(now!.view).toMatchObject({ ...view, nodes: {} });
        expect(Object.keys(now!.view.nodes).sort()).toEqual(Object.keys(view.nodes).sort());
        for (const [id, node] of Object.entries(view.nodes)) expect(now!.view.nodes[id]).toMatchObject(node);
      }
    }
    expect(await log.unfinished()).toEqual(facts.unfinished);
    const { sessions } = await log.summaries({ limit: 100 });
    for (const [index, { id, title, to, last, messages }] of facts.list.sessions.entries())
      expect(sessions[index]).toMatchObject({ id, title, to, last, messages });
    await log.indexed();
    expect((await log.search('write-ahead journal', { limit: 1 })).map(({ text }) => text)).toEqual([
      'And a write-ahead journal?',
    ]);
    expect(await log.search('zanzibar', { limit: 5 })).toEqual([]);
  });

  it('goes on growing, and opens the next time without being updated again', async () => {
    writeFileSync(folder.file, fixture('version-1.db'));
    const log = folder.open();
    const { id } = facts.list.sessions[0]!;
    const [added] = await log.append(batch(id, [message('new', 'More')]));
    expect(added!.seq).toBe(facts.events.at(-1)!.seq + 1);
    await folder.close(log);
    const again = folder.open();
    expect(again.notices).toEqual([]);
    expect((await again.event(id, added!.seq))!.data).toMatchObject({ text: 'More' });
  });

  it('can give free pages back to the disk from then on, and keeps nothing of the old tables', async () => {
    writeFileSync(folder.file, fixture('version-1.db'));
    await folder.close(folder.open());
    folder.look((db) => {
      expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
      expect(db.pragma('freelist_count', { simple: true })).toBe(0);
      expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name LIKE 'old%'`).all()).toEqual([]);
    });
  });

  it('keeps events of types that it does not know, under their names', () => {
    writeFileSync(folder.file, fixture('version-1.db'));
    folder.change((db) =>
      db.exec(
        `INSERT INTO events (seq, session, type, version, at, data) VALUES (9001, 'x', 'to.come', 3, 1, '{"a":1}')`,
      ),
    );
    folder.change((db) => void migrate(db, migrations, 'now'));
    const row = folder.look((db) =>
      db
        .prepare('SELECT t.name, version, data FROM events e JOIN event_types t ON t.id = e.type WHERE seq = 9001')
        .get(),
    );
    expect(row).toEqual({ name: 'to.come', version: 3, data: '{"a":1}' });
  });
});

it('a type that was met before it was known gets its own number, and keeps its name under the old one', () => {
  const db = new SQLite(':memory:');
  for (const { up } of migrations) up(db);
  db.exec(`
    UPDATE event_types SET id = 1000001 WHERE name = 'turn.timed';
    INSERT INTO events (seq, session, type, version, at, data) VALUES (7, 1, 1000001, 1, 1, '{}');
  `);
  nameTypes(db);
  expect(db.prepare('SELECT type FROM events').pluck().all()).toEqual([typeId['turn.timed']]);
  expect(db.prepare(`SELECT id FROM event_types WHERE name = 'turn.timed' ORDER BY id`).pluck().all()).toEqual([
    typeId['turn.timed'],
    1000001,
  ]);
  db.close();
});

it('200,000 events are moved without holding them in memory', () => {
  const db = new SQLite(folder.file);
  db.pragma('journal_mode = WAL');
  migrate(db, migrations.slice(0, 1), 'before');
  db.exec(`
    CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO events (seq, session, turn, type, version, at, data)
      SELECT i, 'session-' || (i / 1000), iif(i % 4 = 0, NULL, 'turn-' || (i / 4)),
        CASE i % 4 WHEN 0 THEN 'message.added' WHEN 1 THEN 'turn.requested' WHEN 2 THEN 'turn.part' ELSE 'turn.finished' END,
        1, i, json_object('n', i, 'text', printf('%0300d', i)) FROM n;
  `);
  const before = process.memoryUsage().rss;
  migrate(db, migrations, 'now');
  // The rows are 70 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  expect(versionOf(db)).toBe(2);
  const count = db.prepare(
    'SELECT count(*) AS count, count(DISTINCT session) AS sessions, sum(seq) AS sum FROM events',
  );
  expect(count.get()).toEqual({ count: 200_000, sessions: 201, sum: (200_000 * 200_001) / 2 });
  const rows = db.prepare('SELECT seq, turn, type, data FROM events WHERE seq BETWEEN 4000 AND 4003').all();
  const types = ['message.added', 'turn.requested', 'turn.part', 'turn.finished'] as const;
  expect(rows).toEqual(
    types.map((type, index) => ({
      seq: 4000 + index,
      turn: index === 0 ? null : 4001,
      type: typeId[type],
      data: JSON.stringify({ n: 4000 + index, text: String(4000 + index).padStart(300, '0') }),
    })),
  );
  db.close();
}, 60_000);
