import { expect, it } from 'vitest';
import { Problem } from '../../domain/problem.ts';
import { INITIAL_CREDIT } from '../messages.ts';
import type { Source } from '../source.ts';
import { journal } from './journal.ts';
import type { Item } from './numbers.ts';
import { recorded, Unreliable } from './pipes.ts';
import type { Rig } from './rig.ts';

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
/** One turn of the event loop with its microtasks, and nothing of the next. */
const turn = (run: () => void = () => {}) =>
  new Promise<void>((resolve) => {
    setImmediate(run);
    setImmediate(resolve);
  });

/** A source whose answers take some microtasks more. */
const slower = (source: Source<Item>, microtasks: number): Source<Item> => ({
  async pull(max) {
    const items = await source.pull(max);
    for (let i = 0; i < microtasks; i++) await undefined;
    return items;
  },
  onReady: (ready) => source.onReady(ready),
  close: () => source.close(),
});

export function streamCases(rig: () => Rig): void {
  /** Follows the numbers from the last one that came. */
  async function follow() {
    const client = await rig().connected();
    const came = journal<number>();
    const problems = journal<Problem>();
    const ends = journal<true>();
    const listeners = { onProblem: (problem: Problem) => problems.add(problem), onEnd: () => ends.add(true) };
    const onItems = (items: Item[]) => {
      for (const { n } of items) came.add(n);
    };
    const params = () => ({ after: came.entries.at(-1) ?? 0 });
    const handle = client.follow('numbers', params, onItems, listeners);
    return { client, came, problems, ends, handle };
  }

  it('brings what is there, then what comes, each once and in order', async () => {
    rig().numbers.grow(1000);
    const { came } = await follow();
    await came.until((all) => all.length === 1000);
    for (let i = 0; i < 300; i++) rig().numbers.grow(7);
    await came.until((all) => all.length >= 3100);
    expect(came.entries).toEqual(upTo(3100));
  });

  it('is closed when it takes nothing for a minute, and goes on from its cursor once it does', async () => {
    const client = await rig().connected();
    const came = journal<number>();
    let release: () => void = () => {};
    const stuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    client.follow(
      'numbers',
      () => ({ after: came.entries.at(-1) ?? 0 }),
      async (items) => {
        for (const { n } of items) came.add(n);
        await stuck;
      },
    );
    rig().numbers.grow(10);
    await came.until((all) => all.length === 10);
    for (let n = 0; n < 60; n++) rig().numbers.grow(10);
    while (rig().numbers.closes.entries.length === 0) {
      await turn();
      rig().clock.advance(5_000);
    }
    expect(came.entries).toEqual(upTo(10));
    release();
    await came.until((all) => all.length >= 610);
    expect(came.entries).toEqual(upTo(610));
  });

  it('takes nothing more under the id of a stream that was ended for being slow', async () => {
    const asked: unknown[][] = [];
    rig().clientSide = (pipe) => recorded(pipe, asked);
    const { client, came } = await follow();
    await rig().numbers.pulls.until((all) => all.length === 1);
    const { id } = asked.at(-1)![0] as { id: number };
    const error = { code: -32000, message: 'Slow.', data: { code: 'TIMEOUT' } };
    rig().pair.toClient(JSON.stringify({ jsonrpc: '2.0', method: 'stream.end', params: { id, error } }));
    await rig().numbers.pulls.until((all) => all.length === 2);
    rig().pair.toClient(JSON.stringify({ jsonrpc: '2.0', method: 'stream.items', params: { id, items: [{ n: 99 }] } }));
    rig().numbers.grow(1);
    await client.call('add', { left: 1, right: 1 });
    await came.until((all) => all.length >= 1);
    expect(came.entries).toEqual([1]);
  });

  it('ends once after the last item, the source closed', async () => {
    const { came, ends, problems } = await follow();
    rig().numbers.grow(3);
    rig().numbers.end();
    await ends.until((all) => all.length === 1);
    expect(came.entries).toEqual([1, 2, 3]);
    expect(rig().numbers.closes.entries).toEqual([1]);
    expect([ends.entries.length, problems.entries.length, rig().peer.streams]).toEqual([1, 0, 0]);
  });

  it('tells a failure once, after what had come before it', async () => {
    const { came, problems } = await follow();
    rig().numbers.grow(3);
    rig().numbers.end(new Problem('STORAGE', 'The disk is full.', 'Make room.'));
    await problems.until((all) => all.length === 1);
    expect(came.entries).toEqual([1, 2, 3]);
    expect(problems.entries).toMatchObject([{ code: 'STORAGE', next: 'Make room.' }]);
    expect(rig().numbers.closes.entries).toEqual([1]);
  });

  it('tells a refusal once, and does not ask again', async () => {
    const client = await rig().connected();
    const problems = journal<Problem>();
    client.follow(
      'refused',
      () => ({}),
      () => expect.unreachable(),
      { onProblem: (problem) => problems.add(problem) },
    );
    await problems.until((all) => all.length === 1);
    expect(problems.entries).toMatchObject([{ code: 'NOT_FOUND', next: 'Choose another.' }]);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    expect(problems.entries.length).toBe(1);
  });

  it('ends at an item that is not what the contract says; the connection goes on', async () => {
    const { client, came, problems } = await follow();
    rig().numbers.items.push({ n: 'one' as never });
    rig().numbers.tell();
    await problems.until((all) => all.length === 1);
    expect(problems.entries).toMatchObject([{ code: 'UNSUPPORTED', message: expect.stringContaining('0.n') }]);
    await rig().numbers.closes.until((all) => all.length === 1);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    expect(came.entries).toEqual([]);
  });

  it('tolerates fields that this version does not know', async () => {
    const { came } = await follow();
    rig().numbers.items.push({ n: 1, colour: 'red' } as Item);
    rig().numbers.tell();
    await came.until((all) => all.length === 1);
  });

  it('never brings a slow reader more than its credit, and pulls no more than that', async () => {
    const client = await rig().connected();
    const release = journal<() => void>();
    const came: number[] = [];
    const onItems = (items: Item[]) => {
      came.push(...items.map(({ n }) => n));
      return new Promise<void>((resolve) => release.add(resolve));
    };
    client.follow('numbers', () => ({ after: 0 }), onItems);
    rig().numbers.grow(10_000);
    await release.until((all) => all.length === 1);
    await client.call('echo', { value: 'everything on its way has arrived' });
    const pulled = () => rig().numbers.pulls.entries.reduce((sum, { gave }) => sum + gave, 0);
    expect(pulled()).toBe(INITIAL_CREDIT);

    for (let i = 1; came.length < 10_000; i++) {
      const [consume] = (await release.until((all) => all.length >= i)).slice(i - 1);
      expect(pulled() - came.length).toBeLessThanOrEqual(INITIAL_CREDIT);
      consume!();
    }
    expect(came).toEqual(upTo(10_000));
  });

  it('gathers what several streams have in one turn of the event loop into one message of the same turn', async () => {
    const sent: unknown[][] = [];
    rig().serverSide = (pipe) => recorded(pipe, sent);
    const client = await rig().connected();
    const came = journal<number>();
    let opened = 0;
    rig().handlers.streams.numbers = async () => slower(rig().numbers.from(0), opened++);
    for (let i = 0; i < 20; i++)
      client.follow(
        'numbers',
        () => ({ after: 0 }),
        (items) => came.add(items.length),
      );
    await rig().numbers.pulls.until((all) => all.length === 20);
    await turn();
    sent.length = 0;
    await turn(() => rig().numbers.grow(1));
    expect(sent.map((batch) => batch.length)).toEqual([20]);
    await came.until((all) => all.length === 20);
  });

  it('lets no other stream wait for a source that reads from afar', async () => {
    const sent: unknown[][] = [];
    rig().serverSide = (pipe) => recorded(pipe, sent);
    const { came, client } = await follow();
    await rig().numbers.pulls.until((all) => all.length === 1);
    rig().handlers.streams.numbers = async () => ({
      pull: () => new Promise(() => {}),
      onReady: () => {},
      close: () => {},
    });
    client.follow(
      'numbers',
      () => ({ after: 0 }),
      () => expect.unreachable(),
    );
    await client.call('add', { left: 1, right: 1 });
    sent.length = 0;
    await turn(() => rig().numbers.grow(1));
    expect(sent.length).toBe(1);
    await came.until((all) => all.length === 1);
  });

  it('pulls nothing while the pipe is congested, and still answers calls', async () => {
    let pipe: Unreliable | undefined;
    rig().serverSide = (inner) => {
      pipe = new Unreliable(inner);
      return pipe;
    };
    const { client, came } = await follow();
    await rig().numbers.pulls.until((all) => all.length === 1);
    pipe!.clog();
    rig().numbers.grow(10);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    expect([came.entries, rig().numbers.pulls.entries.length]).toEqual([[], 1]);
    pipe!.unclog();
    await came.until((all) => all.length === 10);
    expect(came.entries).toEqual(upTo(10));
  });

  it('carries large items frame by frame, and ends at one that fits none', async () => {
    const { came, problems } = await follow();
    rig().numbers.grow(30, () => '€'.repeat(100_000));
    rig().numbers.grow(1, () => 'x'.repeat(2 ** 20));
    rig().numbers.grow(1);
    await problems.until((all) => all.length === 1);
    expect(came.entries).toEqual(upTo(30));
    expect(problems.entries).toMatchObject([{ code: 'FRAME_TOO_LARGE', next: expect.any(String) }]);
  });

  it('closes the source exactly once when the reader leaves; nothing comes after that', async () => {
    const { client, came, handle } = await follow();
    rig().numbers.grow(1);
    await came.until((all) => all.length === 1);
    handle.close();
    rig().numbers.grow(1);
    await rig().numbers.closes.until((all) => all.length === 1);
    handle.close();
    await client.call('add', { left: 1, right: 1 });
    rig().close();
    await rig().ends.until((all) => all.length === 1);
    expect([came.entries, rig().numbers.closes.entries]).toEqual([[1], [1]]);
  });

  it('closes a source that opens only after the reader has left', async () => {
    const client = await rig().connected();
    const opening = journal<() => void>();
    rig().handlers.streams.numbers = ({ after }) =>
      new Promise((resolve) => opening.add(() => resolve(rig().numbers.from(after))));
    const handle = client.follow(
      'numbers',
      () => ({ after: 0 }),
      () => expect.unreachable(),
    );
    const [open] = await opening.until((all) => all.length === 1);
    handle.close();
    await client.call('add', { left: 1, right: 1 });
    open!();
    await rig().numbers.closes.until((all) => all.length === 1);
    expect(rig().peer.streams).toBe(0);
  });

  it('closes every source exactly once when the connection ends', async () => {
    const client = await rig().connected();
    for (let i = 0; i < 5; i++)
      client.follow(
        'numbers',
        () => ({ after: 0 }),
        () => {},
      );
    await rig().numbers.pulls.until((all) => all.length === 5);
    client.close();
    await rig().numbers.closes.until((all) => all.length >= 5);
    await rig().ends.until((all) => all.length === 1);
    expect(rig().numbers.closes.entries.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(rig().peer.context.signal.aborted).toBe(true);
  });

  it('refuses more streams at once than its limit', async () => {
    rig().limits = { maxStreams: 2 };
    const client = await rig().connected();
    const problems = journal<Problem>();
    const onProblem = (problem: Problem) => problems.add(problem);
    const handles = [1, 2, 3].map(() =>
      client.follow(
        'numbers',
        () => ({ after: 0 }),
        () => {},
        { onProblem },
      ),
    );
    await problems.until((all) => all.length === 1);
    expect(problems.entries).toMatchObject([{ code: 'LIMIT', message: expect.stringContaining('limit of 2 streams') }]);
    handles[0]!.close();
    const came = journal<number>();
    rig().numbers.grow(1);
    client.follow(
      'numbers',
      () => ({ after: 0 }),
      (items) => came.add(items.length),
      { onProblem },
    );
    await came.until((all) => all.length === 1);
    expect(problems.entries.length).toBe(1);
  });

  it('ends when more comes than there is credit for', async () => {
    const asked: unknown[][] = [];
    rig().clientSide = (pipe) => recorded(pipe, asked);
    const client = await rig().connected();
    const problems = journal<Problem>();
    const endless = () => new Promise<void>(() => {});
    client.follow('numbers', () => ({ after: 0 }), endless, { onProblem: (problem) => problems.add(problem) });
    await rig().numbers.pulls.until((all) => all.length === 1);
    const { id } = asked.at(-1)![0] as { id: number };
    const items = upTo(INITIAL_CREDIT).map((n) => ({ n }));
    const frame = JSON.stringify({ jsonrpc: '2.0', method: 'stream.items', params: { id, items } });
    rig().pair.toClient(frame);
    rig().pair.toClient(frame);
    await problems.until((all) => all.length === 1);
    expect(problems.entries).toMatchObject([{ message: expect.stringContaining(`more than ${INITIAL_CREDIT} items`) }]);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
  });

  it('ends a follow whose reader fails, and tells it', async () => {
    const client = await rig().connected();
    const problems = journal<Problem>();
    const fail = async () => {
      throw new Problem('STORAGE', 'Nothing can be kept.');
    };
    client.follow('numbers', () => ({ after: 0 }), fail, { onProblem: (problem) => problems.add(problem) });
    rig().numbers.grow(1);
    await problems.until((all) => all.length === 1);
    await rig().numbers.closes.until((all) => all.length === 1);
    expect(problems.entries).toMatchObject([{ code: 'STORAGE' }]);
  });
}
