import { connect } from 'node:net';
import fc from 'fast-check';
import { expect } from 'vitest';
import { fuzzPlace } from './testing/fuzz/place.ts';
import { exchange, read } from './testing/fuzz/raw-http.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { head, opened } from './testing/fuzz/tcp.ts';
import { MARK, type World } from './testing/fuzz/world.ts';

const bytes = fc.uint8Array({ maxLength: 400 });
const octets = (...parts: (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

const handshake = (world: World, path = '/rpc') =>
  `${head(world, `GET ${path}`)}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;

/** Says that and no more: the other half of the connection is closed as well. */
function half(world: World, sent: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: world.port, host: '127.0.0.1', allowHalfOpen: false });
    let told = '';
    socket.on('data', (data) => (told += data.toString('latin1'))).on('error', () => {});
    socket.on('close', () => resolve(told));
    socket.end(sent);
  });
}

/** Nothing, or answers that HTTP knows, none of them about a mistake of ours. */
function expectHttp(told: string): void {
  if (told === '') return;
  expect(told).toMatch(/^HTTP\/1\.1 \d{3} /);
  expect(told).not.toMatch(/^HTTP\/1\.1 5/m);
}

fuzzPlace({
  'garbage is answered as HTTP, or hung up on': (world) => {
    const start = fc.constantFrom(
      '',
      'GET / HTTP/1.1\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
      'GET / HTTP/9.9\r\n',
      'SSH-2.0-x\r\n',
    );
    return fuzz(fc.tuple(start, bytes), 150, async ([begin, rest]) => {
      expectHttp(await half(world, octets(begin, rest, '\r\n\r\n')));
    });
  },

  'a request that breaks off anywhere is let go': (world) => {
    const body = JSON.stringify({ model: 'sim/steady', messages: [{ role: 'user', content: MARK }] });
    const whole = `${head(world, 'POST /v1/chat/completions')}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    return fuzz(fc.nat({ max: whole.length - 1 }), 60, async (end) => {
      expectHttp(await half(world, octets(whole.slice(0, end))));
    });
  },

  'junk behind a good request does not change its answer': (world) =>
    fuzz(fc.tuple(fc.constantFrom('/health', '/v1/models', '/nothing'), bytes), 60, async ([path, junk]) => {
      const told = await half(world, octets(head(world, `GET ${path}`), '\r\n', junk, '\r\n\r\n'));
      expectHttp(told);
    }),

  'a hundred requests in one piece are answered in order': async (world) => {
    const paths = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? '/health' : '/v1/models/nobody'));
    const all = paths.map((path) => `${head(world, `GET ${path}`)}\r\n`).join('');
    const told = await exchange(world.port, all.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'));
    const statuses = [...told.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    expect(statuses).toEqual(paths.map((path) => (path === '/health' ? '200' : '404')));
  },

  'a length that is none, two of them, or a length and pieces at once are refused': (world) => {
    const lengths = fc.constantFrom(
      'Content-Length: -1',
      'Content-Length: x',
      'Content-Length: 99999999999999999999',
      'Content-Length: 1\r\nContent-Length: 2',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: nonsense',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
      ' folded: x',
      'na me: x',
      'name\0: x',
      ': x',
    );
    return fuzz(lengths, 40, async (each) => {
      const told = await half(world, octets(head(world, 'POST /enter'), each, '\r\n\r\n0\r\n\r\n'));
      expect(told).toMatch(/^HTTP\/1\.1 4\d\d /);
    });
  },

  'a head that is too large is refused with 431, in one header or in thousands': async (world) => {
    const floods = [`X: ${'x'.repeat(17 * 1024)}\r\n`, 'X: 1\r\n'.repeat(4000), `Cookie: ${'a=b; '.repeat(5000)}\r\n`];
    for (const flood of floods) {
      const answer = read(await exchange(world.port, `${head(world)}${flood}\r\n`));
      expect(answer?.status).toBe(431);
    }
    const address = read(await exchange(world.port, `${head(world, `GET /${'a'.repeat(20_000)}`)}\r\n`));
    expect(address?.status).toBe(431);
  },

  'an upgrade that breaks off or asks for nonsense is let go': (world) => {
    const path = fc.constantFrom(
      '/rpc',
      '/ws/ai/apollo',
      '/ws/ai/',
      '/nothing',
      '/health',
      '/%zz',
      '*',
      'http://evil.example/rpc',
    );
    const end = fc.constantFrom(
      '',
      '\r\n',
      'Sec-WebSocket-Key: x\r\n\r\n',
      'Sec-WebSocket-Version: 99\r\n\r\n',
      'Sec-WebSocket-Protocol: ,,\r\n\r\n',
      'Origin: https://evil.example\r\n\r\n',
    );
    return fuzz(fc.tuple(path, end), 40, async ([each, rest]) => {
      expectHttp(await half(world, octets(handshake(world, each), rest)));
    });
  },

  'frames that are none end a WebSocket': (world) =>
    fuzz(fc.tuple(fc.constantFrom('/rpc', '/ws/ai/apollo'), bytes), 80, async ([path, junk]) => {
      expectHttp(await half(world, octets(handshake(world, path), '\r\n', junk)));
    }),

  'five hundred connections that say nothing, or half of something, harm nobody when they are dropped at once': async (
    world,
  ) => {
    const sockets = await Promise.all(Array.from({ length: 500 }, () => opened(world)));
    try {
      for (const [index, socket] of sockets.entries())
        if (index % 3 > 0) socket.write(index % 3 === 1 ? head(world) : `${handshake(world)}\r\n`);
      await world.expectWell();
    } finally {
      for (const [index, socket] of sockets.entries())
        if (index % 2 === 0) socket.resetAndDestroy();
        else socket.destroy();
    }
  },
});
