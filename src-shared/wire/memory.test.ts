import { describe, expect, it } from 'vitest';
import { memoryPipes } from './memory.ts';
import { describePipe } from './testing/pipe.suite.ts';

describePipe('memory', () => ({
  async pair() {
    const [server, client] = memoryPipes();
    return {
      server,
      client,
      toServer: (frame) => server.arrive(frame),
      toClient: (frame) => client.arrive(frame),
    };
  },
  close: async () => {},
}));

describe('memory pipes', () => {
  it('carry what JSON carries, in order, and not before the turn of who sends is over', async () => {
    const [a, b] = memoryPipes();
    const came: unknown[] = [];
    const done = new Promise((resolve) =>
      b.listen({
        message: (batch) => came.push(...batch),
        garbled: () => expect.unreachable(),
        drained: () => expect.unreachable(),
        closed: resolve,
      }),
    );
    a.send([{ at: new Date(0), gone: undefined }, 1]);
    a.send([2]);
    a.close('done');
    a.send([3]);
    expect(came).toEqual([]);
    expect(await done).toBe('done');
    expect(came).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, 1, 2]);
  });

  it('are congested when a test says so, and tell when they are free again', () => {
    const [a] = memoryPipes();
    let drained = 0;
    a.listen({ message: () => {}, garbled: () => {}, drained: () => void drained++, closed: () => {} });
    a.congested = true;
    expect([a.congested, drained]).toEqual([true, 0]);
    a.congested = false;
    expect([a.congested, drained]).toEqual([false, 1]);
  });
});
