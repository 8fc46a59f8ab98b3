import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

/** They all end alike. */
const id = (n: number) => `0199a3b4-0000-7abc-8def-${String(n).padStart(4, '0')}0badcafe`;
const [question, other, answer, edited, unknown] = [1, 2, 3, 4, 5].map(id) as [string, string, string, string, string];

const compact = (log: Log) => log.compact({ progress: () => {}, signal: new AbortController().signal });

async function fill(log: Log): Promise<void> {
  await log.append(batch('a', [created(), message(question, 'Which?'), requested(answer, question)]));
  await log.append(batch('a', [finished(answer, 'This one.'), message(edited, 'And which then?')]));
  await log.append(batch('b', [created(), message(answer, 'Not a turn.'), requested(other, answer)]));
  await log.append(batch('b', [finished(other, 'Indeed.')]));
}

async function look(log: Log): Promise<void> {
  const shape = (await log.shape('a', [question, answer, edited, unknown, other]))!;
  expect([...shape.nodes].map(([node, { kind, parent }]) => [node, kind, parent])).toEqual([
    [question, 'message', null],
    [answer, 'turn', question],
    [edited, 'message', null],
  ]);
  expect(shape.head).toBe(edited);
  const path = (await log.path('a', { to: answer, limit: 10 }))!;
  expect(path.nodes.map((node) => [node.id, node.text])).toEqual([
    [question, 'Which?'],
    [answer, 'This one.'],
  ]);
  expect(path.families).toEqual({ [question]: [question, edited] });
  expect(await log.path('a', { to: unknown, limit: 10 })).toBeNull();
  expect((await log.path('a', { around: question, limit: 10 }))!.head).toBe(answer);
  expect((await log.branches('a', 10)).branches).toMatchObject([
    { branch: edited, head: edited, shown: true },
    { branch: question, head: answer, shown: false },
  ]);
  expect((await log.nodes('b', [question, answer, other])).nodes.map((node) => node.id)).toEqual([answer, other]);
  expect(await Promise.all([answer, other, question].map((turn) => log.sessionOfTurn(turn)))).toEqual(['a', 'b', null]);
  expect(await log.leaf('a', question)).toBe(answer);
}

describe('nodes whose ids end alike', () => {
  it('are told apart by their events, hot and cold, in a session and beyond', async () => {
    const log = folder.open();
    await fill(log);
    await look(log);
    folder.clock.advance(3 * 3_600_000);
    await compact(log);
    folder.look((db) => expect(db.prepare('SELECT count(*) FROM blocks').pluck().get()).toBe(2));
    await look(log);
    await folder.close(log);
    await look(folder.open());
  });

  it('can be taken once each', async () => {
    const log = folder.open();
    await fill(log);
    await expect(log.append(batch('a', [message(answer, 'Again?')]))).rejects.toMatchObject({ code: 'CONFLICT' });
    await log.append(batch('a', [message(unknown, 'New.', answer)]));
    expect((await log.up('a', unknown, 10)).nodes.map((node) => node.id)).toEqual([question, answer, unknown]);
  });
});

it('a node that cannot be read is gone on from, and nothing takes its place', async () => {
  const log = folder.open();
  await log.append(batch('b', [created(), message('q', 'Which?'), requested(answer, 'q'), finished(answer, 'This.')]));
  folder.clock.advance(3 * 3_600_000);
  await compact(log);
  await folder.close(log);
  folder.change((db) => db.exec(`UPDATE block_pieces SET data = x'00'`));
  const again = folder.open({ logger: { info: () => {}, warn: () => {}, error: () => {} } });
  await expect(again.append(batch('b', [message(unknown, '', answer)]))).rejects.toMatchObject({ code: 'CONFLICT' });
  await again.append(batch('b', [message('m', 'On we go.', answer)]));
  const path = (await again.path('b', { from: 2, limit: 10 }))!;
  expect([path.length, path.nodes.map((node) => node.text)]).toEqual([3, ['On we go.']]);
});
