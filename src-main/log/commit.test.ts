import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { type Deferred, StaleVersion } from './log.ts';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const rows = () =>
  folder.look((db) =>
    db.prepare<[], { seq: number; type: string }>('SELECT seq, type FROM named_events ORDER BY seq').all(),
  );

/** Gives each of its texts as one part. */
class Source implements Deferred {
  readonly session = 's';
  readonly written: Event[] = [];
  readonly failures: unknown[] = [];
  asked = 0;
  #offset = 0;
  text = '';

  drain(): NewEvent | null {
    this.asked++;
    if (this.text === '') return null;
    const event = part('t', this.#offset, this.text);
    this.#offset += this.text.length;
    this.text = '';
    return event;
  }
  committed(event: Event): void {
    this.written.push(event);
  }
  failed(error: unknown): void {
    this.failures.push(error);
  }
}

test('what one turn of the event loop appends is one transaction', async () => {
  let commits = 0;
  const log = folder.open({ beforeCommit: () => commits++ });
  const appended = Array.from({ length: 50 }, (_, index) => log.append(batch(`s${index}`, [created()])));
  await Promise.all(appended);
  expect(commits).toBe(1);
  await log.append(batch('s0', [message('m', 'Hello')]));
  expect(commits).toBe(2);
});

test('nothing is answered, told or readable before the commit', async () => {
  let commit = () => {};
  const seen: string[] = [];
  const log = folder.open({
    endOfTurn: (run) => {
      commit = run;
    },
    beforeCommit: () => seen.push(`before the commit: ${rows().length} rows, position ${log.position}`),
  });
  const follower = log.follow({ session: 's', after: 0, ready: () => seen.push(`told: ${rows().length} rows`) });
  const source = new Source();
  source.text = 'Hi';
  const append = log.append(batch('s', [created(), message('m', 'Hello')])).then(() => seen.push('answered'));
  log.defer(source);

  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(await follower.read(10)).toEqual([]);
  expect([seen, rows(), source.asked]).toEqual([[], [], 0]);

  commit();
  expect(seen).toEqual(['before the commit: 0 rows, position 0', 'told: 3 rows']);
  expect(source.written).toHaveLength(1);
  await append;
  expect(await follower.read(10)).toHaveLength(3);
});

test('a followed event is a committed row, always', async () => {
  const log = folder.open();
  const sequences: number[] = [];
  let told = 0;
  const follower = log.follow({ session: 's', after: 0, ready: () => told++ });
  const source = new Source();
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  for (let round = 0; round < 50; round++) {
    source.text = `piece ${round} `;
    log.defer(source);
    await new Promise(setImmediate);
    for (const event of await follower.read(10)) {
      const [row] = rows().filter(({ seq }) => seq === event.seq);
      expect(row?.type).toBe(event.type);
      sequences.push(event.seq);
    }
  }
  expect(sequences).toEqual(rows().map(({ seq }) => seq));
  expect(told).toBe(51);
});

test('a group is written in the order of the calls, one row for each source', async () => {
  const log = folder.open();
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  const source = new Source();
  const connecting = log.append(batch('s', [{ type: 'turn.connecting', data: { turn: 't', attempt: 1 } }]));
  for (const piece of ['one ', 'two ', 'three']) {
    source.text += piece;
    log.defer(source);
  }
  const end = log.append(batch('s', [finished('t', 'one two three')], { durable: true }));
  await Promise.all([connecting, end]);
  expect(source.written.map((event) => event.data)).toEqual([{ turn: 't', offset: 0, text: 'one two three' }]);
  expect(rows().map(({ type }) => type)).toEqual([
    'session.created',
    'message.added',
    'turn.requested',
    'turn.connecting',
    'turn.part',
    'turn.finished',
  ]);
});

test('a source with nothing to say writes no row and is told nothing', async () => {
  const log = folder.open();
  const source = new Source();
  log.defer(source);
  await new Promise(setImmediate);
  expect([source.asked, source.written, source.failures, rows()]).toEqual([1, [], [], []]);
});

test('a batch for another version of the session falls alone', async () => {
  const log = folder.open();
  const [first] = await log.append(batch('s', [created()], { expected: 0 }));
  const source = new Source();
  source.text = 'A piece';
  log.defer(source);
  const results = await Promise.allSettled([
    log.append(batch('s', [message('m1', 'One')], { expected: first!.seq })),
    log.append(batch('s', [message('m2', 'Two')], { expected: first!.seq })),
    log.append(batch('other', [created()], { expected: 0 })),
  ]);
  expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(StaleVersion);
  expect([source.asked, source.written.length]).toEqual([1, 1]);
  expect(rows().map(({ type }) => type)).toEqual(['session.created', 'turn.part', 'message.added', 'session.created']);
});

test('what a turn tells on its way does not change the version', async () => {
  const log = folder.open();
  const events = await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  const expected = events.at(-1)!.seq;
  const track = { type: 'turn.timed' as const, data: { turn: 't', track: [] } };
  await log.append(
    batch('s', [{ type: 'turn.connecting', data: { turn: 't', attempt: 1 } }, part('t', 0, 'a'), track]),
  );
  expect((await log.shape('s'))!.version).toBe(expected);
  await log.append(batch('s', [finished('t', 'a')], { expected }));
});

test('a session without a beginning has a version too', async () => {
  const log = folder.open();
  const event: NewEvent = { type: 'provider.removed', data: { provider: 'p' } };
  const [first] = await log.append(batch('system', [event], { expected: 0 }));
  await expect(log.append(batch('system', [event], { expected: 0 }))).rejects.toBeInstanceOf(StaleVersion);
  await log.append(batch('system', [event], { expected: first!.seq }));
});

test('a node id that is taken is refused, and the rest of the group is written', async () => {
  const log = folder.open();
  await log.append(batch('s', [created(), message('m', 'Hello')]));
  const results = await Promise.allSettled([
    log.append(batch('s', [{ type: 'session.renamed', data: { title: 'New' } }, message('m', 'Again')])),
    log.append(batch('s', [message('n', 'Another')])),
  ]);
  expect(results.map((each) => each.status)).toEqual(['rejected', 'fulfilled']);
  expect((results[0] as PromiseRejectedResult).reason).toMatchObject({ code: 'CONFLICT' });
  const { view } = (await log.snapshot('s', 10))!;
  expect([view.title, Object.keys(view.nodes)]).toEqual(['A session', ['m', 'n']]);
});

test('user messages and ends are synced to the disk, parts are not', async () => {
  const modes: unknown[] = [];
  const { migrations, db } = withConnection();
  const log = folder.open({
    migrations,
    beforeCommit: () => modes.push(db().pragma('synchronous', { simple: true })),
  });
  await log.append(batch('s', [created()], { durable: true }));
  await log.append(batch('s', [part('t', 0, 'a')]));
  await Promise.all([
    log.append(batch('s', [part('t', 1, 'b')])),
    log.append(batch('s', [finished('t', 'ab')], { durable: true })),
  ]);
  expect(modes).toEqual([2, 1, 2]);
});

test('a full disk is told to everybody in the group, and the log goes on when there is room again', async () => {
  const { migrations, db } = withConnection();
  const log = folder.open({ migrations });
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  let told = 0;
  const follower = log.follow({ session: 's', after: log.position, ready: () => told++ });

  db().pragma(`max_page_count = ${db().pragma('page_count', { simple: true })}`);
  const [source, later, silent] = [new Source(), new Source(), new Source()];
  source.text = 'A piece';
  later.text = 'Not asked before the disk was full';
  log.defer(source);
  const group = [
    log.append(batch('s', [message('long', 'x'.repeat(100_000))])),
    log.append(batch('s', [{ type: 'session.renamed', data: { title: 'Short' } }])),
  ];
  log.defer(later);
  log.defer(silent);
  const results = await Promise.allSettled(group);
  for (const result of results) {
    const { reason } = result as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Problem);
    expect(reason).toMatchObject({ code: 'STORAGE', message: 'The disk with the log is full.' });
    expect(reason.next).toMatch(/^Free some space/);
  }
  for (const each of [source, later]) expect(each.failures).toEqual([expect.objectContaining({ code: 'STORAGE' })]);
  expect([silent.asked, silent.failures]).toEqual([1, []]);
  expect([told, await follower.read(10), rows().length]).toEqual([0, [], 3]);
  expect((await log.snapshot('s', 10))!.view.title).toBe('A session');

  db().pragma('max_page_count = 1000000');
  source.text = 'A piece';
  log.defer(source);
  await log.append(batch('s', [message('long', 'x'.repeat(100_000))]));
  expect((await follower.read(10)).map((event) => event.type)).toEqual(['turn.part', 'message.added']);
});

