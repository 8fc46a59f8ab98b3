import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const { told, exited } = vi.hoisted(() => ({ told: [] as string[], exited: [] as ((code: number) => void)[] }));
vi.mock('electron', () => ({
  app: {
    setPath() {},
    enableSandbox() {},
    requestSingleInstanceLock: () => false,
    whenReady: async () => {},
    exit: (code: number) => exited.shift()?.(code),
  },
  protocol: { registerSchemesAsPrivileged() {} },
  dialog: { showErrorBox: (title: string, text: string) => told.push(`${title}: ${text}`) },
  shell: {},
}));

/** What the main process listens to, and with it every test. */
const heard: [emitter: NodeJS.EventEmitter, event: string][] = [
  [process, 'uncaughtException'],
  [process, 'unhandledRejection'],
  [process.stdout, 'error'],
  [process.stderr, 'error'],
];
let folder: string;
let forget: (() => void)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-main-'));
  forget = heard.map(([emitter, event]) => {
    const before = emitter.listeners(event);
    emitter.removeAllListeners(event);
    return () => {
      emitter.removeAllListeners(event);
      for (const listener of before) emitter.on(event, listener as () => void);
    };
  });
});
afterEach(() => {
  for (const each of forget) each();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Starts with this data folder; the code that it ends with. */
async function run(dataDir: string): Promise<number> {
  vi.resetModules();
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['electron', '.', '--data-dir', dataDir]);
  const code = new Promise<number>((resolve) => exited.push(resolve));
  await import('./main.ts');
  return code;
}

it('goes on when nobody reads what it prints any more', async () => {
  expect(await run(folder)).toBe(0);
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  for (const stream of [process.stdout, process.stderr]) expect(stream.emit('error', gone)).toBe(true);
  expect(told).toEqual([]);
});

it('says why it cannot start, and ends with a code that Electron itself does not end with', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const code = await run(file);
  expect(told).toEqual([expect.stringContaining(`Choragus: The data folder ${file} cannot be used`)]);
  // As `scripts/electron.test.ts` has it.
  expect(code).toBe(70);
});
