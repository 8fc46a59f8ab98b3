import { type CallResult, calls, streams } from '#shared/contract/contract.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { type App, appCalls } from './api/app.ts';
import { Commands } from './api/commands.ts';
import { type GatewayControl, gatewayCalls } from './api/gateway.ts';
import type { CallHandlers, StreamHandlers } from './api/handlers.ts';
import { type HostAsks, hostStreams } from './api/host.ts';
import { providerCalls, providerStreams } from './api/providers.ts';
import { sessionCalls, sessionStreams } from './api/sessions.ts';
import { specialistCalls } from './api/specialists.ts';
import type { Config } from './config/config.ts';
import type { SecretStore } from './config/secrets.ts';
import { Casting } from './engines/discovery/casting.ts';
import { Found } from './engines/discovery/found.ts';
import { Ledger } from './engines/discovery/ledger.ts';
import { localServices } from './engines/discovery/local-services.ts';
import { Lookout } from './engines/discovery/lookout.ts';
import { providerMaker } from './engines/discovery/make.ts';
import { Providers } from './engines/discovery/providers.ts';
import { Registry } from './engines/discovery/registry.ts';
import { Roster } from './engines/discovery/roster.ts';
import { shippedSpecialists } from './engines/discovery/specialists.ts';
import { Trials } from './engines/discovery/trial.ts';
import { Sessions } from './engines/session/sessions.ts';
import { Turns } from './engines/streaming/turns.ts';
import { openLog } from './log/open.ts';
import type { Logger } from './observability/logger.ts';
import { createProvider, type ProviderDeclaration } from './providers/create.ts';
import type { Http } from './providers/http.ts';
import { Workroom } from './providers/offline/workroom.ts';

export interface ComposeOptions {
  dataDir: string;
  clock: Clock;
  random: Random;
  http: Http;
  secrets: SecretStore;
  config: Config;
  logger: Logger;
  version: string;
  app: App;
  gateway: GatewayControl;
  /** What the menus of a desktop ask of its windows. */
  asks?: HostAsks;
  /** Where the log's worker lies, and that of the offline models beside it, when they are built. */
  workerFile?: URL;
  /** When what was gathered is committed; at the end of this turn of the event loop if absent. */
  endOfTurn?: (commit: () => void) => void;
}

/**
 * Who is at the far end of a pipe. `token`: the access token of its own by which a program came in; null for the user.
 * `host`: the desktop whose window it is; null for a browser or a program.
 */
export interface Caller {
  address: string;
  token: string | null;
  host: CallResult<'server.hello'>['host'];
}

export interface Choragus {
  /** Serves one client until its pipe closes. */
  connect(pipe: Pipe, who: Caller): void;
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

  const workroom = new Workroom(
    options.workerFile === undefined
      ? new URL('./providers/offline/worker.ts', import.meta.url)
      : new URL('offline-worker.js', options.workerFile),
    clock,
  );
  const create = (declaration: ProviderDeclaration, key: () => Promise<string | undefined>) =>
    createProvider(declaration, {
      http: options.http,
      clock,
      random,
      key,
      search: (query, search) => log.search(query, search),
      workroom,
    });
  const noKey = async () => undefined;
  const keyless = new Set(['offline']);
  const providers = new Providers(clock);
  const roster = new Roster({
    specialists: shippedSpecialists(config.specialists),
    providers,
    keyState: (id) => (keyless.has(id) ? 'none' : secrets.state(id)),
    lookFor: (id) => lookout.lookFor(id),
  });
  providers.add(create({ id: 'offline', kind: 'offline', name: 'Offline models' }, noKey), { origin: 'built-in' });
  for (const { models, ...declared } of config.providers) {
    const declaration = { ...declared, name: declared.name ?? declared.id };
    // Without a key of its own it gets none, whatever the store has under this id.
    const keyed = 'key' in declared && declared.key !== undefined;
    if (!keyed) keyless.add(declared.id);
    const key = keyed ? async () => (await secrets.get(declared.id)) ?? undefined : noKey;
    providers.add(create(declaration, key), { origin: 'config', models });
  }
  const services = config.localServices === false ? [] : localServices(options.http, config.localServices);
  const ledger = new Ledger(log);
  const make = providerMaker({ ledger, secrets, create });
  const found = new Found({ ledger, providers, make, services, isChosen: (id) => roster.isChosen(id) });
  const look = () => void lookout.look();
  const registry = new Registry({ ledger, providers, secrets, make, found, look, logger });
  const casting = new Casting({ ledger, roster, changed: () => found.settle() });
  const lookout = new Lookout({
    services,
    clock,
    mayLookFor: (id) => found.mayLookFor(id),
    seen: (service, offer) => found.seen(service, offer),
    logger,
  });
  const trials = new Trials(providers, clock);

  const turns = new Turns({ log, clock, random, logger, limits: config.limits, observations: registry });
  const sessions = new Sessions({ log, directory: roster, turns, newId, logger });
  const leave = turns.ended.on(({ session, state }) => sessions.turnEnded(session, state));

  try {
    await ledger.load();
    casting.start();
    await registry.start();
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
  roster.firstLook(Promise.all([providers.checkAll(), lookout.look()]));

  const commands = new Commands(log);
  const callHandlers: Omit<CallHandlers, 'server.hello' | `gateway.${string}`> = {
    ...sessionCalls(log, sessions, commands),
    ...providerCalls({ registry, providers, trials, lookout }, commands),
    ...specialistCalls(casting, commands),
    ...appCalls(options.app),
  };
  const streamHandlers: Omit<StreamHandlers, 'host.follow'> = {
    ...sessionStreams(log),
    ...providerStreams(roster, lookout),
  };

  const pipes = new Set<Pipe>();
  return {
    notices: log.notices,
    get running() {
      return turns.running;
    },
    connect(pipe, { address, token, host }) {
      pipes.add(pipe);
      logger.info({ address }, 'connected');
      const hello = async () => ({ version: options.version, epoch: log.epoch, host, notices: log.notices });
      serve(pipe, {
        contract: { calls, streams },
        handlers: {
          calls: { ...callHandlers, ...gatewayCalls(options.gateway, token), 'server.hello': hello },
          streams: { ...streamHandlers, ...hostStreams(options.asks, address) },
        },
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
      lookout.close();
      await turns.drain(drainMs);
      for (const pipe of pipes) pipe.close('The server ends.');
      await log.close();
    },
  };
}
