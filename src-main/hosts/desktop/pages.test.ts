import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { securityHeaders } from '../../gateway/guard.ts';
import { pageFile, pages } from './pages.ts';

let folder: string;
let get: (path: string, method?: string) => Promise<Response>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-pages-'));
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
  mkdirSync(join(folder, 'renderer-other'));
  writeFileSync(join(folder, 'renderer/index.html'), '<p>the page</p>');
  writeFileSync(join(folder, 'renderer/assets/index.js'), 'let a;');
  writeFileSync(join(folder, 'renderer/notes.md'), 'not for pages');
  writeFileSync(join(folder, 'renderer-other/secret.json'), '"secret"');
  writeFileSync(join(folder, 'secret.json'), '"secret"');
  const answer = pages(join(folder, 'renderer'));
  get = (path, method = 'GET') => answer({ method, url: `app://choragus${path}` });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('serves the page and its parts with their types and every security header', async () => {
  const page = await get('/');
  expect([page.status, await page.text()]).toEqual([200, '<p>the page</p>']);
  expect(Object.fromEntries(page.headers)).toEqual({ ...securityHeaders, 'content-type': 'text/html; charset=utf-8' });
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  const script = await get('/assets/index.js?v=1');
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
});

it.each([
  '/missing.js',
  '/assets',
  '/assets/',
  '/notes.md',
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/..%2f..%2fsecret.json',
  '/..%5csecret.json',
  '/..%2frenderer-other%2fsecret.json',
  '/%00index.html',
  '/%E0%A4%A',
  '//etc/passwd',
])('has nothing at %s, and says so with the same headers', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('secret');
  expect(Object.fromEntries(answer.headers)).toMatchObject(securityHeaders);
});

it('answers reading only, and only at its own address', async () => {
  expect((await get('/', 'POST')).status).toBe(405);
  const answer = pages(join(folder, 'renderer'));
  expect((await answer({ method: 'GET', url: 'app://elsewhere/index.html' })).status).toBe(404);
});

it('never leaves its folder, whatever the path', () => {
  const root = join(folder, 'renderer');
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e',
    '%2f',
    '%5c',
    '/',
    '\\',
    'a',
    'index.html',
    '%00',
    ':',
    '%',
    '?',
    '#',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const file = pageFile(root, `app://choragus/${pieces.join('')}`);
      return file === null || file.startsWith(root + sep);
    }),
  );
});
