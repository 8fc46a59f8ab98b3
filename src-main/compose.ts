import { calls, streams } from '#shared/contract/contract.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { Commands } from './api/commands.ts';
import type { CallHandlers, StreamHandlers } from './api/handlers.ts';
import { providerCalls, providerStreams } from './api/providers.ts';
import { sessionCalls, sessionStreams } from './api/sessions.ts';
import type { Config } from './config/config.ts';
import type { SecretStore } from './config/secrets.ts';
import { Registry } from './engines/discovery/registry.ts';
import { Roster } from './engines/discovery/roster.ts';
import { shippedSpecialists } from './engines/discovery/specialists.ts';
import { Sessions } from './engines/session/sessions.ts';
import { Turns } from './engines/streaming/turns.ts';
import { openLog } from './log/open.ts';
import type { Logger } from './observability/logger.ts';
import { createProvider, type ProviderDeclaration } from './providers/create.ts';
import type { Http } from './providers/http.ts';

export interface ComposeOptions {
  dataDir: string;
  clock: Clock;
  random: Random;
  http: Http;
  secrets: SecretStore;
  config: Config;
  logger: Logger;
  version: string;
  host: null | { kind: 'desktop' };
  /** Where the log's worker lies, when that is not beside its source. */
  workerFile?: URL;
  /** When what was gathered is committed; at the end of this turn of the event loop if absent. */
  endOfTurn?: (commit: () => void) => void;
}

export interface Choragus {
  /** Serves one client until its pipe closes. */
  connect(pipe: Pipe, who: { address: string }): void;
  /** What happened at this start that the user should know. */
  readonly notices: { message: string; next?: string }[];
  /** Turns running now. */
  readonly running: number;
  /** Lets running turns go on for `drainMs`, leaves the rest interrupted, closes every pipe and the log. */
  close(options?: { drainMs?: number }): Promise<void>;
}

/** Builds and joins all engines. The only place that knows them all; knows neither Electron nor HTTP servers. */
export async function compose(options: ComposeOptions): Promise<Choragus> {
  const { clock, random, config, logger, secrets } = options;
  const newId = () => uuidv7(clock.now(), random);
  const log = openLog({
    dir: options.dataDir,
    clock,
    random,
    logger,
    ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
    ...(options.endOfTurn === undefined ? {} : { endOfTurn: options.endOfTurn }),
  });

  /** A key that is given, even an empty one, stands instead of the one in the secret store. */
  const create = (declaration: ProviderDeclaration, key?: string) =>
    createProvider(declaration, {
      http: options.http,
      clock,
      random,
      key: async () => (key === undefined ? ((await secrets.get(declaration.id)) ?? undefined) : key || undefined),
      search: (query, search) => log.search(query, search),
    });
  const roster = new Roster({
    specialists: shippedSpecialists(config.specialists),
    timeout: (ms) => AbortSignal.timeout(ms),
  });
  roster.add(create({ id: 'offline', kind: 'offline', name: 'Offline' }), 'built-in');
  for (const { models, ...declared } of config.providers) {
    const declaration = { ...declared, name: declared.name ?? declared.id };
    // Without a key of its own it gets none, whatever the store has under this id.
    const keyless = !('key' in declared) || declared.key === undefined;
    roster.add(keyless ? create(declaration, '') : create(declaration), 'config', models);
  }
  const registry = new Registry({
    log,
    roster,
    secrets,
    logger,
    create: ({ provider, ...declared }, key) => create({ id: provider, ...declared }, key),
  });

  const turns = new Turns({ log, clock, random, logger, limits: config.limits, observations: registry });
  const sessions = new Sessions({ log, directory: roster, turns, newId, logger });
  const leave = turns.ended.on(({ session, state }) => sessions.turnEnded(session, state));

  try {
    await registry.load();
  } catch (error) {
    await log.close();
    throw error;
  }
  // Commands wait for it, listening does not.
  sessions.recover().then(
    (interrupted) => {
      if (interrupted > 0) logger.info({ turns: interrupted }, 'Turns that ran at the last end are interrupted.');
    },
    (error: unknown) => logger.error({ error }, 'What ran at the last end could not be looked up.'),
  );
  // Nobody but the first specialist waits for it; each answer changes the roster.
  void roster.checkAll();

  const commands = new Commands(log);
  const callHandlers: CallHandlers = {
    'server.hello': async () => ({
      version: options.version,
      epoch: log.epoch,
      host: options.host,
      notices: log.notices,
    }),
    ...sessionCalls(log, sessions, commands),
    ...providerCalls(registry, roster, commands),
  };
  const streamHandlers: StreamHandlers = { ...sessionStreams(log), ...providerStreams(roster) };

  const pipes = new Set<Pipe>();
  return {
    notices: log.notices,
    get running() {
      return turns.running;
    },
    connect(pipe, { address }) {
      pipes.add(pipe);
      logger.info({ address }, 'connected');
      serve(pipe, {
        contract: { calls, streams },
        handlers: { calls: callHandlers, streams: streamHandlers },
        clock,
        log: (what, error) => logger.warn(error === undefined ? { address } : { address, error }, what),
        onClose: (reason) => {
          pipes.delete(pipe);
          logger.info({ address, reason }, 'disconnected');
        },
      });
    },
    async close({ drainMs = 0 } = {}) {
      leave();
      await turns.drain(drainMs);
      for (const pipe of pipes) pipe.close('The server ends.');
      await log.close();
    },
  };
}
