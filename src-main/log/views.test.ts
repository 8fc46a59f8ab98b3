import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventType } from '#shared/domain/events.ts';
import { emptySession, foldNode, foldSession, type Node, path, type SessionView } from '#shared/domain/session.ts';
import { choices, history } from '#shared/domain/testing/history.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import { batch, created, Folder, finished, message, observed, part, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const onTheWay = new Set<EventType>([
  'turn.connecting',
  'turn.waiting',
  'turn.part',
  'turn.timed',
  'turn.sent',
  'system.told',
  'history.summarized',
]);

/** A path does not tell how often was tried. */
const uncounted = (node: Node) => ({ ...node, attempt: undefined });
const unplaced = (node: Node) => ({ ...node, depth: undefined });
const bySeq = (a: { seq: number }, b: { seq: number }) => a.seq - b.seq;

test('a snapshot equals the fold of all events, whatever happened', async () => {
  const log = folder.open();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(choices, fc.integer({ min: 1, max: 20 }), async (steps, limit) => {
      const session = `s${++count}`;
      const wanted = history(steps);
      const events = (await Promise.all(wanted.map((event) => log.append(batch(session, [event]))))).flat();
      const whole = events.reduce(foldSession, emptySession(session));

      const all = (await log.snapshot(session, 1000))!;
      expect(all).toEqual({ view: whole, seq: events.at(-1)!.seq, more: false });

      const newest = Object.values(whole.nodes).sort((a, b) => b.seq - a.seq);
      const shown = [...newest.slice(0, limit), ...path(whole).slice(-limit)];
      const some = (await log.snapshot(session, limit))!;
      expect(some.more).toBe(newest.length > limit);
      expect(some.view).toEqual({
        ...whole,
        nodes: Object.fromEntries(shown.map((node) => [node.id, node])),
      });

      for (const node of newest.slice(0, 3)) {
        const up = await log.up(session, node.id, 1000);
        expect(up.nodes.map(uncounted)).toEqual(path(whole, node.id).map(uncounted));
        expect([up.depth, up.before]).toEqual([0, 0]);
        expect(await log.turn(session, node.id)).toEqual(node.kind === 'turn' ? node : null);
      }

      const nodes: SessionView['nodes'] = { ...some.view.nodes };
      let before = newest.slice(0, limit).at(-1)?.seq ?? 0;
      for (let { more } = some; more; ) {
        const page = await log.older(session, before, limit);
        before = page.events[0]!.seq;
        for (const event of page.events) {
          const node = foldNode(nodes, event);
          if (node !== undefined) nodes[node.id] = node;
        }
        more = page.more;
      }
      // A page of events cannot know how deep its nodes stand.
      expect(Object.values(nodes).map(unplaced).sort(bySeq)).toEqual(
        Object.values(whole.nodes).map(unplaced).sort(bySeq),
      );

      const shape = (await log.shape(session, Object.keys(whole.nodes)))!;
      expect(shape.head).toBe(whole.head);
      expect(shape.title).toBe(whole.title);
      expect(shape.queue.map((each) => each.id)).toEqual(whole.queue.map((each) => each.id));
      expect(Object.fromEntries(shape.nodes)).toEqual(
        Object.fromEntries(
          Object.values(whole.nodes).map((node) => [
            node.id,
            { parent: node.parent, kind: node.kind, seq: node.seq, state: node.kind === 'turn' ? node.state : null },
          ]),
        ),
      );
      expect(shape.version).toBe(events.findLast(({ type }) => !onTheWay.has(type))!.seq);
    }),
    { numRuns: 100 },
  );
});

test('the list shows the newest sessions first, page by page', async () => {
  const log = folder.open();
  for (let index = 0; index < 25; index++) {
    await log.append(batch(`s${index}`, [created(`Talk ${index}`)]));
    // Some in the same millisecond: their ids decide.
    if (index % 3 === 0) folder.clock.advance(1);
  }
  await log.append(batch('s3', [message('m', 'Hello')]));
  const all = (await log.summaries({ limit: 100 })).sessions;
  const pages = [];
  for (let page = await log.summaries({ limit: 4 }); ; ) {
    pages.push(...page.sessions);
    if (!page.more) break;
    page = await log.summaries({ limit: 4, before: page.sessions.at(-1)! });
  }
  expect(pages).toEqual(all);
  expect(all[0]).toMatchObject({ id: 's3', title: 'Talk 3' });
  expect(all.map((each) => each.updatedAt)).toEqual(all.map((each) => each.updatedAt).sort((a, b) => b - a));
  expect(new Set(all.map((each) => each.id)).size).toBe(25);
});

