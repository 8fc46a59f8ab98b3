import { expect, it } from 'vitest';
import { Problem } from '../../domain/problem.ts';
import { countedIds } from '../../kit/testing/ids.ts';
import { connect } from '../client.ts';
import { CONNECT_MS, GENTLE } from '../reconnect.ts';
import { journal } from './journal.ts';
import { recorded, Unreliable } from './pipes.ts';
import { contract, type Rig } from './rig.ts';

export function connectionCases(rig: () => Rig): void {
  const state = (kind: string) => rig().states.until((all) => all.at(-1)?.kind === kind);
  const connection = (count: number) =>
    rig().states.until((all) => all.filter(({ kind }) => kind === 'connected').length === count);

  it('exchanges hellos and shows what the server said', async () => {
    const client = await rig().connected();
    expect(client.hello).toMatchObject({ version: '0.1.0', epoch: 'e', notices: [{ message: 'Good morning.' }] });
    expect(rig().peer.context.client).toEqual({ name: 'test', version: '1' });
    expect(rig().states.entries).toEqual([
      { kind: 'connecting', attempt: 1 },
      { kind: 'connected', attempt: 0 },
    ]);
  });

  it('resumes by the cursor after each lost connection: nothing twice, nothing missing', async () => {
    const client = await rig().connected();
    const came = journal<number>();
    client.follow(
      'numbers',
      () => ({ after: came.entries.at(-1) ?? 0 }),
      (items) => {
        for (const { n } of items) came.add(n);
      },
    );
    for (let round = 1; round <= 5; round++) {
      rig().numbers.grow(300);
      await came.until((all) => all.length > 300 * round - 150);
      rig().pair.server.close('The server went away.');
      rig().numbers.grow(20);
      await connection(round + 1);
      rig().clock.advance(GENTLE.stableMs);
    }
    await came.until((all) => all.length >= 1600);
    expect(came.entries).toEqual(Array.from({ length: 1600 }, (_, i) => i + 1));
    await rig().numbers.closes.until((all) => all.length === 5);
    expect(rig().numbers.open).toBe(1);
  });

  it('asks for the cursor only when the reader has consumed what it holds', async () => {
    const client = await rig().connected();
    const consume = journal<() => void>();
    const cursors = journal<number>();
    let cursor = 0;
    client.follow(
      'numbers',
      () => {
        cursors.add(cursor);
        return { after: cursor };
      },
      async (items) => {
        await new Promise<void>((resolve) => consume.add(resolve));
        cursor = items.at(-1)!.n;
      },
    );
    rig().numbers.grow(3);
    const [first] = await consume.until((all) => all.length === 1);
    rig().pair.server.close();
    await connection(2);
    await client.call('echo', { value: 1 });
    expect(cursors.entries).toEqual([0]);
    first!();
    await cursors.until((all) => all.length === 2);
    expect(cursors.entries).toEqual([0, 3]);
  });

  it('sends a command again with the same id, and it takes effect once', async () => {
    let drop = true;
    rig().serverSide = (inner) => {
      const pipe = new Unreliable(inner);
      if (drop)
        void rig()
          .notes.until((all) => all.length === 1)
          .then(() => pipe.silence());
      return pipe;
    };
    const client = await rig().connected();
    const command = countedIds()();
    const answer = client.call('note', { command, text: 'once' });
    await rig().notes.until((all) => all.length === 1);
    drop = false;
    rig().pair.server.close();
    expect(await answer).toEqual({ notes: 1 });
    expect(rig().notes.entries).toEqual([{ command, text: 'once' }]);
    expect(rig().pairs.length).toBe(2);
  });

  it('rejects what cannot be asked twice when the connection is lost, and asks again what can', async () => {
    const client = await rig().connected();
    const lost = client.call('wait', { name: 'once' });
    const kept = client.call('wait', { name: 'again' }, { retry: true });
    const [first] = await rig().waiting.until((all) => all.length === 2);
    rig().pair.server.close();
    await expect(lost).rejects.toMatchObject({
      code: 'DISCONNECTED',
      message: 'The connection was lost before wait was answered.',
      next: expect.any(String),
    });
    expect(first!.signal.aborted).toBe(true);
    const waiting = await rig().waiting.until((all) => all.length === 3);
    waiting.at(-1)!.answer();
    expect(await kept).toEqual({ name: 'again' });
  });

  it('finds a silent server by its heartbeat and connects anew', async () => {
    const sent: unknown[][] = [];
    let line: Unreliable | undefined;
    rig().clientSide = (pipe) => {
      line = new Unreliable(recorded(pipe, sent));
      return line;
    };
    await rig().connected();
    line!.silence();
    const silent = line!;
    rig().clock.advance(30_000);
    await connection(2);
    expect(line).not.toBe(silent);
    expect(rig().states.entries.find(({ problem }) => problem !== undefined)?.problem?.message).toContain('30000 ms');
  });

  it('keeps a quiet connection by pings, and one that only listens as well', async () => {
    const client = await rig().connected();
    const came = journal<number>();
    client.follow(
      'numbers',
      () => ({ after: 0 }),
      (items) => came.add(items.length),
    );
    await rig().numbers.pulls.until((all) => all.length === 1);
    for (let i = 0; i < 40; i++) {
      rig().clock.advance(5000);
      rig().numbers.grow(1);
      await came.until((all) => all.length === i + 1);
      if (i % 8 === 0) await client.call('echo', { value: i });
      // Ports would pass all of this to and fro in one turn of the event loop, in which no ping crosses.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([rig().pairs.length, client.state.kind]).toEqual([1, 'connected']);
  });

  it('closes the connection of a client that has fallen silent', async () => {
    const client = await rig().connected();
    client.follow(
      'numbers',
      () => ({ after: 0 }),
      () => {},
    );
    await rig().numbers.pulls.until((all) => all.length === 1);
    const { peer } = rig();
    rig().close();
    await rig().ends.until((all) => all.length === 1);

    const { client: mute } = await rig().accept();
    const ends = journal<string>();
    mute.listen({ message: () => {}, garbled: () => {}, drained: () => {}, closed: (reason) => ends.add(reason) });
    rig().clock.advance(29_999);
    expect(rig().ends.entries.length).toBe(1);
    rig().clock.advance(1);
    await ends.until((all) => all.length === 1);
    expect(rig().ends.entries.at(-1)).toBe('Nothing was heard for 30000 ms.');
    expect(peer.context.signal.aborted).toBe(true);
  });

  it('calls nobody dead because the machine was asleep', async () => {
    const client = await rig().connected();
    rig().clock.sleep(3_600_000);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    expect(rig().pairs.length).toBe(1);
  });

  it('tries again at once, then after longer and longer waits, with jitter, up to a bound', async () => {
    let tries = 0;
    const down = new Problem('DISCONNECTED', 'Nobody is there.');
    const client = rig().client(() => {
      tries += 1;
      return Promise.reject(down);
    });
    const waits: number[] = [];
    for (let i = 2; i <= 12; i++) {
      const states = await rig().states.until((all) => all.filter(({ retryAt }) => retryAt !== undefined).length === i);
      waits.push(states.at(-1)!.retryAt! - rig().clock.now());
      expect(states.at(-1)).toMatchObject({ kind: 'connecting', attempt: i, problem: down });
      rig().clock.advance(waits.at(-1)!);
    }
    expect(tries).toBe(13);
    const doubled = waits.map((_, i) => Math.min(GENTLE.mostMs, GENTLE.firstMs * 2 ** i) * 0.75);
    expect(waits).toEqual(doubled);
    client.close();
    expect(rig().clock.timers).toBe(0);
  });

  it('tries now when a person asks for it', async () => {
    let up = false;
    const client = rig().client(async () => {
      if (!up) throw new Problem('DISCONNECTED', 'Nobody is there.');
      return (await rig().accept()).client;
    });
    await rig().states.until((all) => all.at(-1)?.retryAt !== undefined && all.at(-1)?.attempt === 2);
    up = true;
    client.retryNow();
    await state('connected');
  });

  it('does not wait forever for a connection that is never made, and closes one that comes too late', async () => {
    const late = journal<(value: Awaited<ReturnType<Rig['accept']>>['client']) => void>();
    const client = rig().client(() => new Promise((resolve) => late.add(resolve)));
    rig().clock.advance(CONNECT_MS);
    const [arrive] = await late.until((all) => all.length === 2);
    expect(client.state).toMatchObject({ attempt: 2, problem: { code: 'TIMEOUT' } });
    const { client: pipe } = await rig().accept();
    arrive!(pipe);
    await rig().ends.until((all) => all.length === 1);
    expect(client.state.kind).toBe('connecting');
  });

  it.each([
    ['an access token', new Problem('UNAUTHORIZED', 'The access token is not valid.', 'Open it with a new one.')],
    ['the protocol', new Problem('UNSUPPORTED', 'The protocol is older.', 'Update.')],
  ])('stops trying when %s is refused, until a person acts', async (_what, problem) => {
    const { handlers } = rig();
    const hello = handlers.calls['server.hello'];
    handlers.calls['server.hello'] = () => Promise.reject(problem);
    const client = rig().client();
    const waiting = client.call('add', { left: 1, right: 1 });
    await expect(waiting).rejects.toMatchObject({ code: problem.code, next: problem.next });
    await state('refused');
    await rig().ends.until((all) => all.length === 1);
    rig().clock.advance(600_000);
    expect(rig().pairs.length).toBe(1);
    expect(client.state.problem).toMatchObject({ code: problem.code, next: problem.next });
    await expect(client.call('add', { left: 1, right: 1 })).rejects.toMatchObject({ code: problem.code });
    handlers.calls['server.hello'] = hello;
    client.retryNow();
    await state('connected');
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
  });

  it('connects anew when something came that could not be read, since something is missing then', async () => {
    await rig().connected();
    rig().pair.toClient('{"half":');
    await connection(2);
    expect(rig().states.entries.some(({ problem }) => problem?.message.includes('could not be read'))).toBe(true);
  });

  it.each([2, 3, 4, 5])('is closed for good by whoever closes it on hearing its state number %i', async (last) => {
    const { clock } = rig();
    let tries = 0;
    let heard = 0;
    const open = () => {
      tries += 1;
      return Promise.reject(new Problem('DISCONNECTED', 'Nobody is there.'));
    };
    const onState = () => {
      heard += 1;
      if (heard === last) client.close();
    };
    const options = { open, contract, client: { name: 'test', version: '1' }, clock, random: () => 0.5 };
    const client = connect({ ...options, onState });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await turn();
    clock.advance(1000);
    await turn();
    // One more: `closed` itself. Tries are told in pairs: that it waits, that it tries.
    expect([client.state.kind, heard, tries, clock.timers]).toEqual(['closed', last + 1, Math.floor(last / 2), 0]);
  });

  it('rejects everything once it is closed, and leaves no timer behind', async () => {
    const client = await rig().connected();
    const waiting = client.call('wait', { name: 'x' });
    await rig().waiting.until((all) => all.length === 1);
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await expect(client.call('add', { left: 1, right: 1 })).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await rig().ends.until((all) => all.length === 1);
    client.close();
    expect(rig().states.entries.filter(({ kind }) => kind === 'closed').length).toBe(1);
    expect(rig().clock.timers).toBe(0);
  });
}
