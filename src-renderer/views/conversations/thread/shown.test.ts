import { expect, test } from 'vitest';
import { emptySession, type MessageNode, type SessionView, type TurnNode } from '#shared/domain/session.ts';
import type { TurnState } from '#shared/domain/things.ts';
import type { Outgoing } from '../../../state/outbox.ts';
import { isBusy, queuedOutgoing, sameButPlace, shown } from './shown.ts';

const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const message = (id: string, seq: number, parent: string | null = null): MessageNode => ({
  kind: 'message',
  id,
  parent,
  seq,
  at: seq,
  text: id,
  to,
});
const turn = (id: string, seq: number, parent: string, state: TurnState = 'done'): TurnNode => ({
  kind: 'turn',
  id,
  parent,
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
const view = (head: string, ...nodes: (MessageNode | TurnNode)[]): SessionView => ({
  ...emptySession('s'),
  head,
  nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
});
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
const ids = (session: SessionView, outbox: Outgoing[] = []) => shown(session, outbox).map((each) => each.id);

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
  const [, second] = shown(session, []);
  expect(second).toMatchObject({ id: 't2', place: { index: 1, count: 3, previous: 't1', next: 't3' } });
});
