import { describe, expect, it } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import { PathMemory } from './path-memory.ts';

const to = { specialist: 'apollo' };

/** A path of so many messages, each of so many letters. */
function world(length: number, letters = 10) {
  const nodes = Array.from({ length }, (_, depth): Node => {
    const parent = depth === 0 ? null : `m${depth - 1}`;
    return { kind: 'message', id: `m${depth}`, parent, depth, seq: depth, at: 0, to, text: 'x'.repeat(letters) };
  });
  const reads: number[] = [];
  const log = {
    up: async (_: string, node: string, limit: number) => {
      const end = Number(node.slice(1)) + 1;
      const depth = Math.max(0, end - limit);
      reads.push(end - depth);
      return { nodes: nodes.slice(depth, end), depth, before: depth * letters };
    },
  };
  const memory = new PathMemory(log);
  const read = async (session: string, end: string, most = Infinity) => {
    const path = memory.upwards(session, end);
    const pieces = [];
    for (let piece = await path.read(); piece !== null; piece = await path.read()) {
      pieces.push(piece);
      if (pieces.flatMap((each) => each.nodes).length >= most) break;
    }
    memory.remember(session, pieces);
    return pieces.toReversed();
  };
  return { read, reads, memory };
}

describe('paths in memory', () => {
  it('are read once: later only what is new of them', async () => {
    const { read, reads } = world(300);
    await read('s', 'm289', 200);
    expect(reads).toEqual([24, 64, 64, 64]);
    reads.length = 0;
    const pieces = await read('s', 'm291', 200);
    expect(reads).toEqual([4]);
    const nodes = pieces.flatMap((piece) => piece.nodes.map(({ id }) => id));
    expect(nodes).toEqual(Array.from({ length: nodes.length }, (_, i) => `m${292 - nodes.length + i}`));
    for (const { nodes, depth, before } of pieces) {
      expect(nodes[0]?.depth).toBe(depth);
      expect(before).toBe(depth * 10);
    }
  });

  it('go on in the log where memory ends', async () => {
    const { read, reads } = world(200);
    await read('s', 'm199', 24);
    reads.length = 0;
    const all = (await read('s', 'm199')).flatMap(({ nodes }) => nodes);
    expect(all).toHaveLength(200);
    expect(reads).toEqual([64, 64, 48]);
  });

  it('do not come back when the session is deleted while it is read', async () => {
    const { reads, memory, read } = world(24);
    const pieces = await read('s', 'm23');
    memory.forget('s');
    memory.remember('s', pieces);
    reads.length = 0;
    await read('s', 'm23');
    expect(reads).toEqual([24]);
  });

  it('are forgotten with their session, and when there are too many of them', async () => {
    const { read, reads, memory } = world(24, 40_000);
    await read('one', 'm23');
    memory.forget('one');
    reads.length = 0;
    await read('one', 'm23');
    expect(reads).toEqual([24]);
    for (const session of ['two', 'three', 'four']) await read(session, 'm23');
    reads.length = 0;
    await read('four', 'm23');
    expect(reads).toEqual([]);
    await read('one', 'm23');
    expect(reads).toEqual([24]);
  });
});
