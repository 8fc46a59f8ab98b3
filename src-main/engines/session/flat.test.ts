import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import type { Log } from '../../log/log.ts';
import { Folder } from '../../log/testing/folder.ts';
import { mustBeQuiet, reword, select, send } from './decide.ts';

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const to = { specialist: 'apollo' };
const speaker = { name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const end = { reasoning: '', seams: [], finish: 'stop', problem: null, usage: null, timing: null } as const;

async function fill(session: string, exchanges: number): Promise<void> {
  const created: NewEvent = { type: 'session.created', data: { title: 'Long' } };
  await log.append({ session, events: [created], durable: false });
  for (let start = 0; start < exchanges; start += 50) {
    const events: NewEvent[] = [];
    for (let n = start; n < Math.min(exchanges, start + 50); n++)
      events.push(
        { type: 'message.added', data: { message: `m${n}`, parent: n === 0 ? null : `t${n - 1}`, text: 'Why?', to } },
        { type: 'turn.requested', data: { turn: `t${n}`, parent: `m${n}`, to, speaker } },
        {
          type: 'turn.finished',
          data: { turn: `t${n}`, state: 'done', text: 'So.', buffered: false, ...end, seams: [] },
        },
      );
    await log.append({ session, events, durable: false });
  }
}

/** What a command reads and decides, in ms: the median of many. */
async function cost(session: string, replaces: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const asked = { message: `new${n}`, text: 'Again?', to, turn: `t-new${n}`, speaker };
    const began = performance.now();
    const shape = (await log.shape(session, [replaces, asked.message]))!;
    mustBeQuiet(shape);
    send(shape, asked);
    reword(shape, replaces, asked);
    select(shape, replaces, await log.leaf(session, replaces));
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[100]!;
}

test('a command costs the same in a session of 10,000 messages as in one of 10', async () => {
  await fill('short', 5);
  await fill('long', 5000);
  await cost('short', 'm1');
  const [short, long] = [await cost('short', 'm1'), await cost('long', 'm1')];
  expect(long).toBeLessThan(Math.max(1, 3 * short));
  const shape = (await log.shape('long', ['m4000', 'none']))!;
  expect([...shape.nodes.keys()]).toEqual(['m4000']);
  expect(await log.leaf('long', 'm1')).toBe('t4999');
}, 60_000);
