import type { WebSocket } from 'ws';
import { monotonicMs, residentMb } from '../harness/machine.ts';
import { interleave, median, medianOf, takeTurns } from '../harness/rounds.ts';
import { atLeast, below, type Row, ratioAtLeast, ratioAtMost, row } from '../harness/rows.ts';
import { FLOOD_PIECES, PIECE_UNITS, writtenAt } from '../streaming/behaviours.ts';
import { newId } from '../streaming/conversation.ts';
import { followBare, followOurs, type Hear, tellBare } from './bare-client.ts';
import { newSessions, type Stand, send } from './stand.ts';

const LATENCY = { streams: 4, ms: 1500 };
const FLOOD_STREAMS = 20;
/** One stream lasts some 40 ms, so many rounds count. */
const SLOW_ROUNDS = 21;
const CROWD = { followers: 50, streams: 12 };

let names = 0;
const newNames = (count: number) => Array.from({ length: count }, () => `stream ${++names}`);

/** Followers of running streams, each server with the same bare client, which checks and folds nothing. */
export async function followers(stand: Stand): Promise<Row[]> {
  return [...(await latency(stand)), ...(await flood(stand)), ...(await crowd(stand)), ...(await slow(stand))];
}

/** From the provider's write of a token to its arrival at the follower, committed before. */
async function latency({ client, server, bare }: Stand): Promise<Row[]> {
  const listener = () => {
    const samples: number[] = [];
    const hear: Hear = (_, text) => {
      const at = writtenAt(text);
      if (at !== undefined) samples.push(monotonicMs() - at);
    };
    return { samples, hear };
  };
  const wait = () => new Promise((resolve) => setTimeout(resolve, LATENCY.ms));
  const { ours, limit } = await interleave(
    7,
    async () => {
      const { samples, hear } = listener();
      const sessions = await newSessions(client, LATENCY.streams);
      const socket = await followOurs(
        server.port,
        sessions.map((session) => ({ session })),
        hear,
      );
      const turns = await Promise.all(sessions.map((session) => send(client, session, 'stamped')));
      await wait();
      await Promise.all(
        turns.map((turn, nth) => client.call('turns.stop', { command: newId(), session: sessions[nth]!, turn })),
      );
      socket.terminate();
      return samples;
    },
    async () => {
      const { samples, hear } = listener();
      const streams = newNames(LATENCY.streams);
      const socket = await followBare(bare.port, streams, hear);
      for (const ask of streams) await tellBare(bare.port, { ask, model: 'stamped' });
      await wait();
      for (const stop of streams) await tellBare(bare.port, { stop });
      socket.terminate();
      return samples;
    },
  );
  const name = `WebSocket, ${LATENCY.streams} streams of 100 tokens/s, token of the provider to follower, committed before`;
  return [row('delivery', `${name}, p50 (ms)`, ratioAtMost(1.5), medianOf(ours, 0.5), medianOf(limit, 0.5))];
}

/** Resolves when every follower has heard the end of every stream. */
async function all(
  followers: number,
  streams: number,
  follow: (hear: Hear) => Promise<WebSocket>,
  begin: () => unknown,
) {
  const heard = Promise.withResolvers<void>();
  let ends = 0;
  const units = Array.from({ length: followers }, () => 0);
  const sockets = await Promise.all(
    units.map((_, nth) =>
      follow((_stream, text, end) => {
        units[nth]! += text.trimEnd().length;
        if (end && ++ends === followers * streams) heard.resolve();
      }),
    ),
  );
  const start = performance.now();
  await begin();
  await heard.promise;
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.terminate();
  return { seconds, units };
}

/** Deltas/s that reach one follower of all streams. */
async function flood(stand: Stand): Promise<Row[]> {
  const { ours, limit } = await interleave(
    5,
    () => pour(stand, 'ours', 1, FLOOD_STREAMS, 'flood'),
    () => pour(stand, 'bare', 1, FLOOD_STREAMS, 'flood'),
  );
  const rate = (rounds: Poured[]) => (FLOOD_STREAMS * FLOOD_PIECES) / median(rounds.map(({ seconds }) => seconds));
  const name = `WebSocket flood, ${FLOOD_STREAMS} streams, deltas/s at one follower, committed before`;
  return [row('delivery', name, ratioAtLeast(0.8), rate(ours), rate(limit))];
}

