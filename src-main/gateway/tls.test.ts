import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerOptions } from './server.ts';
import { echo } from './testing/echo.ts';
import { bearer, type Running, running, user } from './testing/running.ts';

const pem = (name: string) => readFileSync(join(import.meta.dirname, 'testing/tls', name), 'utf8');
const tls = { cert: pem('certificate.pem'), key: pem('key.pem') };

let there: Running;
const start = async (changed: Partial<ServerOptions>) => {
  there = await running({ areas: [echo], ...changed });
};
afterEach(() => there.close());

describe('with a certificate', () => {
  it('requests and sockets come by TLS, and a program that trusts the certificate is content', async () => {
    await start({ tls });
    expect([there.server.url, there.server.open]).toEqual([`https://127.0.0.1:${there.server.port}`, null]);
    expect((await there.ask('/api/chat', { headers: bearer('chat') })).status).toBe(200);
    expect(await there.upgrade('/rpc', bearer('chat'))).toBeInstanceOf(WebSocket);
    const socket = connect({ host: '127.0.0.1', port: there.server.port, ca: tls.cert, servername: 'localhost' });
    await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject));
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, 'TLSv1.3']);
    socket.destroy();
  });

  it('the cookie of a browser goes by TLS alone, and links and pages are at https', async () => {
    await start({ tls });
    const link = new URL(there.server.link());
    expect(link.protocol).toBe('https:');
    const origin = there.server.url;
    const entered = await there.ask('/enter', {
      headers: { origin },
      body: { code: link.hash.slice('#code='.length) },
    });
    expect(entered.headers['set-cookie']![0]).toMatch(/; SameSite=Strict; Max-Age=2592000; Secure$/);
    expect((await there.ask('/health', { headers: { origin: origin.replace('https', 'http') } })).status).toBe(403);
  });

  it('who speaks plain HTTP is hung up on', async () => {
    await start({ tls });
    const socket = connectPlain(there.server.port, '127.0.0.1');
    socket.on('error', () => {}).write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    let text = '';
    socket.on('data', (data) => (text += data));
    await new Promise((resolve) => socket.on('close', resolve));
    expect(text).not.toContain('"status":"ok"');
    expect((await there.ask('/health')).status).toBe(200);
  });
});

describe('where others can reach it', () => {
  const names = ['choragus.test', 'outside.test:8443'];

  it('it goes by its own addresses and the names of the configuration, and by no other', async () => {
    await start({ host: '0.0.0.0', names, tls });
    const { port } = there.server;
    expect([there.server.url, there.server.local, there.server.open]).toEqual([
      `https://choragus.test:${port}`,
      `https://127.0.0.1:${port}`,
      'tls',
    ]);
    const status = async (host: string, origin?: string) =>
      (await there.ask('/', { headers: { ...bearer(user), host, ...(origin && { origin }) } })).status;
    // Nothing lies at /, which is told only to who came by a name of this computer.
    for (const host of [`127.0.0.1:${port}`, `choragus.test:${port}`, 'Choragus.Test', 'outside.test:8443'])
      expect([host, await status(host), await status(host, `https://${host.toLowerCase()}`)]).toEqual([host, 404, 404]);
    for (const host of ['evil.test', `evil.test:${port}`, 'outside.test', 'outside.test:1', `0.0.0.0.evil:${port}`])
      expect([host, await status(host)]).toEqual([host, 421]);
    expect(await status('choragus.test', 'https://evil.test')).toBe(403);
  });

  it('without TLS that is told', async () => {
    await start({ host: '0.0.0.0' });
    expect([there.server.open, there.server.local]).toEqual(['plain', `http://127.0.0.1:${there.server.port}`]);
    expect(there.server.url).toMatch(/^http:\/\/(?!0\.0\.0\.0)/);
    expect((await there.ask('/health')).status).toBe(200);
  });
});
