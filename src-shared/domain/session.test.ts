import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event, NewEvent } from './events.ts';
import { emptySession, foldNode, foldSession, path, runningTurns, type SessionView, siblings } from './session.ts';
import { happened, numbered } from './testing/events.ts';
import { choices, history } from './testing/history.ts';
import { type HistoryWindow, isRunning } from './things.ts';

const to = { specialist: 'editor' };
const speaker = { name: 'Editor', provider: 'p', providerName: 'P', model: 'm', offline: false };
const problem = { code: 'PROVIDER_RATE_LIMITED' as const, message: 'Too many requests.' };

const fold = (events: readonly Event[], view: SessionView = emptySession('s')) => events.reduce(foldSession, view);
const message = (id: string, parent: string | null, text = 'Hello'): NewEvent => ({
  type: 'message.added',
  data: { message: id, parent, text, to },
});
const request = (turn: string, parent: string): NewEvent => ({
  type: 'turn.requested',
  data: { turn, parent, to, speaker },
});
const finish = (turn: string, text: string): NewEvent => ({
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
  },
});
const turn = (view: SessionView, id: string) => {
  const node = view.nodes[id];
  if (node?.kind !== 'turn') throw new Error(`no turn ${id}`);
  return node;
};

test('what comes twice counts once, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(choices, fc.nat(300), fc.nat(300), (steps, a, b) => {
      const events = happened(steps);
      const [early, late] = [Math.min(a, b), Math.max(a, b)];
      const twice = fold([...events.slice(0, late), ...events.slice(early)]);
      expect(twice).toEqual(fold(events));
    }),
  );
});

test('folding changes no view that somebody holds', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      let view = emptySession('s');
      for (const event of happened(steps)) {
        const before = structuredClone(view);
        const next = foldSession(view, event);
        expect(view).toEqual(before);
        expect(next.seq).toBe(event.seq);
        view = next;
      }
    }),
    { numRuns: 30 },
  );
});

test('events of other sessions change nothing at all', () => {
  const view = fold(numbered([message('m', null)]));
  for (const event of numbered(history([1, 2, 3, 4, 5, 6, 7, 8]), 'other', 1000))
    expect(foldSession(view, event)).toBe(view);
});

test('nodes are folded alike one by one', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      const events = happened(steps);
      const nodes: SessionView['nodes'] = {};
      for (const event of events) {
        const node = foldNode(nodes, event);
        if (node !== undefined) nodes[node.id] = node;
      }
      expect(nodes).toEqual(fold(events).nodes);
    }),
  );
});

test('the parts of an ended turn may be missing', () => {
  fc.assert(
    fc.property(choices, fc.nat(7), (steps, which) => {
      const events = happened(steps);
      const ended = new Set(events.flatMap((event) => (event.type === 'turn.finished' ? [event.data.turn] : [])));
      const kept = events.filter(
        (event) => event.type !== 'turn.part' || !ended.has(event.data.turn) || event.seq % 8 === which,
      );
      const { seq: _, ...whole } = fold(events);
      expect(fold(kept)).toMatchObject(whole);
    }),
  );
});