interface Poured {
  seconds: number;
  units: number[];
}

async function pour(
  { client, server, bare }: Stand,
  where: 'ours' | 'bare',
  followers: number,
  streams: number,
  model: string,
): Promise<Poured> {
  if (where === 'ours') {
    const sessions = await newSessions(client, streams);
    const follows = sessions.map((session) => ({ session }));
    const poured = await all(
      followers,
      streams,
      (hear) => followOurs(server.port, follows, hear),
      () => Promise.all(sessions.map((session) => send(client, session, model))),
    );
    // Each session is also given a title: the words of its message.
    const expected = streams * (FLOOD_PIECES * PIECE_UNITS + model.length);
    for (const units of poured.units)
      if (units !== expected) throw new Error(`${units} of ${expected} characters came.`);
    return poured;
  }
  const asked = newNames(streams);
  return all(
    followers,
    streams,
    (hear) => followBare(bare.port, asked, hear),
    async () => {
      for (const ask of asked) await tellBare(bare.port, { ask, model });
    },
  );
}

/** As many deliveries in the same time: what a crowd of followers costs beside one write per frame made once. */
async function crowd(stand: Stand): Promise<Row[]> {
  const { followers, streams } = CROWD;
  const { ours, limit } = await interleave(
    5,
    () => pour(stand, 'ours', followers, streams, 'flood'),
    () => pour(stand, 'bare', followers, streams, 'flood'),
  );
  const rate = (rounds: Poured[]) =>
    (followers * streams * FLOOD_PIECES) / median(rounds.map(({ seconds }) => seconds)) / 1e6;
  const name = `${followers} followers of ${streams} flooding streams, million deltas/s delivered (limit: each frame made once)`;
  return [row('delivery', name, ratioAtLeast(0.8), rate(ours), rate(limit))];
}

/** What one reader that takes a hundredth of the time costs the others, and the server. */
async function slow(stand: Stand): Promise<Row[]> {
  return [...(await besideASlowOne(stand, 1)), ...(await besideASlowOne(stand, CROWD.streams))];
}

async function besideASlowOne(stand: Stand, streams: number): Promise<Row[]> {
  const { followers } = CROWD;
  const grown = async (work: () => Promise<Poured>) => {
    const before = residentMb(stand.server.pid);
    const poured = await work();
    return { ...poured, mb: residentMb(stand.server.pid) - before };
  };
  const measured = await takeTurns(SLOW_ROUNDS, {
    without: () => grown(() => pour(stand, 'ours', followers, streams, 'flood')),
    async beside() {
      const stopped: { end(): void }[] = [];
      const result = await grown(() => pourBesideASlowOne(stand, streams, stopped));
      for (const each of stopped) each.end();
      return result;
    },
  });
  const seconds = (rounds: Poured[]) => median(rounds.map(({ seconds }) => seconds));
  const mb = (rounds: { mb: number }[]) => median(rounds.map(({ mb }) => mb));
  const ratio = seconds(measured.without) / seconds(measured.beside);
  const growth = Math.max(0, mb(measured.beside) - mb(measured.without));
  const name = `a reader 100 times too slow beside ${followers} good ones, streams that flood: ${streams}`;
  return [
    row('delivery', `${name}: throughput of the good ones, of that without it`, atLeast(0.95), ratio),
    row('delivery', `${name}: growth of the server, more than without it (MB)`, below(20), growth),
  ];
}

/** It reads for 1 ms out of 100, and follows the same streams. */
async function pourBesideASlowOne(
  { client, server }: Stand,
  streams: number,
  stopped: { end(): void }[],
): Promise<Poured> {
  const { followers } = CROWD;
  const sessions = await newSessions(client, streams);
  const follows = sessions.map((session) => ({ session }));
  const slow = await followOurs(server.port, follows, () => {});
  slow.pause();
  const timer = setInterval(() => {
    slow.resume();
    setTimeout(() => slow.pause(), 1);
  }, 100);
  stopped.push({
    end() {
      clearInterval(timer);
      slow.terminate();
    },
  });
  return all(
    followers,
    streams,
    (hear) => followOurs(server.port, follows, hear),
    () => Promise.all(sessions.map((session) => send(client, session, 'flood'))),
  );
}