test('a commit that fails at its last step leaves nothing behind', async () => {
  let broken = false;
  const log = folder.open({
    beforeCommit: () => {
      if (broken) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    },
  });
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  broken = true;
  await expect(log.append(batch('s', [part('t', 0, 'a')]))).rejects.toMatchObject({ code: 'STORAGE' });
  expect(rows()).toHaveLength(3);
  broken = false;
  await log.append(batch('s', [part('t', 0, 'b')]));
  expect((await log.snapshot('s', 10))!.view.nodes.t).toMatchObject({ state: 'streaming', text: 'b' });
  expect((await log.shape('s'))!.nodes.get('t')!.state).toBe('streaming');
});

test('a source that fails harms only itself', async () => {
  const told: string[] = [];
  const quiet = () => {};
  const log = folder.open({ logger: { info: quiet, warn: quiet, error: (_, what) => told.push(what) } });
  const throws = () => {
    throw new Error('broken');
  };
  const fine = new Source();
  fine.text = 'A piece';
  log.defer({ session: 's', drain: throws, committed: throws, failed: throws });
  log.defer({ session: 's', drain: () => part('u', 0, 'x'), committed: throws, failed: throws });
  log.defer(fine);
  await log.append(batch('s', [created()]));
  expect(rows().map(({ type }) => type)).toEqual(['turn.part', 'turn.part', 'session.created']);
  expect(fine.written).toHaveLength(1);
  expect(told).toEqual(Array(2).fill('A source failed when it was asked or told.'));
});

test('closing commits what is pending and refuses what comes later', async () => {
  const log = folder.open();
  const pending = log.append(batch('s', [created()]));
  await folder.close(log);
  expect(await pending).toHaveLength(1);
  await expect(log.append(batch('s', [message('m', 'Hello')]))).rejects.toMatchObject({ code: 'STORAGE' });
  const source = new Source();
  source.text = 'A piece';
  log.defer(source);
  expect(source.failures).toHaveLength(1);
  const again = folder.open();
  expect((await again.snapshot('s', 1))!.view.title).toBe('A session');
});
