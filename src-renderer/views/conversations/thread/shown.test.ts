import { expect, test } from 'vitest';
import { emptySession, type MessageNode, type SessionView, type TurnNode } from '#shared/domain/session.ts';
import type { TurnState } from '#shared/domain/things.ts';
import type { Outgoing } from '../../../state/outbox.ts';
import { noSpine, spineOf } from '../../../state/spine.ts';
import { isBusy, queuedOutgoing, sameButPlace, shown } from './shown.ts';

const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const message = (id: string, seq: number, parent: string | null = null): MessageNode => ({
  kind: 'message',
  id,
  parent,
  depth: null,
  seq,
  at: seq,
  text: id,
  to,
});
const turn = (id: string, seq: number, parent: string, state: TurnState = 'done'): TurnNode => ({
  kind: 'turn',
  id,
  parent,
  depth: null,
  seq,
  at: seq,
  to,
  speaker,
  state,
  text: id,
  reasoning: '',
  seams: [],
  attempt: 1,
  waiting: null,
  finish: null,
  problem: null,
  usage: null,
  timing: null,
  buffered: false,
});
function view(head: string, ...nodes: (MessageNode | TurnNode)[]): SessionView {
  const made: SessionView['nodes'] = {};
  for (const node of nodes)
    made[node.id] = { ...node, depth: node.parent === null ? 0 : (made[node.parent]?.depth ?? 0) + 1 };
  return { ...emptySession('s'), head, nodes: made };
}
const outgoing = (id: string, change: Partial<Outgoing> = {}): Outgoing => ({
  command: `c-${id}`,
  session: 's',
  message: id,
  text: id,
  to,
  at: 1,
  whileRunning: 'queue',
  begins: false,
  state: 'kept',
  ...change,
});
const rows = (session: SessionView, outbox: Outgoing[] = []) => {
  const made = shown({ view: session, spine: spineOf(session, noSpine), families: {} }, outbox);
  return Array.from({ length: made.count }, (_, index) => made.at(index));
};
const ids = (session: SessionView, outbox: Outgoing[] = []) =>
  rows(session, outbox).map((row) => (row.kind === 'gap' ? 'gap' : row.id));

test('the branch comes in reading order, then what is on its way', () => {
  const session = view('t1', message('m1', 1), turn('t1', 2, 'm1'));
  expect(ids(session, [outgoing('m2')])).toEqual(['m1', 't1', 'm2']);
});

test('a message whose event has come is shown once', () => {
  const session = view('t1', message('m1', 1), turn('t1', 2, 'm1'));
  expect(ids(session, [outgoing('m1', { state: 'sent' })])).toEqual(['m1', 't1']);
});

test('another wording on its way takes the place of the old one and hides what answered it', () => {
  const session = view('t2', message('m1', 1), turn('t1', 2, 'm1'), message('m2', 3, 't1'), turn('t2', 4, 'm2'));
  expect(ids(session, [outgoing('m3', { replaces: 'm2' })])).toEqual(['m1', 't1', 'm3']);
});

test('what waits for a running turn stands in the queue, not in the conversation', () => {
  const session = view('t1', message('m1', 1), turn('t1', 2, 'm1', 'streaming'));
  const outbox = [outgoing('later'), outgoing('now', { whileRunning: 'steer' }), outgoing('no', { state: 'refused' })];
  expect(isBusy(session)).toBe(true);
  expect(ids(session, outbox)).toEqual(['m1', 't1', 'now', 'no']);
  expect(queuedOutgoing(session, outbox).map((each) => each.message)).toEqual(['later']);
});

test('a place that is counted anew and comes out the same is no change', () => {
  const place = { index: 0, count: 2, previous: undefined, next: 't2' };
  expect(sameButPlace({ place, marked: false }, { place: { ...place }, marked: false })).toBe(true);
  expect(sameButPlace({ place, marked: false }, { place: { ...place, count: 3 }, marked: false })).toBe(false);
  expect(sameButPlace({ place, marked: false }, { place, marked: true })).toBe(false);
});

test('other tries of a step are counted in the order in which they were made', () => {
  const session = view('t2', message('m1', 1), turn('t3', 4, 'm1'), turn('t2', 3, 'm1'), turn('t1', 2, 'm1'));
  const [, second] = rows(session);
  expect(second).toMatchObject({ id: 't2', place: { index: 1, count: 3, previous: 't1', next: 't3' } });
});

test('tries of which a page told are counted with those that are here', () => {
  const session = view('t2', message('m1', 1), turn('t2', 3, 'm1'));
  const families = { t2: ['t0', 't1', 't2'] };
  const made = shown({ view: session, spine: spineOf(session, noSpine), families }, []);
  expect(made.at(1)).toMatchObject({ place: { index: 2, count: 3, previous: 't1', next: undefined } });
});

test('what stands on the branch and is not here is a gap', () => {
  const here = { ...message('m9', 9, 't8'), depth: 4 };
  const session = { ...emptySession('s'), head: 'm9', nodes: { m9: here } };
  expect(ids(session)).toEqual(['gap', 'gap', 'gap', 'gap', 'm9']);
  const made = shown({ view: session, spine: spineOf(session, noSpine), families: {} }, []);
  expect([made.indexOf('m9'), made.indexOf('t8')]).toEqual([4, -1]);
});
