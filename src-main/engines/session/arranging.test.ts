import { describe, expect, it } from 'vitest';
import { usualArrangement, usualWindow } from '#shared/domain/things.ts';
import type { SessionShape } from '../../log/log.ts';
import { arrange, nameBranch, waking } from './arranging.ts';
import { editQueued, goOn, mustBeWhole, queue, retry, reword, select, send, sendQueued, unqueue } from './decide.ts';

const to = { specialist: 'apollo' };
const speaker = { name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const shape = (arrangement: Partial<SessionShape['arrangement']> = {}): SessionShape => ({
  id: 's',
  version: 9,
  title: 'Old',
  made: null,
  updatedAt: 1000,
  head: 't1',
  arrangement: { ...usualArrangement, ...arrangement },
  window: usualWindow,
  job: null,
  nodes: new Map([
    ['m1', { parent: null, kind: 'message', seq: 2, state: null }],
    ['t1', { parent: 'm1', kind: 'turn', seq: 3, state: 'stopped' }],
  ]),
  queue: [{ id: 'q1', seq: 9, text: 'next', to }],
});

describe('where a session is kept', () => {
  it('says only what is new, and nothing where nothing is', () => {
    expect(arrange(shape(), { pinned: true, archived: false })).toEqual([
      { type: 'session.arranged', data: { pinned: true } },
    ]);
    expect(arrange(shape({ pinned: true, folder: 'Work' }), { pinned: true, folder: 'Work' })).toEqual([]);
    expect(arrange(shape({ folder: 'Work' }), { folder: null })).toEqual([
      { type: 'session.arranged', data: { folder: null } },
    ]);
    expect(arrange(shape({ folder: 'Work' }), { folder: undefined })).toEqual([]);
  });

  it('keeps each tag once, in their order', () => {
    expect(arrange(shape({ tags: ['a'] }), { tags: ['b', 'a', 'b'] })).toEqual([
      { type: 'session.arranged', data: { tags: ['b', 'a'] } },
    ]);
    expect(arrange(shape({ tags: ['a', 'b'] }), { tags: ['a', 'b', 'b'] })).toEqual([]);
  });

  it('names a branch, once, and only one that is there', () => {
    expect(nameBranch('t1', 'Short', null)).toEqual([{ type: 'branch.named', data: { branch: 't1', name: 'Short' } }]);
    expect(nameBranch('t1', 'Short', 'Short')).toEqual([]);
    expect(() => nameBranch('t9', 'Short', undefined)).toThrow('No branch of this session begins with t9');
  });
});

describe('a session in the archive or in the trash', () => {
  const asked = { message: 'm9', text: 'Why?', to, turn: 't9', speaker };
  const old = { id: 't1', parent: 'm1', to, state: 'stopped', text: 'Half', reasoning: '', seams: [] } as never;

  it('is taken out of it by whatever is said or asked for in it, in the same step', () => {
    const kept = shape({ archived: true, trashed: true });
    const commands = [
      send(kept, asked),
      queue(kept, asked),
      sendQueued(kept, { ...asked, message: 'q1' }),
      reword(kept, 'm1', asked),
      retry(kept, 't1', asked),
      goOn(kept, old, asked),
    ];
    for (const events of commands)
      expect(events.filter(({ type }) => type === 'session.arranged')).toEqual([
        { type: 'session.arranged', data: { archived: false, trashed: false } },
      ]);
  });

  it('stays where it is when only a look is changed', () => {
    const kept = shape({ archived: true });
    const commands = [select(kept, 'm1', 'm1'), editQueued(kept, { ...asked, message: 'q1' }), unqueue(kept, 'q1')];
    expect(commands.flat().map(({ type }) => type)).toEqual(['head.moved', 'queue.edited', 'queue.removed']);
    expect(waking(shape())).toEqual([]);
  });
});

it('takes nothing while it is being filled', () => {
  expect(() => mustBeWhole({ ...shape(), job: 'j1' })).toThrow(expect.objectContaining({ code: 'BUSY' }));
  mustBeWhole(shape());
});
