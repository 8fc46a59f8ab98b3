import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedServer } from './testing/process.ts';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** How an example of each language is run, as a file. */
const runners: Record<string, { file: string; command: (file: string) => [string, string[]] }> = {
  sh: { file: 'example.sh', command: (file) => ['sh', ['-eu', file]] },
  js: { file: 'example.mjs', command: (file) => [process.execPath, [file]] },
  python: { file: 'example.py', command: (file) => ['python3', [file]] },
};

interface Example {
  page: string;
  /** The heading above it. */
  title: string;
  language: string;
  code: string;
  /** What it prints: `…` stands for anything. */
  prints: string;
}

/** Every fenced example, with the fence of what it prints, which follows it. */
function examplesIn(page: string): Example[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const fences = /^```(sh|js|python)\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm;
  return [...text.matchAll(fences)].map((found) => {
    const [, language, code, prints] = found as unknown as [string, string, string, string];
    const title =
      text
        .slice(0, found.index)
        .match(/^## .*$/gm)
        ?.at(-1)
        ?.slice(3) ?? page;
    return { page, title, language, code, prints };
  });
}

const pages = ['api.md', 'streaming.md'];
const examples = pages.flatMap(examplesIn);

let server: StartedServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-docs-'));
  const program = join(root, 'scripts/serve-from-source.mjs');
  server = await StartedServer.start({ program, config: { localServices: false } });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('no example is left out: each says what it prints', () => {
  const fences = pages.flatMap((page) => readFileSync(join(root, 'docs', page), 'utf8').match(/^```(sh|js|python)$/gm));
  expect(examples).toHaveLength(fences.length);
});

/** A computer without Python or curl can be a good computer. */
const missing = ['curl', 'python3'].filter((program) => spawnSync(program, ['--version']).status !== 0);
const canRun = ({ language, code }: Example) =>
  !missing.some((program) => (language === 'python' ? program === 'python3' : code.includes(program)));

describe.each(pages)('%s', (page) => {
  const here = examples.filter((each) => each.page === page);
  it.for(missing)('%s is not there, so its examples are not run', (_, { skip }) => skip());
  it.each(here.filter(canRun))('$title, $language', async ({ language, code, prints }) => {
    const runner = runners[language]!;
    const file = join(folder, runner.file);
    writeFileSync(file, code);
    const env = { ...process.env, CHORAGUS: server.url, TOKEN: server.token };
    const { stdout } = await run(...runner.command(file), { env, cwd: folder, timeout: 15_000 });
    const pattern = prints
      .trim()
      .split('…')
      .map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*?');
    expect(stdout.replaceAll('\r', '')).toMatch(new RegExp(pattern));
  });
});
