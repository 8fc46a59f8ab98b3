import fc from 'fast-check';
import { expect, it } from 'vitest';
import { journal } from './journal.ts';
import type { Rig } from './rig.ts';
import { speaker } from './speaker.ts';

const id = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant('x'), fc.constant(null), fc.jsonValue());
const method = fc.oneof(
  fc.constantFrom('server.hello', 'server.ping', 'add', 'echo', 'numbers', 'refused', 'crash'),
  fc.constantFrom('stream.items', 'stream.end', 'stream.credit', 'stream.cancel', '__proto__'),
  fc.string(),
);
const nearly = fc.record(
  {
    jsonrpc: fc.constantFrom('2.0', '2.0', '1.0'),
    id,
    method,
    params: fc.oneof(
      fc.record({ id, n: fc.oneof(fc.integer(), fc.jsonValue()), items: fc.jsonValue(), error: fc.jsonValue() }),
      fc.record({ after: fc.integer(), left: fc.integer(), right: fc.integer() }),
      fc.jsonValue(),
    ),
    result: fc.jsonValue(),
    error: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const frame = fc.oneof(
  nearly.map((message) => JSON.stringify(message)),
  fc.array(fc.oneof(nearly, fc.jsonValue()), { maxLength: 5 }).map((batch) => JSON.stringify(batch)),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 20 }),
);
const frames = fc.array(frame, { maxLength: 12 });

/** What a test does between the two ends, in random order. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('grow' as const), count: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('consume' as const) }),
  fc.record({ kind: fc.constant('cut' as const), side: fc.constantFrom('server' as const, 'client' as const) }),
  fc.record({ kind: fc.constant('turn' as const) }),
);

export function randomCases(newRig: () => Rig): void {
  const during = async (work: (rig: Rig) => Promise<void>) => {
    const rig = newRig();
    try {
      await work(rig);
    } finally {
      rig.close();
    }
  };

  it('a peer that hears anything at all still answers a valid call', async () => {
    const hearsAnything = fc.asyncProperty(frames, (heard) =>
      during(async (rig) => {
        const { client, toServer } = await rig.accept();
        const talk = speaker(client);
        await talk.hello();
        for (const each of heard) toServer(each);
        expect((await talk.say('afterwards', 'add', { left: 2, right: 3 })).result).toEqual({ sum: 5 });
      }),
    );
    await fc.assert(hearsAnything, { numRuns: 150 });
  });

  it('a client that hears anything at all still gets an answer that is right, or a Problem', async () => {
    const hearsAnything = fc.asyncProperty(frames, (heard) =>
      during(async (rig) => {
        const client = await rig.connected();
        client.follow(
          'numbers',
          () => ({ after: 0 }),
          () => {},
        );
        const { pair } = rig;
        for (const each of heard) pair.toClient(each);
        // Random messages may well answer in the server's place; the call after them must not suffer.
        await client.call('echo', { value: 1 }, { retry: true }).catch(() => {});
        for (let i = 0; i < 10; i++) await client.call('echo', { value: i }, { retry: true }).catch(() => {});
        expect(await client.call('add', { left: 2, right: 3 }, { retry: true })).toEqual({ sum: 5 });
      }),
    );
    await fc.assert(hearsAnything, { numRuns: 150 });
  });

  it('a follower by cursor gets each item once and in order, whatever is produced, consumed and cut when', async () => {
    const schedules = fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, slow) =>
      during(async (rig) => {
        const client = await rig.connected();
        const came = journal<number>();
        const consume: (() => void)[] = [];
        client.follow(
          'numbers',
          () => ({ after: came.entries.at(-1) ?? 0 }),
          async (items) => {
            if (slow) await new Promise<void>((resolve) => consume.push(resolve));
            for (const { n } of items) came.add(n);
          },
        );
        for (const each of steps) {
          if (each.kind === 'grow') rig.numbers.grow(each.count);
          else if (each.kind === 'consume') consume.shift()?.();
          else if (each.kind === 'cut') rig.pair[each.side].close();
          else await new Promise<void>((resolve) => setImmediate(resolve));
        }
        const total = rig.numbers.items.length;
        while (came.entries.length < total) {
          consume.shift()?.();
          await new Promise<void>((resolve) => setImmediate(resolve));
          if (client.state.retryAt !== undefined) client.retryNow();
        }
        expect(came.entries).toEqual(Array.from({ length: total }, (_, i) => i + 1));
      }),
    );
    await fc.assert(schedules, { numRuns: 100 });
  });
}
