import { expect, test } from 'vitest';
import type { Job } from '#shared/domain/jobs.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Client } from '#shared/wire/client.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { EXPORT, type PickedFile, placeOf, Transfers } from './transfers.ts';

const text = (length: number) => `{"a": "${'x'.repeat(length - 9)}"}`;
const picked = (name: string, content: string): PickedFile => {
  const bytes = new TextEncoder().encode(content);
  return {
    name,
    size: bytes.length,
    slice: (from, to) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer as ArrayBuffer }),
  };
};

/** A server that keeps what comes, and a place where files are saved. */
function setUp(refuse: (method: string) => Problem | undefined = () => undefined) {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const saved: { name: string; bytes: number }[] = [];
  const troubles: Record<string, ProblemBody> = {};
  let ids = 0;
  const answer: Record<string, (params: never) => unknown> = {
    'files.begin': ({ bytes }: { bytes: number }) => {
      files.set(`f${++ids}`, new Uint8Array(bytes));
      return { file: `f${ids}` };
    },
    'files.write': ({ file, offset, piece }: { file: string; offset: number; piece: string }) => {
      files.get(file)!.set(fromBase64(piece), offset);
      return {};
    },
    'files.read': ({ file, offset, bytes }: { file: string; offset: number; bytes: number }) => {
      const all = files.get(file)!;
      return { piece: toBase64(all.subarray(offset, offset + bytes)), end: offset + bytes >= all.length };
    },
    'files.forget': ({ file }: { file: string }) => {
      files.delete(file);
      return {};
    },
    'imports.start': () => ({ job: 'j' }),
    'exports.start': () => ({ job: 'j' }),
  };
  const client = {
    async call(method: string, params: never) {
      asked.push(method);
      const problem = refuse(method);
      if (problem !== undefined) throw problem;
      return answer[method]!(params);
    },
  } as unknown as Client;
  const job = { result: { file: { id: 'made', name: 'a.json', bytes: 1_000_000, type: 'application/json' } } } as Job;
  const transfers = new Transfers({
    client,
    ended: async () => job,
    saver: {
      async save({ name }, pieces) {
        let bytes = 0;
        for await (const piece of pieces) bytes += piece.length;
        saved.push({ name, bytes });
      },
    },
    newId: () => `u${++ids}`,
    trouble: (place, problem) => {
      if (problem === null) delete troubles[place];
      else troubles[place] = problem;
    },
  });
  return { transfers, files, asked, saved, troubles };
}

test('a file is sent whole, in pieces, and then imported', async () => {
  const { transfers, files, asked } = setUp();
  const content = text(1_100_000);
  await transfers.import([picked('a.json', content)]);
  expect(asked).toEqual(['files.begin', 'files.write', 'files.write', 'files.write', 'imports.start']);
  expect(new TextDecoder().decode([...files.values()][0])).toBe(content);
  expect(transfers.store.getState().uploads).toEqual([]);
});

test('what is none of ours stays here and is told; the next file goes', async () => {
  const { transfers, asked } = setUp();
  await transfers.import([picked('photo.png', '\x89PNG and so on'), picked('b.json', text(20)), picked('empty', '')]);
  expect(asked).toEqual(['files.begin', 'files.write', 'imports.start']);
  const { uploads } = transfers.store.getState();
  expect(uploads.map(({ problem }) => problem?.message)).toEqual([
    'photo.png is no export of Choragus.',
    'empty is no export of Choragus.',
  ]);
  transfers.see();
  expect(transfers.store.getState().uploads.every(({ seen }) => seen)).toBe(true);
  transfers.drop(uploads[0]!.id);
  expect(transfers.store.getState().uploads).toHaveLength(1);
});

test('one that is dropped on its way stops, and is forgotten at the server', async () => {
  const { transfers, asked, files } = setUp((method) => {
    if (method === 'files.write') transfers.drop(transfers.store.getState().uploads[0]!.id);
    return undefined;
  });
  await transfers.import([picked('a.json', text(2_000_000))]);
  expect(asked).toEqual(['files.begin', 'files.write', 'files.forget']);
  expect([files.size, transfers.store.getState().uploads]).toEqual([0, []]);
});

test('one that is refused says why, and is forgotten at the server', async () => {
  const full = new Problem('STORAGE', 'The disk is full.', 'Make room.');
  const { transfers, asked } = setUp((method) => (method === 'files.write' ? full : undefined));
  await transfers.import([picked('a.json', text(20))]);
  expect(asked.at(-1)).toBe('files.forget');
  expect(transfers.store.getState().uploads).toMatchObject([{ problem: { message: 'The disk is full.' } }]);
});

test('what was exported is saved here, piece by piece', async () => {
  const { transfers, files, saved, troubles } = setUp();
  files.set('made', new Uint8Array(1_000_000).fill(7));
  await transfers.export('json', ['s']);
  expect(saved).toEqual([{ name: 'a.json', bytes: 1_000_000 }]);
  expect([transfers.store.getState().saving, troubles]).toEqual([{}, {}]);
});

test('an export or a file that cannot be had says why, in its place', async () => {
  const gone = new Problem('NOT_FOUND', 'This file is not here any more.', 'Export it again.');
  const { transfers, troubles } = setUp(() => gone);
  await transfers.export('html');
  await transfers.save({ id: 'made', name: 'a', bytes: 1, type: 'x' });
  expect(Object.keys(troubles)).toEqual([EXPORT, placeOf('made')]);
  expect(transfers.store.getState().saving).toEqual({});
});

test('base64 there and back', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  expect(toBase64(new Uint8Array())).toBe('');
});
