import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Client } from '#shared/wire/client.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { end, helper } from '../harness/child.ts';
import { configure, root, type Server, startServer } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import { newId } from '../streaming/conversation.ts';

/** A provider, our server before it with a client that asks for things, and a bare durable server before it. */
export interface Stand {
  provider: ChildProcess;
  dataDir: string;
  server: Server;
  client: Client;
  bare: { process: ChildProcess; port: number };
  end(): Promise<void>;
}

/** In the log from the start, with so many events after its creation. */
export const LONG = { session: 'long', events: 10_000 };

export async function startStand(): Promise<Stand> {
  const provider = await helper<{ port: number }>(join(root, 'bench/streaming/provider.ts'));
  const dataDir = newFolder();
  configure(dataDir, provider.said.port);
  await fill(dataDir);
  const server = await startServer(dataDir);
  const bare = await helper<{ port: number }>(join(root, 'bench/limits/durable-ws.ts'), [
    String(provider.said.port),
    newFolder(),
  ]);
  return {
    provider: provider.process,
    dataDir,
    server,
    client: server.client(),
    bare: { process: bare.process, port: bare.said.port },
    async end() {
      await server.end();
      await end(bare.process);
      await end(provider.process);
    },
  };
}

async function fill(dir: string): Promise<void> {
  const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
  const titles = Array.from({ length: LONG.events }, (_, nth) => `Title number ${nth}`);
  const renamed = titles.map((title) => ({ type: 'session.renamed' as const, data: { title } }));
  const created = { type: 'session.created' as const, data: { title: 'Long' } };
  await log.append({ session: LONG.session, events: [created, ...renamed], durable: false });
  await log.close();
}

/** Sessions that exist and hold nothing. */
export async function newSessions(client: Client, count: number): Promise<string[]> {
  const sessions = Array.from({ length: count }, newId);
  await Promise.all(sessions.map((session) => client.call('sessions.create', { command: newId(), session })));
  return sessions;
}

/** Lets a model of the provider answer in a session; resolves with the turn. */
export async function send(client: Client, session: string, model: string): Promise<string> {
  const to = { provider: 'bench', model };
  const { turn } = await client.call('messages.send', { command: newId(), session, message: newId(), text: model, to });
  return turn!;
}
