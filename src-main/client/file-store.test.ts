import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommandStore, KeptCommand } from '#shared/wire/kept.ts';
import { fileStore } from './file-store.ts';

let folder: string;
let path: string;
let store: CommandStore | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-commands-'));
  path = join(folder, 'deep', 'commands.jsonl');
});
afterEach(() => {
  store?.close?.();
  rmSync(folder, { recursive: true });
});

const open = () => {
  store?.close?.();
  store = fileStore(path);
  return store;
};
const command = (id: string, at: number, text = 'Hello'): KeptCommand => ({
  id,
  method: 'messages.send',
  params: { command: id, text },
  at,
});
const ids = async (store: CommandStore) => (await store.load()).map(({ id }) => id);

it('holds what was put and not removed, in order, for its user alone', async () => {
  const first = open();
  await Promise.all([first.put(command('b', 2)), first.put(command('a', 1)), first.put(command('c', 3))]);
  await first.remove('b');
  await first.put({ ...command('c', 3), refused: { code: 'EXPIRED', message: 'Too late.' } });
  expect(await open().load()).toEqual([
    command('a', 1),
    { ...command('c', 3), refused: { code: 'EXPIRED', message: 'Too late.' } },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('loses nothing but a line that was torn, wherever the kill came', async () => {
  const whole = open();
  for (let at = 1; at <= 3; at++) await whole.put(command(`${at}`, at, 'ä'.repeat(at * 5)));
  whole.close?.();
  const text = readFileSync(path);
  const lines = text.toString().trim().split('\n');
  for (let cut = 0; cut <= text.length; cut += 3) {
    writeFileSync(path, text);
    truncateSync(path, cut);
    const left = open();
    const expected = lines.filter((_, i) => Buffer.byteLength(`\n${lines.slice(0, i + 1).join('\n')}`) <= cut);
    expect(await ids(left)).toEqual(expected.map((_, i) => `${i + 1}`));
    await left.put(command('9', 9));
    expect(await ids(open())).toEqual([...expected.map((_, i) => `${i + 1}`), '9']);
  }
});

it('passes over what it did not write', async () => {
  await open().put(command('a', 1));
  store!.close?.();
  appendFileSync(path, '\nnull\n[]\n"remove"\n{"other":1}\n');
  expect(await ids(open())).toEqual(['a']);
});

it('stays small however much goes through it', async () => {
  const busy = open();
  await busy.put(command('stays', 1));
  for (let at = 2; at < 3000; at++) {
    void busy.put(command(`${at}`, at));
    await busy.remove(`${at}`);
  }
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(2100);
  expect(await ids(open())).toEqual(['stays']);
});

it('belongs to one at a time, and to nobody once its owner is dead', () => {
  open();
  expect(() => fileStore(path)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  store!.close?.();
  writeFileSync(`${path}.lock`, '1');
  expect(() => fileStore(path)).toThrow(/belong to process 1\./);
  writeFileSync(`${path}.lock`, '4194303');
  open();
});

it('says which file could not be written', () => {
  writeFileSync(join(folder, 'deep'), 'a file where a folder should be');
  expect(() => fileStore(path)).toThrow(/deep/);
});

it('whatever is put, replaced, removed and reopened when, it loads what is live', async () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), id }),
    fc.record({ kind: fc.constant('remove' as const), id }),
    fc.record({ kind: fc.constant('reopen' as const), id }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      rmSync(path, { force: true });
      let now = open();
      const live = new Map<string, KeptCommand>();
      for (const [at, { kind, id }] of steps.entries()) {
        if (kind === 'put') {
          live.set(id, command(id, at));
          void now.put(command(id, at));
        } else if (kind === 'remove') {
          live.delete(id);
          void now.remove(id);
        } else now = open();
      }
      expect(await open().load()).toEqual([...live.values()].sort((a, b) => a.at - b.at));
      store!.close?.();
    }),
    { numRuns: 50 },
  );
});
