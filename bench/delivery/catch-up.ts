import { interleave, median } from '../harness/rounds.ts';
import { type Row, ratioAtMost, row } from '../harness/rows.ts';
import { followBare, followOurs, type Hear, tellBare } from './bare-client.ts';
import { LONG, type Stand } from './stand.ts';

/** Everything that happened in a long session since its beginning, from an old cursor, at a client that checks nothing. */
export async function catchUp({ client, server, bare }: Stand): Promise<Row[]> {
  await tellBare(bare.port, { fill: LONG.session, count: LONG.events });
  // The first event of the log began the session.
  const cursor = `${client.hello!.epoch}:1`;
  const { ours, limit } = await interleave(
    9,
    () => timed((hear) => followOurs(server.port, [{ session: LONG.session, cursor }], hear)),
    () => timed((hear) => followBare(bare.port, [LONG.session], hear)),
  );
  const name = `catch-up of ${LONG.events.toLocaleString('en')} events from an old cursor (ms; limit: SQLite read and ws)`;
  return [row('delivery', name, ratioAtMost(1.5), median(ours), median(limit))];
}

async function timed(follow: (hear: Hear) => Promise<{ terminate(): void }>): Promise<number> {
  const all = Promise.withResolvers<void>();
  let count = 0;
  const start = performance.now();
  const socket = await follow(() => {
    if (++count === LONG.events) all.resolve();
  });
  await all.promise;
  const took = performance.now() - start;
  socket.terminate();
  return took;
}
