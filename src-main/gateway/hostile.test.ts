import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problems } from '#shared/domain/problem.ts';
import { echo } from './testing/echo.ts';
import { bearer, type Running, running } from './testing/running.ts';

let there: Running;
beforeAll(async () => {
  there = await running({ areas: [echo], slowMs: 400, limits: { connections: 100, requestsPerMinute: 1_000_000 } });
});
afterAll(() => there.close());

const stillThere = async () => (await there.ask('/api/chat', { headers: bearer('chat') })).status === 200;

it('whatever bytes come, they are answered as HTTP or hung up on, and nobody else notices', async () => {
  const start = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'POST /api/things/a HTTP/1.1\r\nHost: 127.0.0.1\r\n',
    'PRI * HTTP/2.0\r\n',
  );
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 300 }), async (begin, bytes) => {
      const socket = connect(there.server.port, '127.0.0.1');
      let told = '';
      socket.on('data', (data) => (told += data.toString('latin1'))).on('error', () => {});
      socket.end(Buffer.concat([Buffer.from(begin), bytes, Buffer.from('\r\n\r\n')]));
      await new Promise((resolve) => socket.on('close', resolve));
      expect(told === '' || /^HTTP\/1\.1 4\d\d /.test(told)).toBe(true);
    }),
    { numRuns: 100 },
  );
  expect(await stillThere()).toBe(true);
});

it('whatever is asked of a dialect, the answer is one of its own, and never a mistake of ours', async () => {
  const text = fc.string({ maxLength: 40 });
  const header = text.map((value) => value.replace(/[^\x20-\x7e]/g, ''));
  const asked = fc.record({
    path: fc.oneof(
      fc.constantFrom('/api/chat', '/api/things/a', '/api/things/', '/api/open', '/ws/chat'),
      text.map((step) => `/api/${encodeURI(step.toWellFormed())}`),
      fc.string({ unit: fc.constantFrom('%', '.', '/', '0', 'a', '?', ';', ':') }).map((step) => `/api/${step}`),
    ),
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
    headers: fc.record(
      {
        authorization: fc.oneof(fc.constant('Bearer chat'), header),
        'x-api-key': header,
        origin: header,
        cookie: header,
        host: header,
        accept: header,
        'content-type': fc.oneof(
          fc.constantFrom('application/json', 'application/json; charset=x', 'text/plain'),
          header,
        ),
        'content-encoding': fc.constantFrom('gzip', 'nothing'),
        'access-control-request-method': header,
        'sec-fetch-site': header,
        'sec-websocket-protocol': header,
      },
      { requiredKeys: [] },
    ),
    body: fc.oneof(fc.constant(undefined), fc.json(), text, fc.constant(`${'['.repeat(400)}${']'.repeat(400)}`)),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ path, method, headers, body }) => {
      const answer = await there.ask(path, { method, headers, body });
      expect(answer.status).toBeLessThan(500);
      if (answer.status < 400 || method === 'HEAD') return;
      expect(answer.headers['x-told-by']).toBe('echo');
      expect(Object.keys(problems)).toContain(answer.json.echo.code);
    }),
    { numRuns: 400 },
  );
  expect(await stillThere()).toBe(true);
  expect(there.logged.filter((line) => line.startsWith('error'))).toEqual([]);
});
