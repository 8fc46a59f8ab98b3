import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { NewEvent, RawEvent } from '#shared/domain/events.ts';
import { emptySession, path } from '#shared/domain/session.ts';
import { firstTokenMs, rate } from './figures.ts';
import { addPage, KEPT_NODES, type Loaded, missing, nodeAt, nothingLoaded, prune, take } from './loaded.ts';
import type { Page } from './spine.ts';

const SESSION = 'a';
const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };

const raw = (seq: number, event: NewEvent, at = seq): RawEvent => ({ seq, session: SESSION, at, version: 1, ...event });
const item = (event: RawEvent): StreamItem<'session.follow'> => ({ kind: 'event', cursor: `e:${event.seq}`, event });

/** `count` messages, each with a running turn as its answer. */
function exchanges(count: number): RawEvent[] {
  const events: RawEvent[] = [];
  let parent: string | null = null;
  for (let i = 0; i < count; i++) {
    const seq = 2 * i + 1;
    events.push(raw(seq, { type: 'message.added', data: { message: `m${i}`, parent, text: `${i}`, to } }));
    events.push(raw(seq + 1, { type: 'turn.requested', data: { turn: `t${i}`, parent: `m${i}`, to, speaker } }));
    parent = `t${i}`;
  }
  return events;
}

const part = (turn: string, offset: number, text: string): NewEvent => ({
  type: 'turn.part',
  data: { turn, offset, text },
});

test('items that come in any number of batches fold to the same view', () => {
  const events = exchanges(5).map(item);
  fc.assert(
    fc.property(fc.array(fc.nat(events.length), { maxLength: 5 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), events.length];
      let loaded = nothingLoaded(SESSION);
      for (let i = 1; i < at.length; i++) loaded = take(loaded, events.slice(at[i - 1], at[i]));
      expect(loaded).toEqual(take(nothingLoaded(SESSION), events));
    }),
  );
});

test('an event that comes twice is not counted twice in the figures', () => {
  const [message, turn] = exchanges(1) as [RawEvent, RawEvent];
  const piece = item(raw(3, part('t0', 0, 'four')));
  const once = take(nothingLoaded(SESSION), [item(message), item(turn), piece]);
  expect(take(once, [piece])).toEqual(once);
  expect(once.figures.t0?.units).toBe(0);
});

test('first token and rate come from the times of the events', () => {
  const start = exchanges(1).map(item);
  const loaded = take(nothingLoaded(SESSION), [
    ...start,
    item(raw(3, { type: 'turn.connecting', data: { turn: 't0', attempt: 1 } }, 1000)),
    item(raw(4, part('t0', 0, 'x'.repeat(40)), 1212)),
    item(raw(5, part('t0', 40, 'x'.repeat(360)), 2212)),
  ]);
  const figures = loaded.figures.t0;
  expect(figures && firstTokenMs(figures)).toBe(212);
  expect(figures && rate(figures)).toBe(90);
  expect(figures?.curve).toEqual([0, 0, 0, 0, 360]);
});

test('a part that comes joined with one that was there is counted by what it adds', () => {
  const joined = { ...raw(4, part('t0', 4, 'four more')), first: 3 };
  const loaded = take(nothingLoaded(SESSION), [
    ...exchanges(1).map(item),
    item(raw(3, part('t0', 0, 'one '))),
    item(raw(4, part('t0', 4, 'four'))),
    item({ ...joined, seq: 5 }),
  ]);
  expect(loaded.view.nodes.t0?.text).toBe('one four more');
  expect(loaded.figures.t0?.units).toBe('four more'.length);
});

test('a turn whose start was not seen is measured from when it was asked for, one that runs already is not', () => {
  const asked = take(nothingLoaded(SESSION), exchanges(1).map(item)).view;
  const snapshot = { kind: 'snapshot' as const, cursor: 'e:2', recovered: true, more: false, view: asked };
  const first = take(nothingLoaded(SESSION), [snapshot, item(raw(3, part('t0', 0, 'x'), 302))]).figures.t0;
  expect(first && firstTokenMs(first)).toBe(300);
  const running = take(nothingLoaded(SESSION), [snapshot, item(raw(3, part('t0', 0, 'x')))]).view;
  const later = take(nothingLoaded(SESSION), [{ ...snapshot, view: running }, item(raw(4, part('t0', 1, 'y'), 900))])
    .figures.t0;
  expect(later && firstTokenMs(later)).toBeNull();
});

