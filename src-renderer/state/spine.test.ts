import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptySession, type MessageNode, path, type SessionView } from '#shared/domain/session.ts';
import { noSpine, spineOf, withPage } from './spine.ts';

const to = { specialist: 'apollo' };

/** A tree of which each node hangs on an earlier one, or on nothing. */
const trees = fc.array(fc.nat(1000), { minLength: 2, maxLength: 60 }).map((choices) => {
  const nodes: Record<string, MessageNode> = {};
  const ids: string[] = [];
  for (const [index, choice] of choices.entries()) {
    const parent = choice % 9 === 0 || index === 0 ? null : nodes[ids[Math.max(0, index - 1 - (choice % 4))]!]!;
    const id = `n${index}`;
    const depth = parent === null ? 0 : parent.depth! + 1;
    nodes[id] = { kind: 'message', id, parent: parent?.id ?? null, depth, seq: index + 1, at: 0, text: id, to };
    ids.push(id);
  }
  return nodes;
});
const viewOf = (nodes: SessionView['nodes'], head: string): SessionView => ({ ...emptySession('s'), head, nodes });

test('whatever is shown in whatever order, and whatever is let go of, places are never wrong', () => {
  fc.assert(
    fc.property(trees, fc.array(fc.nat(1000), { maxLength: 12 }), fc.nat(10), (nodes, moves, kept) => {
      const ids = Object.keys(nodes);
      let spine = noSpine;
      for (const move of moves) {
        const head = ids[move % ids.length]!;
        const whole = path({ nodes, head });
        // Only some nodes are here: the head and some that chance chose.
        const here = Object.fromEntries(
          Object.entries(nodes).filter(([id], index) => id === head || (index * 7 + move) % 11 <= kept),
        );
        spine = spineOf(viewOf(here, head), spine);
        expect(spine.length).toBe(whole.length);
        for (const [place, id] of spine.at) expect(id).toBe(whole[place]?.id);
        const from = move % whole.length;
        const page = { head, length: whole.length, from, nodes: whole.slice(from, from + 5), families: {} };
        spine = withPage(spine, page);
        expect(whole.slice(from, from + 5).map((_, index) => spine.at.get(from + index))).toEqual(
          page.nodes.map(({ id }) => id),
        );
      }
    }),
  );
});

test('a branch whose end is not here has no known length, until a page tells', () => {
  const nodes: SessionView['nodes'] = {};
  const spine = spineOf(viewOf(nodes, 'x'), noSpine);
  expect(spine).toEqual({ head: 'x', length: null, at: new Map() });
  const told = withPage(spine, { head: 'x', length: 40, from: 38, nodes: [], families: {} });
  expect(spineOf(viewOf(nodes, 'x'), told)).toBe(told);
});
