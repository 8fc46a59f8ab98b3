import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AskPath, partingOf } from './parting.ts';

const askOf =
  (paths: Record<string, readonly string[]>): AskPath =>
  async ({ to, from }) => {
    const path = paths[to!]!;
    const nodes = path.slice(from, from! + 1).map((id) => ({ id }));
    return { head: to!, length: path.length, from: from!, nodes, families: {}, seq: 1 } as never;
  };

test('two paths part where different nodes stand, or where one of them ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.nat(60), fc.nat(60), async (common, more, other) => {
      const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
      const start = names('c', common);
      const paths = { l: [...start, ...names('l', more)], r: [...start, ...names('r', other)] };
      const of = (head: 'l' | 'r') => ({ head, length: paths[head].length });
      expect(await partingOf(askOf(paths), of('l'), of('r'))).toBe(common);
    }),
  );
});
