import { expect, test } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import { fits } from '#shared/wire/frame.ts';
import { fitting } from './branches.ts';

const node = (depth: number, units: number): Node => ({
  kind: 'message',
  id: `m${depth}`,
  parent: depth === 0 ? null : `m${depth - 1}`,
  depth,
  seq: depth + 1,
  at: 0,
  text: 'x'.repeat(units),
  to: { specialist: 'apollo' },
});

/** Twenty nodes from the tenth on, of which some six fit a frame. */
const page = () => {
  const nodes = Array.from({ length: 20 }, (_, index) => node(10 + index, 160_000));
  const families = Object.fromEntries(nodes.map(({ id }) => [id, [id, `${id}b`]]));
  return { head: 'm29', length: 30, from: 10, nodes, families, seq: 99 };
};

test.each([
  ['first', 10],
  ['last', 29],
  ['m20', 20],
  ['m11', 11],
  ['m28', 28],
])('of a page that is too large for a frame what is wanted stays: %s', (keep, depth) => {
  const cut = fitting(page(), keep);
  expect(fits(cut)).toBe(true);
  expect(cut.nodes.length).toBeGreaterThan(2);
  expect(cut.nodes.map(({ depth: each }) => each)).toEqual(cut.nodes.map((_, index) => cut.from + index));
  expect(cut.nodes.some((each) => each.depth === depth)).toBe(true);
  expect(Object.keys(cut.families)).toEqual(cut.nodes.map(({ id }) => id));
  expect([cut.head, cut.length, cut.seq]).toEqual(['m29', 30, 99]);
});

test('a page that fits stays as it is, and so does a single node', () => {
  const small = { ...page(), nodes: [node(10, 5), node(11, 5)], families: {} };
  expect(fitting(small, 'last')).toEqual(small);
  const one = { ...page(), nodes: [node(10, 2_000_000)], families: {} };
  expect(fitting(one, 'first').nodes).toHaveLength(1);
});
