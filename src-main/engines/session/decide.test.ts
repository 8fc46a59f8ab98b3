import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TEXT } from '#shared/contract/contract.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import { usualArrangement, usualWindow } from '#shared/domain/things.ts';
import type { SessionShape } from '../../log/log.ts';
import { brokenBecause, goOn, queue, queued, retry, reword, runningTurn, select, send, titleOf } from './decide.ts';

const to = { specialist: 'apollo' };
const speaker = { name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const asked = { message: 'm9', text: 'Why?', to, turn: 't9', speaker };

/** m1 <- t1 <- m2 <- t2, and t1b beside t1. */
const shape = (change: Partial<SessionShape> = {}): SessionShape => ({
  id: 's',
  version: 9,
  title: 'Old',
  made: null,
  updatedAt: 1000,
  head: 't2',
  arrangement: usualArrangement,
  window: usualWindow,
  job: null,
  nodes: new Map([
    ['m1', { parent: null, kind: 'message', seq: 2, state: null }],
    ['t1', { parent: 'm1', kind: 'turn', seq: 3, state: 'done' }],
    ['m2', { parent: 't1', kind: 'message', seq: 5, state: null }],
    ['t2', { parent: 'm2', kind: 'turn', seq: 6, state: 'failed' }],
    ['t1b', { parent: 'm1', kind: 'turn', seq: 8, state: 'done' }],
  ]),
  queue: [{ id: 'q1', seq: 9, text: 'next', to }],
  ...change,
});

const turn = (change: Partial<TurnNode>): TurnNode => ({
  kind: 'turn',
  id: 't2',
  parent: 'm2',
  depth: 3,
  seq: 6,
  at: 0,
  to,
  speaker,
  state: 'failed',
  text: 'Half',
  reasoning: '',
  seams: [],
  attempt: 1,
  waiting: null,
  finish: null,
  problem: { code: 'PROVIDER_BROKE_OFF', message: 'Reset.' },
  usage: null,
  timing: null,
  buffered: false,
  ...change,
});

describe('deciding', () => {
  it('begins a session with its first message and a title from it', () => {
    expect(send(null, asked).map(({ type }) => type)).toEqual(['session.created', 'message.added', 'turn.requested']);
    expect(send(null, asked)[0]?.data).toMatchObject({ title: 'Why?' });
  });

  it('puts a message at the end of the branch, and its turn behind it', () => {
    expect(send(shape(), asked)).toMatchObject([
      { type: 'message.added', data: { message: 'm9', parent: 't2' } },
      { type: 'turn.requested', data: { turn: 't9', parent: 'm9' } },
    ]);
  });

  it('names a session that was made without a title, and no other', () => {
    expect(send(shape({ title: '' }), asked)[0]).toMatchObject({ type: 'session.renamed', data: { title: 'Why?' } });
    expect(send(shape(), asked).some(({ type }) => type === 'session.renamed')).toBe(false);
  });

  it('refuses an id that is taken', () => {
    expect(() => send(shape(), { ...asked, message: 'm1' })).toThrow('is taken');
    expect(() => queue(shape(), { ...asked, message: 'q1' })).toThrow('is taken');
  });

  it('puts other words beside the old ones', () => {
    expect(reword(shape(), 'm2', asked)[0]?.data).toMatchObject({ parent: 't1' });
    expect(() => reword(shape(), 't1', asked)).toThrow('no message t1');
  });

  it('puts another try beside the old one', () => {
    expect(retry(shape(), 't2', { turn: 't9', to, speaker })[0]?.data).toMatchObject({ parent: 'm2', turn: 't9' });
  });

  it('goes on from what came, with a seam that says why it broke off', () => {
    expect(goOn(shape(), turn({}), { turn: 't9', speaker })[0]?.data).toMatchObject({
      parent: 'm2',
      from: { turn: 't2', text: 'Half', seams: [{ offset: 4, reason: 'Reset.' }] },
    });
  });

  it('keeps earlier seams', () => {
    const seams = [{ offset: 1, reason: 'Stopped here.' }];
    expect(goOn(shape(), turn({ seams }), { turn: 't9', speaker })[0]?.data).toMatchObject({
      from: { seams: [...seams, { offset: 4 }] },
    });
  });

  it('goes on only where something is missing', () => {
    expect(brokenBecause(turn({ state: 'done', finish: 'stop' }))).toBeUndefined();
    expect(brokenBecause(turn({ state: 'done', finish: 'length' }))).toContain('length limit');
    expect(() => goOn(shape(), turn({ state: 'done', finish: 'stop' }), { turn: 't9', speaker })).toThrow('complete');
  });

  it('shows the newest leaf below a chosen node', () => {
    expect(select(shape(), 't1b', 't1b')).toEqual([{ type: 'head.moved', data: { head: 't1b' } }]);
    expect(select(shape({ head: 't1b' }), 't1', 't2')).toEqual([{ type: 'head.moved', data: { head: 't2' } }]);
    expect(select(shape(), 't1', 't2')).toEqual([]);
    expect(() => select(shape(), 't7', null)).toThrow('no message t7');
  });

  it('knows which turn runs', () => {
    const nodes = new Map(shape().nodes).set('t3', { parent: 'm2', kind: 'turn', seq: 9, state: 'streaming' });
    expect(runningTurn(shape({ nodes }))).toBe('t3');
    expect(runningTurn(shape())).toBeUndefined();
  });

  it('says that a queued message is gone', () => {
    expect(() => queued(shape(), 'q2')).toThrow('no longer in the queue');
  });
});

describe('a title', () => {
  it('is made in no time, also of the longest message that is hardly more than blanks', { timeout: 1000 }, () => {
    expect(titleOf(`a${' '.repeat(MAX_TEXT - 2)}b`)).toBe('a b');
  });

  it('is the first line, cut at a word', () => {
    expect(titleOf('  Why does it retry?\nSee below')).toBe('Why does it retry?');
    expect(titleOf('The gateway goes on retrying after the client has hung up, and nobody knows why')).toBe(
      'The gateway goes on retrying after the client has hung up…',
    );
  });

  it('is never empty and never long', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const title = titleOf(text);
        expect(title.length).toBeGreaterThan(0);
        expect(title.length).toBeLessThanOrEqual(61);
        expect(title).not.toMatch(/\n/);
      }),
    );
  });
});
