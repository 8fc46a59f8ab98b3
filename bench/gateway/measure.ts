import { cpuMs, monotonicMs, residentMb } from '../harness/machine.ts';
import { median, medianOf, percentile, takeTurns } from '../harness/rounds.ts';
import { atMost, below, either, type Goal, none, type Row, ratioAtLeast, ratioAtMost, row } from '../harness/rows.ts';
import { ask, askAll } from '../limits/http-client.ts';
import { FLOOD_PIECES, PACED_PIECES, type Told, writtenAt } from '../streaming/behaviours.ts';
import { type Peer, type Peers, startPeers } from './peers.ts';

/** How many requests at once, and how often in a round. */
const loads = [
  { requests: 1, times: 20, rounds: 9 },
  { requests: 20, times: 4, rounds: 11 },
  { requests: 100, times: 1, rounds: 21 },
];
const STREAMS = 20;
/** Requests that are given up in mid-stream. */
const HANG_UPS = 20;

/** The OpenAI dialect of the built server, with access token, accounting and log, beside a bare proxy and the rivals. */
export async function measure(): Promise<Row[]> {
  const peers = await startPeers();
  const rows: Row[] = [];
  for (const part of [firstToken, chunks, cpu, memory, hangUp]) rows.push(...(await part(peers)));
  await peers.end();
  return rows;
}

/** By name: `ours` and `proxy` first, then the rivals. */
function each<T>({ ours, proxy, rivals }: Peers, run: (peer: Peer) => Promise<T>): Record<string, () => Promise<T>> {
  return Object.fromEntries(Object.entries({ ours, proxy, ...rivals }).map(([name, peer]) => [name, () => run(peer)]));
}

/** Ours beside `limit`, with the rest as rivals. */
function beside(name: string, goal: Goal, figures: Record<string, number>, limit = 'proxy'): Row {
  const { ours, [limit]: least, ...rivals } = figures;
  return { ...row('gateway', name, goal, ours!, least ?? null), rivals };
}

const figuresOf = <T>(measured: Record<string, T[]>, figure: (rounds: T[]) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(measured).map(([name, rounds]) => [name, figure(rounds)]));

/** From the provider's write of its first token to its arrival at the client. */
async function firstToken(peers: Peers): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { requests, times, rounds } of loads) {
    const measured = await takeTurns(
      rounds,
      each(peers, async (peer) => {
        const samples: number[] = [];
        const note = (bytes: Buffer) => {
          const at = writtenAt(bytes.toString('latin1'));
          if (at !== undefined) samples.push(monotonicMs() - at);
        };
        for (let time = 0; time < times; time++) await askAll(peer, requests, 'first', note);
        if (samples.length !== requests * times) throw new Error(`${samples.length} first tokens came.`);
        return samples;
      }),
    );
    const name = `OpenAI dialect, added time to first token at ${requests}`;
    const p50 = figuresOf(measured, (all) => medianOf(all, 0.5));
    const p99 = figuresOf(measured, (all) => medianOf(all, 0.99));
    rows.push(beside(`${name}, p50 (ms)`, ahead(ratioAtMost(1.5), p50), p50));
    rows.push(beside(`${name}, p99 (ms)`, ahead(either(ratioAtMost(2.5), below(10)), p99), p99));
  }
  return rows;
}

/** And ahead of every rival. */
function ahead(goal: Goal, { ours, proxy: _, ...rivals }: Record<string, number>): Goal {
  const best = Math.min(...Object.values(rivals));
  return { says: `${goal.says}; < rivals`, met: (value, ratio) => goal.met(value, ratio) && ours! < best };
}

async function chunks(peers: Peers): Promise<Row[]> {
  const measured = await takeTurns(
    5,
    each(peers, async (peer) => {
      const start = performance.now();
      let units = 0;
      await askAll(peer, STREAMS, 'flood', (bytes) => {
        for (let at = bytes.indexOf('token'); at >= 0; at = bytes.indexOf('token', at + 5)) units++;
      });
      if (units < STREAMS * FLOOD_PIECES * 0.999) throw new Error(`${units} of ${STREAMS * FLOOD_PIECES} pieces came.`);
      return (units * 1000) / (performance.now() - start);
    }),
  );
  const figures = figuresOf(measured, median);
  const name = `aggregate deltas/s through the OpenAI dialect, ${STREAMS} streams`;
  if (figures.portkey === undefined) return [beside(`${name} (limit: bare proxy)`, none, figures)];
  return [beside(`${name} (limit: Portkey)`, ratioAtLeast(1.2), figures, 'portkey')];
}

async function cpu(peers: Peers): Promise<Row[]> {
  const measured = await takeTurns(
    5,
    each(peers, async (peer) => {
      const before = cpuMs(peer.pid);
      await askAll(peer, STREAMS, 'paced', () => {});
      return (cpuMs(peer.pid) - before) / STREAMS;
    }),
  );
  const name = `CPU per request of ${PACED_PIECES} deltas at 100/s, ${STREAMS} at once (ms)`;
  return [beside(name, ratioAtMost(1.5), figuresOf(measured, median))];
}

async function memory(peers: Peers): Promise<Row[]> {
  const measured = await takeTurns(
    1,
    each(peers, async (peer) => residentMb(peer.pid)),
  );
  return [beside('resident memory after all of this (MB)', atMost(200), figuresOf(measured, median))];
}

/** From the client's hang-up in mid-stream to the close of the provider's socket. A rival may never close it. */
async function hangUp({ ours, proxy, provider }: Peers): Promise<Row[]> {
  const closed = new Map<string, (at: number) => void>();
  provider.process.on('message', (told: Told) => {
    if ('closed' in told) closed.get(told.closed)?.(told.at);
  });
  const once = async (peer: Peer, words: string) => {
    const gone = new Promise<number>((resolve) => closed.set(words, resolve));
    const begun = Promise.withResolvers<void>();
    const asked = ask(peer, 'endless', words, () => begun.resolve());
    await begun.promise;
    const at = monotonicMs();
    asked.request.destroy();
    return (await gone) - at;
  };
  const samples: Record<'ours' | 'proxy', number[]> = { ours: [], proxy: [] };
  for (let time = 0; time < HANG_UPS; time++) {
    samples.ours.push(await once(ours, `ours ${time}`));
    samples.proxy.push(await once(proxy, `proxy ${time}`));
  }
  const name = "hang-up of the client to close of the provider's socket, p99 (ms)";
  return [row('gateway', name, below(5), percentile(samples.ours, 0.99), percentile(samples.proxy, 0.99))];
}
