import { join } from 'node:path';
import { calls, streams } from '#shared/contract/contract.ts';
import { type Client, connect } from '#shared/wire/client.ts';
import { memoryPipes } from '#shared/wire/memory.ts';
import type { App } from '../api/app.ts';
import type { GatewayControl } from '../api/gateway.ts';
import { type Choragus, type ComposeOptions, compose } from '../compose.ts';
import { ConfigSchema } from '../config/config.ts';
import { secretStore } from '../config/secrets.ts';
import { systemClock } from '../hosts/clock.ts';
import { nodeHttp } from '../providers/http.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface Composed {
  choragus: Choragus;
  /** Over a pipe in memory, which passes JSON only. */
  client: Client;
  close(): Promise<void>;
}

/** The whole app but its host, over a real data folder and network, with one client. */
export async function composed(
  dataDir: string,
  { config, ...more }: { config: unknown } & Partial<Omit<ComposeOptions, 'config'>>,
): Promise<Composed> {
  const choragus = await compose({
    dataDir,
    clock: systemClock,
    random: Math.random,
    http: nodeHttp(),
    secrets: secretStore({ file: join(dataDir, 'secrets.json'), fixed: new Map(), hide() {}, tightened() {} }),
    config: ConfigSchema.parse(config),
    logger: quiet,
    version: '0.0.0',
    // Asked in the tests of the hosts.
    app: {} as App,
    gateway: {} as GatewayControl,
    ...more,
  });
  const client = connect({
    open: async () => {
      const [ours, theirs] = memoryPipes();
      choragus.connect(theirs, { kind: 'rpc', address: 'test', token: null, scopes: 'user', host: null });
      return ours;
    },
    contract: { calls, streams },
    client: { name: 'test', version: '0' },
    clock: systemClock,
    random: Math.random,
  });
  return {
    choragus,
    client,
    async close() {
      client.close();
      await choragus.close();
    },
  };
}
