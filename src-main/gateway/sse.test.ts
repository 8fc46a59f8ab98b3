import { connect, type Socket } from 'node:net';
import Fastify, { type FastifyReply } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import { PING_MS, type SseEvent, STUCK_MS, streamEvents } from './sse.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What a test gives, as a source. */
class Given implements Source<SseEvent> {
  pulls = 0;
  closed = 0;
  answer: (pull: number) => SseEvent[] | null;
  ready: () => void = () => {};

  constructor(answer: (pull: number) => SseEvent[] | null) {
    this.answer = answer;
  }

  async pull(): Promise<SseEvent[] | null> {
    return this.answer(this.pulls++);
  }

  onReady(ready: () => void): void {
    this.ready = ready;
  }

  close(): void {
    this.closed++;
  }
}

async function serve(source: Source<SseEvent>) {
  const clock = fakeClock();
  const closing = new AbortController();
  const app = Fastify({ forceCloseConnections: true });
  ends.push(() => app.close());
  const over = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<FastifyReply['raw']>();
  app.get('/', async (_, reply) => {
    reply.header('x-kept', 'yes');
    const streaming = streamEvents(reply, source, {
      clock,
      signal: closing.signal,
      failed: ({ code }) => ({ data: code }),
    });
    begun.resolve(reply.raw);
    await streaming;
    over.resolve();
    return reply;
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, clock, closing, over: over.promise, begun: begun.promise };
}

/** Sends the request and reads nothing. */
async function silentReader(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.on('error', () => {});
  ends.push(() => socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  return socket;
}

const turnOfLoop = () => new Promise(setImmediate);

it('writes events with id, name and data beside the headers of hooks, and ends with its source', async () => {
  const source = new Given((pull) =>
    pull === 0
      ? [
          { id: 'e:1', data: '{}' },
          { event: 'x', data: '🙂' },
        ]
      : null,
  );
  const { url, over, clock } = await serve(source);
  const response = await fetch(url);
  expect(await response.text()).toBe('id: e:1\ndata: {}\n\nevent: x\ndata: 🙂\n\n');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('x-kept')).toBe('yes');
  await over;
  expect([source.closed, clock.timers]).toEqual([1, 0]);
});

it('sends a comment after each 15 s of silence, and what comes then at once', async () => {
  const source = new Given((pull) => (pull === 0 ? [{ data: '1' }] : []));
  const { url, clock } = await serve(source);
  const reader = (await fetch(url)).body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader.read()).value;
  expect(await next()).toBe('data: 1\n\n');
  for (let n = 0; n < 3; n++) {
    clock.advance(PING_MS);
    expect(await next()).toBe(': ping\n\n');
  }
  const asked = source.pulls;
  source.answer = (pull) => (pull === asked ? [{ data: '2' }] : null);
  source.ready();
  expect(await next()).toBe('data: 2\n\n');
});

it('a reader that stops reading costs no more than is held once, and is hung up on after 60 s', async () => {
  const piece = 'x'.repeat(4096);
  const source = new Given(() => Array.from({ length: 64 }, () => ({ data: piece })));
  const { url, clock, over, begun } = await serve(source);
  await silentReader(url);
  const raw = await begun;
  // Until its buffers and those of the system are full: no progress in many turns of the event loop.
  for (let still = 0, before = -1; still < 200; ) {
    await turnOfLoop();
    const now = raw.socket!.bytesWritten;
    still = now === before ? still + 1 : 0;
    before = now;
  }
  const pulls = source.pulls;
  expect(raw.writableLength).toBeLessThan(1024 * 1024);
  expect(raw.listenerCount('drain')).toBeLessThanOrEqual(2);
  clock.advance(STUCK_MS - 1);
  expect([raw.destroyed, source.closed]).toEqual([false, 0]);
  clock.advance(1);
  await over;
  expect([raw.destroyed, source.closed, source.pulls]).toEqual([true, 1, pulls]);
  expect(clock.timers).toBe(0);
});

it('a reader that is slow, and reads, gets everything in order', async () => {
  const total = 300;
  const source = new Given((pull) => (pull < total ? [{ data: `${pull}:${'y'.repeat(50_000)}` }] : null));
  const { url, over } = await serve(source);
  const socket = await silentReader(url);
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk.replaceAll('y', '');
    socket.pause();
    setImmediate(() => socket.resume());
  });
  socket.resume();
  await over;
  await new Promise<void>((resolve) => {
    const look = () => (text.endsWith('0\r\n\r\n') ? resolve() : setImmediate(look));
    look();
  });
  expect([...text.matchAll(/data: (\d+):/g)].map(([, n]) => Number(n))).toEqual(
    Array.from({ length: total }, (_, n) => n),
  );
});

it('who leaves ends the source, once', async () => {
  const source = new Given((pull) => (pull === 0 ? [{ data: '1' }] : []));
  const { url, over, clock } = await serve(source);
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  await over;
  expect([source.closed, clock.timers]).toEqual([1, 0]);
});

it.each([
  ['a source that fails', new Problem('TIMEOUT', 'late'), 'TIMEOUT'],
  ['a bug', new TypeError('oops'), 'INTERNAL'],
])('%s is told, and ends the stream', async (_what, error, code) => {
  const source = new Given((pull) => {
    if (pull === 0) return [{ data: '1' }];
    throw error;
  });
  const { url } = await serve(source);
  expect(await (await fetch(url)).text()).toBe(`data: 1\n\ndata: ${code}\n\n`);
  expect(source.closed).toBe(1);
});

it('a stream that is closed from here says why', async () => {
  const source = new Given((pull) => (pull === 0 ? [{ data: '1' }] : []));
  const { url, closing } = await serve(source);
  const response = await fetch(url);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  closing.abort(new Problem('DISCONNECTED', 'It was closed in Settings.'));
  expect((await reader.read()).value).toBe('data: DISCONNECTED\n\n');
  expect((await reader.read()).done).toBe(true);
  expect(source.closed).toBe(1);
});