test('figures of a turn go when it ends', () => {
  const end: NewEvent = {
    type: 'turn.finished',
    data: {
      turn: 't0',
      state: 'done',
      text: 'x',
      reasoning: '',
      seams: [],
      finish: 'stop',
      problem: null,
      usage: null,
      timing: null,
      buffered: false,
    },
  };
  const loaded = take(nothingLoaded(SESSION), [...exchanges(1).map(item), item(raw(3, part('t0', 0, 'x')))]);
  expect(Object.keys(loaded.figures)).toEqual(['t0']);
  expect(take(loaded, [item(raw(4, end))]).figures).toEqual({});
});

test('a snapshot stands for everything before it', () => {
  const loaded = take(nothingLoaded(SESSION), exchanges(2).map(item));
  const view = { ...emptySession(SESSION), title: 'New', seq: 90 };
  const next = take(loaded, [{ kind: 'snapshot', cursor: 'f:90', recovered: false, more: true, view }]);
  expect(next).toEqual({ ...nothingLoaded(SESSION), view, ready: true });
});

test('no more than the limit of nodes is kept, the newest, and the path stays whole', () => {
  const loaded = take(nothingLoaded(SESSION), exchanges(KEPT_NODES).map(item));
  expect(Object.keys(loaded.view.nodes)).toHaveLength(KEPT_NODES);
  expect(missing(loaded, 0, 2 * KEPT_NODES)).toEqual({ from: 0, to: KEPT_NODES - 1 });
  expect(path(loaded.view)).toHaveLength(KEPT_NODES);
  expect(path(loaded.view).at(-1)?.id).toBe(`t${KEPT_NODES - 1}`);
});

const pageOf = (all: readonly RawEvent[], from: number, count: number): Page => {
  const view = take(nothingLoaded(SESSION), all.slice(0, from + count).map(item)).view;
  const nodes = Object.values(view.nodes)
    .sort((x, y) => x.seq - y.seq)
    .slice(-count);
  const length = all.length;
  return { head: `t${length / 2 - 1}`, length, from, nodes, families: {} };
};

test('a page of older nodes takes its places on the branch, and those around the reader stay', () => {
  const all = exchanges(KEPT_NODES);
  const loaded = prune({ ...take(nothingLoaded(SESSION), all.map(item)), place: { from: 100, to: 120 } });
  expect(nodeAt(loaded, 100)).toBeUndefined();
  const next = addPage(loaded, pageOf(all, 100, 50));
  expect(nodeAt(next, 100)?.id).toBe('m50');
  expect(nodeAt(next, 149)?.id).toBe('t74');
  expect(missing(next, 100, 150)).toBeUndefined();
  expect(nodeAt(next, 2 * KEPT_NODES - 1)?.id).toBe(`t${KEPT_NODES - 1}`);
  const last: NewEvent = { type: 'message.added', data: { message: 'z', parent: `t${KEPT_NODES - 1}`, text: 'x', to } };
  const later = take(next, [item(raw(5000, last))]);
  expect(later.spine.length).toBe(2 * KEPT_NODES + 1);
  expect(nodeAt(later, 149)?.id).toBe('t74');
});

test('a page of another branch is kept until that is shown', () => {
  const loaded = take(nothingLoaded(SESSION), exchanges(3).map(item));
  const other = { kind: 'message' as const, id: 'other', parent: 't0', depth: 2, seq: 50, at: 50, text: 'o', to };
  const page: Page = { head: 'other', length: 3, from: 2, nodes: [other], families: { other: ['m1', 'other'] } };
  const next = addPage(loaded, page);
  expect([nodeAt(next, 2)?.id, next.spine.length]).toEqual(['m1', 6]);
  const shown = take(next, [item(raw(60, { type: 'head.moved', data: { head: 'other' } }))]);
  expect([0, 1, 2].map((place) => nodeAt(shown, place)?.id)).toEqual(['m0', 't0', 'other']);
  expect(shown.spine.length).toBe(3);
  expect(shown.families.other).toEqual(['m1', 'other']);
});

test('a branch that was chosen again stays on screen though its nodes are old', () => {
  const old = take(nothingLoaded(SESSION), exchanges(3).map(item));
  const others: RawEvent[] = Array.from({ length: KEPT_NODES + 50 }, (_, i) =>
    raw(1000 + i, { type: 'turn.requested', data: { turn: `r${i}`, parent: 'm2', to, speaker } }),
  );
  const chosen = raw(9000, { type: 'head.moved', data: { head: 't2' } });
  let loaded: Loaded = old;
  for (const event of [...others.slice(0, 150), chosen]) loaded = take(loaded, [item(event)]);
  for (const event of others.slice(150))
    loaded = take(loaded, [item({ ...event, seq: event.seq + 20_000 }), item({ ...chosen, seq: event.seq + 20_001 })]);
  expect(path(loaded.view).map((node) => node.id)).toEqual(['m0', 't0', 'm1', 't1', 'm2', 't2']);
});
