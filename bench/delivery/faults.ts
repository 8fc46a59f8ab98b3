import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Event } from '#shared/domain/events.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { end, helper } from '../harness/child.ts';
import { configure, root, startServer, token } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import { newId } from '../streaming/conversation.ts';
import { Cutter } from './cutter.ts';
import type { Faults } from './heard.ts';
import { Program } from './program.ts';
import { newSessions } from './stand.ts';

export interface FaultOptions {
  programs: number;
  /** Turns that run all the time, each in a session of its own; a killed one is followed by the next. */
  streams: number;
  /** Connections that are reset while all this goes on. */
  resets: number;
  /** kill -9 of the server, and a new start. */
  kills: number;
}

export interface FaultResult extends Faults {
  /** Commands given; events heard. */
  commands: number;
  events: number;
  /** Cursors that could not be served from. */
  snapshots: number;
  /** Per kill: from the new server's listening until every program was answered again, in ms. */
  recoveries: number[];
}

/** Streams that each program follows beside its own session. */
const FOLLOWED = 2;
const STEP_MS = 20;
/** Programs that end without a word and begin again, at each kill. */
const RESTARTED = 5;

/** Fire: resets, kills of the server, ends of programs, all in the middle of running streams and commands. */
export async function underFire(options: FaultOptions): Promise<FaultResult> {
  const dataDir = newFolder();
  const provider = await helper<{ port: number }>(join(root, 'bench/streaming/provider.ts'));
  configure(dataDir, provider.said.port);
  const port = await freePort();
  let server = await startServer(dataDir, port);
  const cutter = new Cutter();
  await cutter.listen(port);

  const keeper = server.client();
  const streams = await newSessions(keeper, options.streams);
  const owned = await newSessions(keeper, options.programs);
  keeper.close();
  const programs = owned.map((session, nth) => {
    const follows = Array.from({ length: FOLLOWED }, (_, more) => streams[(nth + more * 7) % streams.length]!);
    const kept = join(dataDir, `kept-${nth}.jsonl`);
    const client = { url: `ws://[::1]:${port}`, token, name: `program ${nth}`, version: '1', kept };
    return new Program(String(nth), session, client, [...new Set(follows)]);
  });
  const ready = programs.flatMap(({ heard }) => [...heard.values()]);
  await Promise.all(ready.map((each) => each.until(({ cursor }) => cursor !== undefined)));

  const keep = new Streams(streams, programs);
  const recoveries: number[] = [];
  let cut = 0;
  for (let kill = 0; kill <= options.kills; kill++) {
    const until = Math.round((options.resets * (kill + 1)) / (options.kills + 1));
    for (let step = 0; cut < until; step++) {
      await pause(STEP_MS);
      cut += cutter.cut(Math.min(until - cut, 1 + (step % 4)));
      programs[step % programs.length]!.give();
      programs[(step * 13) % programs.length]!.give();
      keep.goOn();
    }
    if (kill === options.kills) break;
    await server.end('SIGKILL');
    for (let nth = 0; nth < RESTARTED; nth++) programs[(kill * RESTARTED + nth) % programs.length]!.restart();
    for (const program of programs) program.give();
    server = await startServer(dataDir, port);
    const start = performance.now();
    await Promise.all(programs.map(({ client }) => client.call('server.ping', {}, { retry: true })));
    recoveries.push(performance.now() - start);
  }

  await keep.end();
  await Promise.all(
    programs.map(({ heard, session, given }) => heard.get(session)!.until((h) => h.title === (given.at(-1) ?? ''))),
  );
  for (const { client } of programs) client.close();
  cutter.close();
  await server.end();
  await end(provider.process);
  return compared(dataDir, programs, recoveries);
}

/** Keeps a turn running in each stream. The first program that follows it looks after it. */
class Streams {
  readonly #streams: readonly { session: string; owner: Program; followers: Program[] }[];

  constructor(sessions: readonly string[], programs: readonly Program[]) {
    this.#streams = sessions.map((session) => {
      const followers = programs.filter(({ heard }) => heard.has(session));
      return { session, owner: followers[0]!, followers };
    });
  }

  goOn(): void {
    for (const { session, owner } of this.#streams) {
      const heard = owner.heard.get(session)!;
      if (heard.running !== undefined || heard.asked) continue;
      heard.asked = true;
      const to = { provider: 'bench', model: 'drip' };
      const wish = { command: newId(), session, message: newId(), text: 'Go on.', to };
      owner.client.call('messages.send', wish).catch(() => {
        heard.asked = false;
      });
    }
  }

  /** Stops every turn, and waits until every follower has heard a last word. */
  async end(): Promise<void> {
    await Promise.all(
      this.#streams.map(async ({ session, owner, followers }) => {
        const heard = owner.heard.get(session)!;
        await heard.until(({ asked }) => !asked);
        const turn = heard.running;
        if (turn !== undefined)
          await owner.client.call('turns.stop', { command: newId(), session, turn }, { retry: true });
        await owner.client.call('sessions.rename', { command: newId(), session, title: 'The end' });
        await Promise.all(followers.map((each) => each.heard.get(session)!.until(({ title }) => title === 'The end')));
      }),
    );
  }
}

/** What was heard beside what is in the log, and what was given beside what took effect. */
async function compared(dataDir: string, programs: readonly Program[], recoveries: number[]): Promise<FaultResult> {
  const log = openLog({ dir: dataDir, clock: systemClock, random: cryptoRandom });
  const all: FaultResult = {
    lost: 0,
    doubled: 0,
    outOfOrder: 0,
    commands: 0,
    events: 0,
    snapshots: 0,
    recoveries,
  };
  for (const { heard, session, given } of programs) {
    for (const [followed, each] of heard) {
      each.compare(await eventsOf(log, followed));
      all.lost += each.faults.lost;
      all.doubled += each.faults.doubled;
      all.outOfOrder += each.faults.outOfOrder;
      all.events += each.events;
      all.snapshots += each.snapshots;
    }
    const titles = (await eventsOf(log, session)).flatMap((event) =>
      event.type === 'session.renamed' ? [event.data.title] : [],
    );
    all.commands += given.length;
    all.lost += given.filter((title) => !titles.includes(title)).length;
    all.doubled += titles.length - new Set(titles).size;
    const inOrder = [...new Set(titles)];
    all.outOfOrder += inOrder.filter(
      (title, nth) => nth > 0 && given.indexOf(title) < given.indexOf(inOrder[nth - 1]!),
    ).length;
  }
  await log.close();
  return all;
}

async function eventsOf(log: ReturnType<typeof openLog>, session: string): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const page = await log.read({ session, after: events.at(-1)?.seq ?? 0, limit: 500 });
    if (page.length === 0) return events;
    events.push(...page);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '::', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
