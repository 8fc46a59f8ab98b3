import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { plainSession, richSession } from './testing/rich-session.ts';
import { type Transfers, transfers } from './testing/transfers.ts';

let here: Transfers;
beforeEach(() => {
  here = transfers();
});
afterEach(() => here.close());

async function filesIn(zip: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const opened = await fromBufferPromise(zip);
  for await (const entry of opened.eachEntry())
    files[entry.fileName] = (await buffer(await opened.openReadStreamPromise(entry))).toString('utf8');
  return files;
}
const retitle = (session: string, title: string) =>
  here.log.append({ session, events: [{ type: 'session.renamed', data: { title } }], durable: false });

describe('an export', () => {
  it('of one session is one file, called by its title, in pieces as everybody reads them', async () => {
    await richSession(here.log, 'one');
    const job = await here.exported('markdown', ['one']);
    const { id, ...file } = job.result!.file!;
    expect(job).toMatchObject({ kind: 'export', state: 'done', about: 'Greek “chorus” & <b>more</b>', done: 1, of: 1 });
    expect(file).toEqual({
      name: 'Greek “chorus” & b more b.md',
      bytes: here.bytesOf(job).length,
      type: 'text/markdown',
    });
    const text = here.bytesOf(job).toString();
    expect(text).toContain('## You');
    expect(text).toContain('Then the chorus **sings**.');
    expect(text).not.toContain('Or else?');
    const piece = await here.files.read(id, 0, 500_000);
    expect(piece).toEqual({ piece: here.bytesOf(job).toString('base64'), end: true });
    expect(statSync(join(here.folder.dir, 'transfer', id)).mode & 0o777).toBe(0o600);
  });

  it('as a page has the branch that is shown, and is a page', async () => {
    await richSession(here.log, 'one');
    const job = await here.exported('html', ['one']);
    const text = here.bytesOf(job).toString();
    expect(job.result!.file).toMatchObject({ name: 'Greek “chorus” & b more b.html', type: 'text/html' });
    expect(text.startsWith('<!doctype html>')).toBe(true);
    expect(text.endsWith('</html>\n')).toBe(true);
    expect(text.match(/<article/g)).toHaveLength(4);
    expect(text).toContain('<strong>sings</strong>');
    expect(text).not.toContain('Or else?');
  });

  it('of several is a zip of files with safe names, each there once', async () => {
    const titles = ['../up', 'Same', 'same', 'con', '\u202e', 'a/b\\c'];
    for (const [nth, title] of titles.entries()) {
      await plainSession(here.log, `s${nth}`, 2);
      await retitle(`s${nth}`, title);
    }
    const job = await here.exported(
      'markdown',
      titles.map((_, nth) => `s${nth}`),
    );
    const files = await filesIn(here.bytesOf(job));
    expect(Object.keys(files)).toEqual(['up.md', 'Same.md', 'same (2).md', 'session con.md', 'session.md', 'a b c.md']);
    expect(files['same (2).md']).toContain('# same\n');
  });

  it('of a long session has all of it, in order', async () => {
    await plainSession(here.log, 'long', 1_000);
    const text = here.bytesOf(await here.exported('markdown', ['long'])).toString();
    const said = [...text.matchAll(/^(\d+): Some words\.$/gm)].map(([, nth]) => Number(nth));
    expect(said).toEqual(Array.from({ length: 1_000 }, (_, nth) => nth - (nth % 2)));
  });

  it('leaves out what was deleted meanwhile, and says so; of nothing it is refused', async () => {
    await plainSession(here.log, 'there', 2);
    const job = await here.exported('json', ['there', 'gone']);
    expect(job.result).toMatchObject({ sessions: 1, notes: ['1 of 2 sessions are not there any more.'] });
    await expect(here.exported('json', ['gone'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await here.exported('json', ['gone', 'too'])).toMatchObject({
      state: 'failed',
      problem: { code: 'NOT_FOUND' },
    });
  });

  it("of nobody's sessions says that there is none", async () => {
    expect(await here.exported('json')).toMatchObject({
      state: 'failed',
      problem: { code: 'NOT_FOUND', message: 'There is no session to export.' },
    });
    expect(readdirSync(join(here.folder.dir, 'transfer'))).toEqual([]);
  });

  it('that is cancelled leaves no file', async () => {
    for (let nth = 0; nth < 300; nth++) await plainSession(here.log, `s${nth}`, 10);
    const { job } = await here.exports.start({ format: 'html' });
    while ((here.jobs.list()[0]?.done ?? 0) < 5) await wait(1);
    here.jobs.cancel(job);
    expect(await here.jobs.ended(job)).toMatchObject({ state: 'cancelled', result: null });
    expect(readdirSync(join(here.folder.dir, 'transfer'))).toEqual([]);
  });
});