test('a turn goes through its states, and its text grows by offset', () => {
  const events = numbered([
    message('m', null),
    request('t', 'm'),
    { type: 'turn.connecting', data: { turn: 't', attempt: 1 } },
    { type: 'turn.waiting', data: { turn: 't', attempt: 1, ms: 500, problem } },
    { type: 'turn.connecting', data: { turn: 't', attempt: 2 } },
    { type: 'turn.part', data: { turn: 't', offset: 0, text: 'Good ', reasoningOffset: 0, reasoning: 'Hm' } },
    { type: 'turn.part', data: { turn: 't', offset: 5, text: 'evning' } },
    { type: 'turn.part', data: { turn: 't', offset: 7, text: 'ening', reasoningOffset: 2, reasoning: 'm.' } },
    finish('t', 'Good evening'),
  ]);
  const seen = events.map((_, index) => fold(events.slice(0, index + 1))).slice(1);
  expect(seen.map((view) => turn(view, 't').state)).toEqual([
    'queued',
    'connecting',
    'connecting',
    'connecting',
    'streaming',
    'streaming',
    'streaming',
    'done',
  ]);
  expect(seen.map((view) => turn(view, 't').attempt)).toEqual([0, 1, 1, 2, 2, 2, 2, 2]);
  expect(seen.map((view) => turn(view, 't').waiting)).toEqual([
    null,
    null,
    { ms: 500, at: events[3]!.at, problem },
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(seen.map((view) => turn(view, 't').text).slice(4)).toEqual([
    'Good ',
    'Good evning',
    'Good evening',
    'Good evening',
  ]);
  expect(turn(seen[6]!, 't').reasoning).toBe('Hmm.');
  expect(seen.map((view) => runningTurns(view).length)).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
});

test('a turn that goes on from a broken one starts with its text and its seams', () => {
  const seams = [{ offset: 4, reason: 'broke off' }];
  const from = { turn: 't', text: 'Once', reasoning: 'why', seams };
  const view = fold(
    numbered([
      message('m', null),
      { type: 'turn.requested', data: { turn: 'u', parent: 'm', to, speaker, from } },
      { type: 'turn.part', data: { turn: 'u', offset: 4, text: ' upon' } },
    ]),
  );
  expect(turn(view, 'u')).toMatchObject({ text: 'Once upon', reasoning: 'why', seams });
});

test('messages and requests become the head and set whom one talks to', () => {
  const other = { provider: 'p', model: 'm' };
  const view = fold(
    numbered([
      { type: 'session.created', data: { title: 'Talk', to } },
      { type: 'message.added', data: { message: 'm', parent: null, text: 'Hi', to: other } },
    ]),
  );
  expect([view.title, view.head, view.to]).toEqual(['Talk', 'm', other]);
  const answered = fold(
    [...numbered([request('t', 'm')], 's', 1)].map((event) => ({ ...event, seq: 100 })),
    view,
  );
  expect([answered.head, answered.to]).toEqual(['t', to]);
});

test('a path leads from the oldest node that is here to the head, along the chosen tries', () => {
  const events = numbered([
    message('m', null),
    request('t1', 'm'),
    request('t2', 'm'),
    message('n', 't1'),
    message('o', 't2'),
    { type: 'head.moved', data: { head: 'n' } },
  ]);
  const view = fold(events);
  const ids = (nodes: { id: string }[]) => nodes.map((node) => node.id);
  expect(ids(path(view))).toEqual(['m', 't1', 'n']);
  expect(ids(path(view, 'o'))).toEqual(['m', 't2', 'o']);
  expect(path(view, null)).toEqual([]);
  expect(path(view, 'unknown')).toEqual([]);
  const { m: _, ...newest } = view.nodes;
  expect(ids(path({ ...view, nodes: newest }))).toEqual(['t1', 'n']);
  expect(ids(siblings(view, view.nodes.t2!))).toEqual(['t1', 't2']);
  expect(ids(siblings(view, view.nodes.n!))).toEqual(['n']);
});

test.each(['constructor', '__proto__', 'toString'])('what every object inherits is no node: %s', (id) => {
  const view = fold(numbered([message('m', null)]));
  expect(path(view, id)).toEqual([]);
  expect(path(fold(numbered([message('m', id)]))).map((node) => node.id)).toEqual(['m']);
  // An object that carries a turn as its prototype, as one would that was made from foreign JSON.
  const [asked] = numbered([request('t', 'm')]);
  const inherited = Object.create({ t: foldNode({}, asked!) }) as SessionView['nodes'];
  expect(foldNode(inherited, numbered([finish('t', 'x')])[0]!)).toBeUndefined();
});

test('siblings are of one kind', () => {
  const view = fold(numbered([message('m', null), request('t', 'm'), message('n', 'm'), message('o', 'm')]));
  expect(siblings(view, view.nodes.n!).map((node) => node.id)).toEqual(['n', 'o']);
  expect(siblings(view, view.nodes.t!).map((node) => node.id)).toEqual(['t']);
});

test('the queue keeps its order when a message in it is reworded', () => {
  const events = numbered([
    { type: 'queue.added', data: { message: 'a', text: 'A', to } },
    { type: 'queue.added', data: { message: 'b', text: 'B', to } },
    { type: 'queue.edited', data: { message: 'a', text: 'AA', to: { provider: 'p', model: 'm' } } },
    { type: 'queue.edited', data: { message: 'unknown', text: '?', to } },
  ]);
  const view = fold(events);
  expect(view.queue).toEqual([
    { id: 'a', text: 'AA', to: { provider: 'p', model: 'm' } },
    { id: 'b', text: 'B', to },
  ]);
  const removed = { ...events[0]!, seq: 99, type: 'queue.removed', data: { message: 'a', reason: 'sent' } } as Event;
  expect(fold([removed], view).queue.map((each) => each.id)).toEqual(['b']);
});

test('what concerns a turn that is not here changes only the sequence', () => {
  const view = fold(numbered([message('m', null)]));
  const events = numbered([
    { type: 'turn.part', data: { turn: 'gone', offset: 0, text: 'x' } },
    finish('m', 'a message is no turn'),
    { type: 'turn.timed', data: { turn: 'gone', track: [] } },
  ]).map((event, index) => ({ ...event, seq: 100 + index }));
  expect(fold(events, view)).toEqual({ ...view, seq: 102 });
});

test('running turns are those without an end', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      const events = happened(steps);
      const ended = new Set(events.flatMap((event) => (event.type === 'turn.finished' ? [event.data.turn] : [])));
      const asked = events.flatMap((event) => (event.type === 'turn.requested' ? [event.data.turn] : []));
      const running = runningTurns(fold(events));
      expect(running.map((node) => node.id).sort()).toEqual(asked.filter((id) => !ended.has(id)).sort());
      expect(running.every((node) => isRunning(node.state))).toBe(true);
    }),
  );
});

