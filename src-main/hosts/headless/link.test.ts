import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeOwnership } from '../../log/lock.ts';
import { requestLink } from './link.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-link-'));
  writeFileSync(join(folder, 'access.json'), JSON.stringify({ token: 'token', secret: 'x'.repeat(32) }));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a Choragus whose gateway is off has no link, and says how to get one', async () => {
  const ownership = takeOwnership(folder, { pid: 1, startedAt: 0 });
  ownership.announce({ address: 'http://127.0.0.1:9' });
  ownership.announce({ address: undefined });
  await expect(requestLink(folder, {})).rejects.toMatchObject({
    message: `The Choragus with the data folder ${folder} does not listen for browsers.`,
    next: 'Switch the gateway on in its Settings.',
  });
  ownership.release();
  await expect(requestLink(folder, {})).rejects.toThrow('No Choragus runs');
});
