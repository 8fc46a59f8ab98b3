import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { echo } from './testing/echo.ts';
import { bearer, type Running, running } from './testing/running.ts';

let there: Running;
beforeEach(async () => {
  there = await running({ areas: [echo], slowMs: 200 });
});
afterEach(() => there.close());

const ownHead = () => `Host: 127.0.0.1:${there.server.port}\r\nAuthorization: Bearer chat\r\n`;

/** What came until the server hung up. */
async function until(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => (text += data)).on('error', () => {});
  await new Promise((resolve) => socket.on('close', resolve));
  return text;
}

it.each([
  ['nothing at all', ''],
  ['the half of a head', 'GET /api/chat HTTP/1.1\r\nX-One: 1\r\n'],
  ['the half of a body', 'BODY'],
])('who sends %s and then waits is hung up on', async (_, text) => {
  const socket = connect(there.server.port, '127.0.0.1');
  const body = `POST /api/things/a HTTP/1.1\r\n${ownHead()}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"half`;
  if (text !== '') socket.write(text === 'BODY' ? body : text);
  const told = await until(socket);
  expect(told).toMatch(/^HTTP\/1\.1 408 /);
  expect(told).toContain('"code":"TIMEOUT"');
});

it('who goes on sending a head byte by byte gets no further, and a hundred of them disturb nobody', async () => {
  const slow = Array.from({ length: 100 }, () => connect(there.server.port, '127.0.0.1'));
  const ends = slow.map((socket) => {
    socket.write('GET /api/chat HTTP/1.1\r\n');
    const drip = setInterval(() => socket.writable && socket.write('X: 1\r\n'), 20);
    return until(socket).finally(() => clearInterval(drip));
  });
  expect((await there.ask('/api/chat', { headers: bearer('chat') })).status).toBe(200);
  for (const told of await Promise.all(ends)) expect(told === '' || told.startsWith('HTTP/1.1 408 ')).toBe(true);
  expect((await there.ask('/api/chat', { headers: bearer('chat') })).status).toBe(200);
});

it('rubbish in the midst of an answer ends it, and writes nothing into it', async () => {
  let begun = () => {};
  const streaming = await running({
    areas: [
      {
        ...echo,
        install: (app) =>
          app.get('/api/stream', { config: { open: true } }, (_, reply) => {
            reply.hijack().raw.writeHead(200).write('first');
            begun();
          }),
      },
    ],
  });
  const socket = connect(streaming.server.port, '127.0.0.1');
  const answering = new Promise<void>((resolve) => (begun = resolve));
  socket.write(`GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${streaming.server.port}\r\n\r\n`);
  const told = until(socket);
  await answering;
  socket.write('RUBBISH\r\n\r\n');
  expect(await told).not.toContain('HTTP/1.1 400');
  await streaming.close();
});

it('rubbish and heads that are too large are told as a problem', async () => {
  const rubbish = connect(there.server.port, '127.0.0.1');
  rubbish.write('RUBBISH\r\n\r\n');
  const told = await until(rubbish);
  expect(told).toMatch(/^HTTP\/1\.1 400 /);
  expect(told).toContain('"code":"INVALID_REQUEST"');
  const large = await there.ask('/api/chat', { headers: { 'x-large': 'x'.repeat(20_000) } });
  expect(large).toMatchObject({ status: 431, json: { message: 'The head of the request is larger than 16 KiB.' } });
});