test('a view knows how its session was made, and of a deleted one nothing but that', () => {
  const made = { by: 'program' as const, window: 5 };
  const events = numbered([
    { type: 'session.created', data: { title: 'A', to, made } },
    message('m1', null),
    request('t1', 'm1'),
    { type: 'queue.added', data: { message: 'q', text: 'Next', to } },
    { type: 'session.deleted', data: {} },
  ]);
  expect(fold(events.slice(0, 1)).made).toEqual(made);
  const gone = fold(events);
  expect(gone).toEqual({ ...emptySession('s'), seq: events.at(-1)!.seq, deleted: true });
  expect(fold(events, gone)).toBe(gone);
});

test('where a session is kept, what is sent along and what its branches are called is part of its view', () => {
  const window: HistoryWindow = { exchanges: 12, tokens: null, summary: true, summarizer: null, since: null };
  const events = numbered([
    { type: 'session.created', data: { title: 'A', forked: { session: 'b', seq: 9 } } },
    { type: 'session.arranged', data: { folder: 'Release', tags: ['x'] } },
    { type: 'session.arranged', data: { pinned: true, folder: null } },
    { type: 'window.set', data: { window } },
    message('m', null),
    { type: 'node.pinned', data: { node: 'm', pinned: true } },
    { type: 'branch.named', data: { branch: 'm', name: 'first' } },
  ]);
  const view = fold(events);
  expect(view.arrangement).toEqual({ pinned: true, folder: null, tags: ['x'], archived: false, trashed: false });
  expect([view.window, view.forked, view.pinned]).toEqual([window, { session: 'b', seq: 9 }, ['m']]);
  expect(view.branchNames).toEqual({ m: 'first' });
  const undone = numbered([
    { type: 'node.pinned', data: { node: 'm', pinned: false } },
    { type: 'branch.named', data: { branch: 'm', name: null } },
  ]).map((event) => ({ ...event, seq: event.seq + 1000 }));
  expect(fold(undone, view)).toMatchObject({ pinned: [], branchNames: {} });
});

test('a program gets the history window that it asked for, and no summary', () => {
  const made = { by: 'program' as const, window: 10 };
  const view = fold(numbered([{ type: 'session.created', data: { title: 'A', made } }]));
  expect(view.window).toMatchObject({ exchanges: 10, summary: false });
  expect(fold(numbered([{ type: 'session.created', data: { title: 'A' } }])).window).toMatchObject({
    exchanges: null,
    summary: true,
  });
});

test('a node knows its steps from the root where its parent does', () => {
  const events = numbered([message('m', null), request('t', 'm'), message('n', 't'), message('lost', 'elsewhere')]);
  const { nodes } = fold(events);
  expect([nodes.m?.depth, nodes.t?.depth, nodes.n?.depth, nodes.lost?.depth]).toEqual([0, 1, 2, null]);
});
