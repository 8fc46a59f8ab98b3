import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { ConfigSchema } from '../config/config.ts';
import { type ListeningAsked, listening } from './listening.ts';

const fixtures = join(import.meta.dirname, '../gateway/testing/tls');
const tls = { cert: join(fixtures, 'certificate.pem'), key: join(fixtures, 'key.pem') };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-listening-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const where = (asked: ListeningAsked = {}, gateway: object = {}, from = folder) =>
  listening(asked, ConfigSchema.parse({ gateway }).gateway, from);

function refusal(asked: ListeningAsked, gateway: object = {}): Problem {
  try {
    where(asked, gateway);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

it('is this computer alone unless told otherwise, by the command line before the configuration', () => {
  expect(where()).toEqual({ host: '127.0.0.1', names: [], tls: undefined });
  expect(where({}, { host: '[::1]', names: ['A.Test'] })).toEqual({ host: '::1', names: ['a.test'], tls: undefined });
  expect(where({ host: 'localhost' }, { host: '0.0.0.0' }).host).toBe('localhost');
});

it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org'])(
  '%s, which others can reach, needs TLS or an explicit wish',
  (host) => {
    for (const problem of [refusal({ host }), refusal({}, { host }), refusal({ host, plainHttp: false })])
      expect(problem).toMatchObject({
        code: 'UNSUPPORTED',
        message: `Other computers can reach ${host}, and without TLS whoever is on the way can read everything.`,
        next: expect.stringContaining('--plain-http'),
      });
    expect(where({ host, plainHttp: true }).host).toBe(host);
    expect(where({}, { host, plainHttp: true }).host).toBe(host);
    expect(where({ host, tls }).tls?.cert).toContain('BEGIN CERTIFICATE');
  },
);

it('finds the files of the configuration beside it', () => {
  const gateway = { host: '0.0.0.0', tls: { cert: 'certificate.pem', key: 'key.pem' } };
  expect(where({}, gateway, fixtures).tls?.key).toContain('PRIVATE KEY');
});

it('says what is wrong with a certificate, and quotes nothing of a key', () => {
  const rubbish = join(folder, 'rubbish.pem');
  writeFileSync(rubbish, 'canary-of-the-key');
  const other = join(fixtures, 'other-key.pem');
  const none = join(folder, 'none.pem');
  const cases = [
    [{ cert: none, key: tls.key }, `The certificate ${none} does not exist.`],
    [{ cert: tls.cert, key: none }, `The key ${none} does not exist.`],
    [{ cert: folder, key: tls.key }, `The certificate ${folder} cannot be read.`],
    [{ cert: rubbish, key: tls.key }, `${rubbish} holds no certificate that can be used.`],
    [{ cert: tls.cert, key: rubbish }, `${rubbish} holds no key that can be used.`],
    [{ cert: tls.key, key: tls.cert }, `${tls.key} holds no certificate that can be used.`],
    [{ cert: tls.cert, key: other }, `The key ${other} does not belong to the certificate ${tls.cert}.`],
  ] as const;
  for (const [files, message] of cases) {
    const problem = refusal({ tls: files });
    expect(problem.message).toBe(message);
    expect(JSON.stringify([problem.toBody(), String(problem.cause)])).not.toContain('canary');
  }
});
