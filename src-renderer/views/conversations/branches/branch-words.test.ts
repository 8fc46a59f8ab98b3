import { expect, test } from 'vitest';
import type { Branch } from '#shared/domain/summary.ts';
import { leavesFrom, length, namedBranches } from './branch-words.ts';

const branch = (change: Partial<Branch>): Branch => ({
  branch: 'a',
  name: null,
  head: 'z',
  parent: null,
  depth: 0,
  nodes: 2,
  updatedAt: 0,
  shown: false,
  ...change,
});

test('branches are called by their names, the first is main, the others are numbered in their order', () => {
  const branches = [branch({ branch: 'c' }), branch({ branch: 'a' }), branch({ branch: 'b', name: 'with a queue' })];
  expect(namedBranches(branches, 3).map(({ label }) => label)).toEqual(['main', 'with a queue', 'branch 3']);
  expect(namedBranches([branch({ branch: 'a', name: 'draft' })], 1)[0]!.label).toBe('draft');
});

test('where there are more than are told, the oldest that is told is not taken for main', () => {
  const branches = [branch({ branch: 'y' }), branch({ branch: 'x' })];
  expect(namedBranches(branches, 1202).map(({ label }) => label)).toEqual(['branch 1,201', 'branch 1,202']);
});

test('one is told where a branch leaves, and how long it is to read', () => {
  expect(leavesFrom(branch({ depth: 36, parent: 'p' }))).toBe('from 36');
  expect(leavesFrom(branch({}))).toBe('from the start');
  expect([length(branch({ depth: 36, nodes: 12 })), length(branch({ nodes: 1 }))]).toEqual([
    '48 messages',
    '1 message',
  ]);
});
