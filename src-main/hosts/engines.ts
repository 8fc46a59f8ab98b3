import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostAsks } from '../api/host.ts';
import { type Choragus, compose } from '../compose.ts';
import { emptyConfig, loadConfig } from '../config/config.ts';
import { type Sealer, secretStore } from '../config/secrets.ts';
import { Access, accessKeys } from '../gateway/access.ts';
import { AccessTokens } from '../gateway/tokens.ts';
import { takeOwnership } from '../log/lock.ts';
import { type Logger, openLogger } from '../observability/logger.ts';
import { nodeHttp } from '../providers/http.ts';
import { hostApp } from './app.ts';
import { cryptoRandom, systemClock } from './clock.ts';
import { accessFile } from './data-folder.ts';
import { Gateway } from './gateway.ts';
import { type ListeningAsked, listening } from './listening.ts';
import { Reopening } from './reopen.ts';

export interface EnginesOptions {
  /** Exists and can be written. */
  dataDir: string;
  /** A configuration file; `config.json` in the data folder, if there is one, when undefined. */
  config: string | undefined;
  env: Record<string, string | undefined>;
  version: string;
  /** Name to version of what this host is built on. */
  versions: Record<string, string>;
  /** What the build wrote about the packages that go into the app. */
  licencesFile: string;
  /** Where the worker of the log lies, when that is not beside its source. */
  workerFile?: URL;
  /** Seals the providers' keys; without one they lie in a file that only its owner can read. */
  sealer?: Sealer;
  /** Shows a folder in the computer's file manager, where there is one. */
  openDataFolder?: (folder: string) => Promise<void>;
  /** What the menus ask of the windows. */
  asks?: HostAsks;
  gateway: ListeningAsked & {
    /** The built renderer. */
    rendererDir: string;
    /** What to type to get a new link. */
    linkCommand: string;
    /**
     * There when the gateway serves the window itself, with the port that was asked for: then it always listens. Null:
     * none was, so the kept one or the usual one is taken. Absent: it listens when the user wants it.
     */
    window?: { port: number | null };
  };
}

/** What every host opens. */
export interface Engines {
  readonly choragus: Choragus;
  readonly logger: Logger;
  readonly gateway: Gateway;
  /** Something that should never happen did; it is in the log file when this resolves. */
  broken(error: unknown): Promise<void>;
  /** Takes no new connection, starts no new turn, lets running ones go on for `drainMs`, and leaves the data folder to the next one. */
  close(drainMs: number): Promise<void>;
}

/**
 * Opens the data folder and all that works on it, in order; what was opened is closed again when a later step fails.
 * Throws Problems: BUSY while another process owns the folder.
 */
export async function openEngines(options: EnginesOptions): Promise<Engines> {
  const { dataDir, env } = options;
  const opened: (() => unknown)[] = [];
  let drainMs = 0;
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const configFile = options.config ?? join(dataDir, 'config.json');
    const { config, keys } =
      options.config === undefined && !existsSync(configFile) ? emptyConfig() : loadConfig(configFile, env);

    const ownership = takeOwnership(dataDir, { pid: process.pid, startedAt: systemClock.now() });
    opened.push(() => ownership.release());
    const logger = openLogger({ file: join(dataDir, 'logs', 'choragus.log') });
    opened.push(() => logger.close());
    const tightened = (file: string) => logger.warn({ file }, 'others could read this file; now only its owner can');

    const guarded = accessKeys(accessFile(dataDir), env.CHORAGUS_TOKEN, tightened);
    logger.hide(guarded.token);
    const tokens = new AccessTokens({
      file: join(dataDir, 'access-tokens.json'),
      clock: systemClock,
      tightened,
      logger,
    });
    const access = new Access(guarded, systemClock, tokens);
    const secrets = secretStore({
      file: join(dataDir, 'secrets.json'),
      fixed: keys,
      hide: (value) => logger.hide(value),
      tightened,
      ...(options.sealer === undefined ? {} : { sealer: options.sealer }),
    });
    const gateway = new Gateway({
      file: join(dataDir, 'gateway.json'),
      window: options.gateway.window,
      tokens,
      origins: config.gateway.origins,
      listen: async (port) => {
        // A desktop whose gateway is off starts without what the server needs.
        const { startServer } = await import('../gateway/server.ts');
        const { areas } = await import('../gateway/areas.ts');
        return startServer({
          ...options.gateway,
          ...listening(options.gateway, config.gateway, dirname(configFile)),
          port,
          access,
          version: options.version,
          choragus,
          areas,
          origins: () => gateway.origins,
          limits: config.limits,
          clock: systemClock,
          random: cryptoRandom,
          logger,
        });
      },
      closeToken: (id, reason) => choragus.connections.closeToken(id, reason),
      moved: (address) => ownership.announce({ address }),
      tightened,
      logger,
    });
    const choragus = await Reopening.open({
      dataDir,
      open: (how) =>
        compose({
          ...how,
          dataDir,
          clock: systemClock,
          random: cryptoRandom,
          http: nodeHttp(),
          secrets,
          config,
          logger,
          version: options.version,
          app: hostApp({ ...options, configFile }, secrets),
          gateway,
          ...(options.asks === undefined ? {} : { asks: options.asks }),
          ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
        }),
      clock: systemClock,
      logger,
      // As any error that nobody foresaw, it ends the process: there is nothing left to serve.
      failed: (error) =>
        setImmediate(() => {
          throw error;
        }),
    });
    opened.push(() => gateway.close(() => choragus.close({ drainMs })));
    await gateway.open();
    logger.info({ version: options.version, url: gateway.url, node: process.version }, 'ready');
    return {
      choragus,
      logger,
      gateway,
      close(grace) {
        drainMs = grace;
        return closeAll();
      },
      async broken(error) {
        logger.error({ error }, 'an unexpected error ends this process');
        await logger.close();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
