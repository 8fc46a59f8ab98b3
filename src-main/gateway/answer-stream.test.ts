import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { AnswerStream } from './answer-stream.ts';

/** The other side of an answer: takes writes as long as `room` is there. */
class Raw extends EventEmitter {
  room = true;
  destroyed = false;
  ended = 0;
  readonly writes: string[] = [];
  headers: Record<string, string> | undefined;

  writeHead(_: number, headers: Record<string, string>) {
    this.headers = headers;
  }

  write(text: string) {
    this.writes.push(text);
    return this.room;
  }

  end() {
    this.ended++;
  }

  destroy() {
    this.destroyed = true;
    this.emit('close');
  }
}

function make() {
  const raw = new Raw();
  const clock = fakeClock();
  const reply = { raw, hijack() {}, getHeaders: () => ({ 'x-limit': '1' }) };
  const out = new AnswerStream(reply as unknown as FastifyReply, { clock, ping: ': ping\n\n' });
  return { raw, clock, out };
}

describe('an answer as an event stream', () => {
  it('begins with the first thing that is sent, and carries the headers of the reply', async () => {
    const { raw, out } = make();
    expect(out.begun).toBe(false);
    out.send('a');
    await Promise.resolve();
    expect(out.begun).toBe(true);
    expect(raw.headers).toMatchObject({ 'x-limit': '1', 'content-type': 'text/event-stream; charset=utf-8' });
    expect(raw.writes).toEqual(['a']);
  });

  it('is one write for all that was sent at once', async () => {
    const { raw, out } = make();
    out.send('a');
    out.send('');
    out.send('b');
    await Promise.resolve();
    out.send('c');
    out.end('d');
    expect(raw.writes).toEqual(['ab', 'cd']);
    await Promise.resolve();
    expect(raw.writes).toEqual(['ab', 'cd']);
  });

  it('asks for patience from a full buffer until there is room', async () => {
    const { raw, out } = make();
    raw.room = false;
    expect(out.send('a')).toBeUndefined();
    await Promise.resolve();
    const patience = out.send('b');
    expect(patience).toBeInstanceOf(Promise);
    raw.room = true;
    raw.emit('drain');
    await patience;
    expect(out.send('c')).toBeUndefined();
  });

  it('ends once, and sends nothing after that', async () => {
    const { raw, out, clock } = make();
    out.end('a');
    out.end('b');
    out.send('c');
    await Promise.resolve();
    expect([raw.writes, raw.ended]).toEqual([['a'], 1]);
    expect(clock.timers).toBe(0);
  });

  it('keeps nobody waiting for a reader that is gone, and writes to it no more', async () => {
    const { raw, out, clock } = make();
    raw.room = false;
    out.send('a');
    await Promise.resolve();
    const patience = out.send('b');
    raw.emit('close');
    await patience;
    out.send('c');
    out.end('d');
    await Promise.resolve();
    expect([raw.writes, raw.ended, clock.timers]).toEqual([['a'], 0, 0]);
  });

  it('gives a sign of life every 15 s, also before there is anything to say', async () => {
    const { raw, out, clock } = make();
    clock.advance(15_000);
    await Promise.resolve();
    expect(out.begun).toBe(true);
    clock.advance(15_000);
    await Promise.resolve();
    expect(raw.writes).toEqual([': ping\n\n', ': ping\n\n']);
  });

  it('hangs up on a reader that takes nothing for 60 s', async () => {
    const { raw, out, clock } = make();
    raw.room = false;
    out.send('a');
    await Promise.resolve();
    clock.advance(59_999);
    expect([raw.destroyed, raw.writes]).toEqual([false, ['a']]);
    clock.advance(1);
    expect([raw.destroyed, clock.timers]).toEqual([true, 0]);
  });
});
