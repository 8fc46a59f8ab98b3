import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allImports, type Import, importsIn } from './imports.ts';
import { complaint, rooms } from './rooms.ts';

const root = join(import.meta.dirname, '..');
const folders = ['src-shared', 'src-main', 'src-renderer', 'e2e', 'bench'];

it('every file imports only what its room may know', () => {
  expect(
    allImports(root, folders)
      .map(complaint)
      .filter((each) => each !== null),
  ).toEqual([]);
});

describe('the walls', () => {
  const told = (file: string, target: string, ours = true) => complaint({ file, target, ours } satisfies Import);

  it('say who may not know whom, and what to do instead', () => {
    expect(told('src-main/log/x.ts', 'src-main/api/y.ts')).toBe(
      'src-main/log/x.ts imports src-main/api/y.ts: src-main/log may know src-shared/domain, src-shared/kit only; ' +
        'ask for what you need through an interface instead.',
    );
  });

  it.each([
    ['the kit knows nothing', 'src-shared/kit/x.ts', 'src-shared/domain/problem.ts'],
    ['engines meet through ports', 'src-main/engines/session/x.ts', 'src-main/engines/streaming/turns.ts'],
    ['engines know the log as an interface', 'src-main/engines/session/x.ts', 'src-main/log/open.ts'],
    ['engines know no host', 'src-main/engines/session/x.ts', 'src-main/hosts/clock.ts'],
    ['the composition knows no host', 'src-main/compose.ts', 'src-main/hosts/headless/serve.ts'],
    [
      'the preload carries no engine into a page',
      'src-main/hosts/desktop/preload/x.ts',
      'src-main/hosts/desktop/quit.ts',
    ],
    ['the renderer knows the shared code only', 'src-renderer/state/x.ts', 'src-main/log/log.ts'],
    ['plain components have no state', 'src-renderer/ui/x.tsx', 'src-renderer/state/y.ts'],
    ['what is for tests stays out of the product', 'src-main/compose.ts', 'src-shared/kit/testing/clock.ts'],
  ])('stand: %s', (_, file, target) => {
    expect(told(file, target)).not.toBeNull();
  });

  it.each([
    ['engines do not open sockets', 'src-main/engines/session/x.ts', 'node:http'],
    ['only the desktop shell knows Electron', 'src-main/hosts/headless/x.ts', 'electron'],
    ['the preload has no Node', 'src-main/hosts/desktop/preload/x.ts', 'node:fs'],
    ['the renderer has no Node', 'src-renderer/link/x.ts', 'node:fs'],
    ['shared code runs anywhere', 'src-shared/wire/x.ts', 'ws'],
  ])('stand: %s', (_, file, target) => {
    expect(told(file, target, false)).not.toBeNull();
  });

  it.each([
    ['an engine, itself', 'src-main/engines/session/x.ts', 'src-main/engines/session/y.ts'],
    ['an engine, the ports of another', 'src-main/engines/session/x.ts', 'src-main/engines/streaming/ports.ts'],
    ['a test, anything', 'src-main/log/x.test.ts', 'src-shared/kit/testing/clock.ts'],
    ['a host, the composition', 'src-main/hosts/headless/x.ts', 'src-main/compose.ts'],
  ])('have doors: %s', (_, file, target) => {
    expect(told(file, target)).toBeNull();
  });

  it('see every way to import', () => {
    const text = `
      import type { A } from './a.ts';
      import 'electron';
      export { b } from '../b.ts';
      export * from '#shared/kit/clock.ts';
      const c = await import('./c.ts');
      // import d from './d.ts'
      const text = "import e from './e.ts'";
    `;
    expect(importsIn('src-main/log/x.ts', text).map(({ target }) => target)).toEqual([
      'src-main/log/a.ts',
      'electron',
      'src-main/b.ts',
      'src-shared/kit/clock.ts',
      'src-main/log/c.ts',
    ]);
  });

  it('name places that exist, so that a renamed room keeps its wall', () => {
    const planned = ['src-shared/aish'];
    const missing = rooms.map(({ path }) => path).filter((path) => !existsSync(join(root, path)));
    expect(missing.filter((path) => !planned.includes(path))).toEqual([]);
  });
});
