import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import { HIGH_WATER, MAX_BUFFERED } from '#shared/wire/websocket.ts';
import { Flow } from './flow.ts';

/** A socket that sends nothing until the far end reads. */
class Far extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  closed: number | undefined;
  #written: (() => void)[] = [];

  send(text: string, written: () => void): void {
    this.bufferedAmount += text.length;
    this.#written.push(written);
  }

  read(): void {
    this.bufferedAmount = 0;
    for (const written of this.#written.splice(0)) written();
  }

  close(code: number): void {
    this.readyState = 2;
    this.closed = code;
  }
}

/** Gives one large item with each pull. */
class Endless implements Source<string> {
  pulls = 0;
  closed = 0;
  async pull(): Promise<string[]> {
    this.pulls++;
    return ['x'.repeat(HIGH_WATER / 4)];
  }
  onReady(): void {}
  close(): void {
    this.closed++;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function reading(count: number) {
  const far = new Far();
  const clock = fakeClock();
  const flow = new Flow(far as unknown as WebSocket, clock);
  const end = new AbortController();
  const sources = Array.from({ length: count }, () => new Endless());
  const reads = sources.map((source) => flow.read(source, end.signal, (text) => flow.send({ text })));
  return { far, clock, flow, end, sources, reads };
}

it('asks no source for more than the far end reads, however many there are', async () => {
  const { far, end, sources, reads } = reading(30);
  for (let round = 0; round < 5; round++) {
    await settle();
    const pulls = sources.reduce((sum, source) => sum + source.pulls, 0);
    await settle();
    expect(sources.reduce((sum, source) => sum + source.pulls, 0)).toBe(pulls);
    expect(far.bufferedAmount).toBeGreaterThan(HIGH_WATER);
    expect(far.bufferedAmount).toBeLessThan(1.5 * HIGH_WATER);
    far.read();
  }
  expect(Math.max(...sources.map(({ pulls }) => pulls))).toBeLessThanOrEqual(2);
  end.abort();
  far.read();
  await Promise.all(reads);
  expect(sources.map(({ closed }) => closed)).toEqual(Array(30).fill(1));
});

it('ends a reading whose far end stands still for a minute, and only then', async () => {
  const { far, clock, sources, reads } = reading(1);
  const [read] = reads;
  await settle();
  clock.advance(59_999);
  far.read();
  await settle();
  clock.advance(59_999);
  await settle();
  expect(sources[0]!.closed).toBe(0);
  clock.advance(1);
  await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(sources[0]!.closed).toBe(1);
});

it('waits for a source that has nothing, and ends when nobody is there any more', async () => {
  const { flow } = reading(0);
  const end = new AbortController();
  const items: string[][] = [[], ['one'], []];
  let ready = () => {};
  let closed = false;
  const source: Source<string> = {
    pull: async () => items.shift() ?? [],
    onReady(listener) {
      ready = listener;
    },
    close() {
      closed = true;
    },
  };
  const taken: string[] = [];
  const read = flow.read(source, end.signal, (item) => taken.push(item));
  await settle();
  expect(taken).toEqual([]);
  ready();
  await settle();
  expect(taken).toEqual(['one']);
  end.abort();
  await read;
  expect(closed).toBe(true);
});

it('hangs up on who asks and does not read the answers', () => {
  const { far, flow } = reading(0);
  const answer = { result: 'x'.repeat(1024 * 1024) };
  for (let count = 0; count * 1024 * 1024 < MAX_BUFFERED; count++) flow.send(answer);
  expect(far.closed).toBe(1008);
  const { bufferedAmount } = far;
  flow.send(answer);
  expect(far.bufferedAmount).toBe(bufferedAmount);
});
