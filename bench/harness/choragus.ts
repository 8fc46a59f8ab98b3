import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { type Client, connect } from '#shared/wire/client.ts';
import { opened } from '#shared/wire/websocket.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { end, started } from './child.ts';

export const root = join(import.meta.dirname, '../..');
export const LISTENING = /listening on http:\/\/(\S+)/;
export const token = 'a-token-for-the-bench';

export interface Server {
  pid: number;
  port: number;
  /** From the start of its process to listening. */
  ms: number;
  /** Through the same client as every window, over a WebSocket. */
  client(): Client;
  /** Signs a browser in, once. */
  link(): Promise<string>;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** The built server as a process of its own, with access token and log file. BENCH_NODE_FLAGS go to its Node, to profile it. */
export async function startServer(dataDir: string, port = 0): Promise<Server> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
  const program = join(root, 'bin/choragus.mjs');
  const command = [
    process.execPath,
    ...flags,
    program,
    'serve',
    '--port',
    String(port),
    '--data-dir',
    dataDir,
  ] as const;
  const server = await started(command, LISTENING, { env: { ...process.env, CHORAGUS_TOKEN: token } });
  const clients: Client[] = [];
  return {
    pid: server.process.pid!,
    port: Number(server.found[1]!.split(':').at(-1)),
    ms: server.ms,
    client() {
      const client = connect({
        open: (signal) => {
          const options = { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false };
          return opened(new WebSocket(`ws://${server.found[1]}/rpc`, options), systemClock, signal);
        },
        contract: { calls, streams },
        client: { name: 'bench', version: '1' },
        clock: systemClock,
        random: cryptoRandom,
      });
      clients.push(client);
      return client;
    },
    async link() {
      const answer = await fetch(`http://${server.found[1]}/link`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { link: string }).link;
    },
    async end(signal) {
      for (const client of clients) client.close();
      await end(server.process, signal);
    },
  };
}

/** Lets the server of this data folder ask the provider at this port, as many turns at once as one likes. */
export function configure(dataDir: string, providerPort: number): void {
  const baseUrl = `http://127.0.0.1:${providerPort}/v1`;
  const providers = [{ id: 'bench', kind: 'openai-compatible', baseUrl, models: ['any'] }];
  writeFileSync(
    join(dataDir, 'config.json'),
    JSON.stringify({ providers, limits: { turns: 256, requestsPerMinute: 1_000_000, connections: 100_000 } }),
  );
}
