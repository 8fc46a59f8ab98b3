import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import { Plan, type PlanOptions } from './plan.ts';

const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };

/** `m` is a message, `t` an answer, by the letters of `path`; ids are the letter and the place. */
function nodesOf(path: string): Node[] {
  return [...path].map((kind, depth): Node => {
    const id = `${kind}${depth}`;
    const parent = depth === 0 ? null : `${path[depth - 1]}${depth - 1}`;
    const base = { id, depth, seq: depth, at: 0, to, text: id };
    if (kind === 'm') return { kind: 'message', parent, ...base };
    return {
      ...{ kind: 'turn', state: 'done', seams: [], attempt: 1, reasoning: '', waiting: null, finish: 'stop' },
      ...{ problem: null, usage: null, timing: null, buffered: false, speaker, parent: parent ?? '' },
      ...base,
    } as Node;
  });
}

const roomy: PlanOptions = { room: 1000, reserve: 0, exchanges: null, since: null, pinned: new Set() };

/** Ten tokens for each node. */
function planned(path: string, options: Partial<PlanOptions>, summary = false) {
  const plan = new Plan({ ...roomy, ...options });
  const nodes = nodesOf(path);
  let read = 0;
  for (const node of nodes.toReversed()) {
    if (!plan.wantsMore) break;
    read++;
    plan.take(node, 10);
  }
  const { nodes: kept, exchanges, limit } = plan.result(summary);
  return { ids: kept.map(({ id }) => id).join(' '), exchanges, limit, read };
}

describe('a plan', () => {
  it('takes all there is when it fits', () => {
    expect(planned('mtmt', {})).toEqual({ ids: 'm0 t1 m2 t3', exchanges: 3, limit: null, read: 4 });
  });

  it('counts the message that is asked as the newest exchange, and one without an answer as one', () => {
    expect(planned('mtmtmmt', { exchanges: 1 })).toMatchObject({ ids: '', exchanges: 1, limit: 'exchanges', read: 0 });
    expect(planned('mtmtmmt', { exchanges: 2 }).ids).toBe('m5 t6');
    expect(planned('mtmtmmt', { exchanges: 3 }).ids).toBe('m4 m5 t6');
    expect(planned('mtmtmmt', { exchanges: 9 })).toMatchObject({ ids: 'm0 t1 m2 t3 m4 m5 t6', limit: null });
  });

  it('leaves an exchange out as a whole when it does not fit, and reads no further', () => {
    expect(planned('mtmtmtmt', { room: 45 })).toEqual({ ids: 'm4 t5 m6 t7', exchanges: 3, limit: 'tokens', read: 5 });
    expect(planned('mtmt', { room: 5 })).toEqual({ ids: '', exchanges: 1, limit: 'tokens', read: 1 });
  });

  it('keeps room for a summary only when something is left out that is to be told', () => {
    expect(planned('mtmt', { room: 40, reserve: 15 }, true)).toMatchObject({ ids: 'm0 t1 m2 t3', limit: null });
    expect(planned('mtmtmt', { room: 40, reserve: 15 }, true)).toMatchObject({ ids: 'm4 t5', limit: 'tokens' });
    expect(planned('mtmtmt', { room: 40, reserve: 15 }, false)).toMatchObject({ ids: 'm2 t3 m4 t5' });
    expect(planned('mtmtmt', { room: 40, reserve: 15, exchanges: 3 }, true)).toMatchObject({ limit: 'tokens' });
    expect(planned('mtmtmt', { room: 40, reserve: 15, since: 'm2' }, true)).toMatchObject({
      ids: 'm2 t3 m4 t5',
      limit: 'since',
    });
  });

  it('goes back to the message since which it is asked for; of an answer the exchange is not whole', () => {
    expect(planned('mtmtmt', { since: 'm2' })).toMatchObject({ ids: 'm2 t3 m4 t5', limit: 'since' });
    expect(planned('mtmtmt', { since: 't3' })).toMatchObject({ ids: 'm4 t5', limit: 'since' });
    expect(planned('mtmtmt', { since: 't5' })).toMatchObject({ ids: '', limit: 'since', read: 1 });
    expect(planned('mtmtmt', { since: 'm0' })).toMatchObject({ ids: 'm0 t1 m2 t3 m4 t5', limit: null });
  });

  it('does not pay twice for what is pinned', () => {
    expect(planned('mtmtmt', { room: 45, pinned: new Set(['m2', 't3']) }).ids).toBe('m0 t1 m2 t3 m4 t5');
    expect(planned('mtmtmt', { room: 35 }).ids).toBe('m4 t5');
  });

  it('never spends more than it has, never cuts an exchange, and never leaves a gap', () => {
    const letters = fc.array(fc.constantFrom('m', 't', 't'), { maxLength: 60 }).map((more) => `m${more.join('')}`);
    const options = {
      room: fc.integer({ min: -50, max: 900 }),
      reserve: fc.integer({ min: 0, max: 200 }),
      exchanges: fc.option(fc.integer({ min: 1, max: 12 })),
    };
    fc.assert(
      fc.property(letters, fc.record(options), fc.boolean(), (path, some, summary) => {
        const { ids, limit, exchanges } = planned(path, some, summary);
        const kept = ids === '' ? [] : ids.split(' ');
        expect(10 * kept.length).toBeLessThanOrEqual(Math.max(0, some.room));
        expect(kept).toEqual(
          nodesOf(path)
            .slice(path.length - kept.length)
            .map(({ id }) => id),
        );
        if (kept.length > 0) expect(kept[0]).toMatch(/^m/);
        expect(kept.filter((id) => id.startsWith('m'))).toHaveLength(exchanges - 1);
        expect(limit === null).toBe(kept.length === path.length && some.exchanges !== 1);
        if (some.exchanges !== null) expect(exchanges).toBeLessThanOrEqual(some.exchanges);
      }),
    );
  });
});