test('a row of the list tells how the session stands', async () => {
  const log = folder.open();
  const summary = async () => (await log.summaries({ limit: 1, only: 's' })).sessions[0];
  const createdAt = folder.clock.now();
  await log.append(batch('s', [created('Roses')]));
  expect(await summary()).toEqual({
    id: 's',
    title: 'Roses',
    createdAt,
    updatedAt: createdAt,
    messages: 0,
    to: null,
    last: null,
    arrangement: usualArrangement,
    trashedAt: null,
    units: 0,
    forked: null,
  });

  folder.clock.advance(10);
  await log.append(batch('s', [message('m', 'Hello'), requested('t', 'm')]));
  const speaker = { name: 'Editor', provider: 'simulator', providerName: 'Simulator', model: 'fluent', offline: false };
  const asked = { updatedAt: createdAt + 10, messages: 1, to: { specialist: 'editor' } };
  expect(await summary()).toMatchObject({ ...asked, last: { speaker, state: 'queued' } });

  folder.clock.advance(10);
  await log.append(batch('s', [{ type: 'turn.connecting', data: { turn: 't', attempt: 1 } }]));
  expect(await summary()).toMatchObject({ ...asked, last: { state: 'connecting' } });
  await log.append(batch('s', [part('t', 0, 'Hi')]));
  expect(await summary()).toMatchObject({ ...asked, last: { state: 'streaming' } });
  expect(await log.unfinished()).toEqual([{ session: 's', turn: 't' }]);
  await log.append(batch('s', [finished('t', 'Hi', { state: 'stopped' })]));
  expect(await summary()).toMatchObject({ ...asked, updatedAt: createdAt + 20, last: { state: 'stopped' } });
  expect(await log.unfinished()).toEqual([]);

  await log.append(batch('s', [{ type: 'session.renamed', data: { title: 'Tulips' } }]));
  expect(await summary()).toMatchObject({ title: 'Tulips', updatedAt: createdAt + 20 });
});

test('how a session was made and its turns were asked for can be looked up, and whose turn it is', async () => {
  const log = folder.open();
  const made = { by: 'program' as const, window: 3, lifetimeMs: 1000, metadata: { client: 'x' } };
  await log.append(batch('s', [{ type: 'session.created', data: { title: 'A', made } }]));
  folder.clock.advance(5);
  const ask = requested('t', 'm');
  await log.append(batch('s', [message('m', 'Hi'), ask]));
  expect(await log.shape('s')).toMatchObject({ made, updatedAt: folder.clock.now() });
  expect((await log.snapshot('s', 5))!.view.made).toEqual(made);
  expect(await log.request('s', 't')).toEqual(ask.data);
  expect([await log.request('s', 'm'), await log.request('other', 't')]).toEqual([null, null]);
  expect([await log.sessionOfTurn('t'), await log.sessionOfTurn('m')]).toEqual(['s', null]);
  await log.append(batch('u', [created()]));
  expect(await log.shape('u')).toMatchObject({ made: null });
});

test('a session that was made for one answer is in no list and found by no search, but can be read', async () => {
  const log = folder.open();
  const made = (by: 'program' | 'completion') => ({
    type: 'session.created' as const,
    data: { title: by, made: { by } },
  });
  const say = (id: string) => [message(`m${id}`, 'A question'), requested(id, `m${id}`), finished(id, 'An answer')];
  await log.append(batch('hidden', [made('completion'), ...say('a')]));
  await log.append(batch('shown', [made('program'), ...say('b')]));
  await log.indexed();
  const found = async () => (await log.search('answer', { limit: 10 })).map(({ node }) => node);
  expect((await log.summaries({ limit: 10 })).sessions.map(({ id }) => id)).toEqual(['shown']);
  expect((await log.summaries({ limit: 1, only: 'hidden' })).sessions).toEqual([]);
  expect((await log.summaries({ limit: 1, only: 'shown' })).sessions).toHaveLength(1);
  expect(await found()).toEqual(['b']);
  expect((await log.snapshot('hidden', 5))!.view.nodes.a).toMatchObject({ text: 'An answer' });
  expect(await log.sessionOfTurn('a')).toBe('hidden');
  expect(await log.oldCompletions(folder.clock.now() + 1)).toEqual(['hidden']);
  expect(await log.oldCompletions(folder.clock.now())).toEqual([]);
  await folder.close(log);
  folder.change((db) => db.exec('UPDATE projections SET version = 0'));
  const again = folder.open();
  await again.indexed();
  expect((await again.summaries({ limit: 10 })).sessions.map(({ id }) => id)).toEqual(['shown']);
  expect((await again.search('answer', { limit: 10 })).map(({ node }) => node)).toEqual(['b']);
});

test('what is not there is null or empty, and facts about no conversation make no session', async () => {
  const log = folder.open();
  await log.append(observed('fluent'));
  expect(await log.summaries({ limit: 10 })).toEqual({ sessions: [], more: false });
  expect(await log.summaries({ limit: 10, only: 'none' })).toEqual({ sessions: [], more: false });
  expect([await log.shape('none'), await log.snapshot('none', 5), await log.shape('system')]).toEqual([
    null,
    null,
    null,
  ]);
  expect(await log.up('none', 'none', 5)).toEqual({ nodes: [], depth: 0, before: 0 });
  expect([await log.path('none', { limit: 5 }), await log.leaf('none', 'none')]).toEqual([null, null]);
  expect(await log.turn('none', 'none')).toBeNull();
  expect([await log.request('none', 'none'), await log.sessionOfTurn('none')]).toEqual([null, null]);
  expect(await log.older('none', 100, 5)).toEqual({ events: [], more: false });
  expect(await log.read({ session: 'system', limit: 5 })).toHaveLength(1);
});
