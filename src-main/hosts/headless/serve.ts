import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../compose.ts';
import { emptyConfig, loadConfig } from '../../config/config.ts';
import { fileSecrets } from '../../config/secrets.ts';
import { takeOwnership } from '../../log/lock.ts';
import { openLogger } from '../../observability/logger.ts';
import { nodeHttp } from '../../providers/http.ts';
import { cryptoRandom, systemClock } from '../clock.ts';
import { Access, accessKeys } from './access.ts';
import { accessFile } from './data-folder.ts';
import { type Server, startServer } from './server.ts';

export interface ServeOptions {
  host: string;
  port: number;
  /** Exists and can be written. */
  dataDir: string;
  config: string | undefined;
  env: Record<string, string | undefined>;
  version: string;
  rendererDir: string;
  /** Where the worker of the log lies, when that is not beside its source. */
  workerFile?: URL;
  linkCommand: string;
}

export interface Running {
  server: Server;
  notices: { message: string; next?: string }[];
  /** Something that should never happen did; it is in the log file when this resolves. */
  broken(error: unknown): Promise<void>;
  /** Takes no new connection, starts no new turn, lets running ones go on for `drainMs`, and leaves the data folder to the next one. */
  close(drainMs: number): Promise<void>;
}

/** The headless shell: opens the data folder, then listens. What was opened is closed again when a later step fails. */
export async function serve(options: ServeOptions): Promise<Running> {
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

    const access = accessKeys(accessFile(dataDir), env.CHORAGUS_TOKEN, tightened);
    logger.hide(access.token);
    const secrets = fileSecrets({
      file: join(dataDir, 'secrets.json'),
      fixed: keys,
      hide: (value) => logger.hide(value),
      tightened,
    });
    const choragus = await compose({
      dataDir,
      clock: systemClock,
      random: cryptoRandom,
      http: nodeHttp(),
      secrets,
      config,
      logger,
      version: options.version,
      host: null,
      ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
    });
    const closeChoragus = () => choragus.close({ drainMs });
    opened.push(closeChoragus);
    const server = await startServer({
      ...options,
      access: new Access(access, systemClock),
      connect: (pipe, who) => choragus.connect(pipe, who),
      clock: systemClock,
      logger,
    });
    opened.splice(opened.indexOf(closeChoragus), 1, () => server.close(closeChoragus));
    ownership.announce({ address: server.url });
    logger.info({ version: options.version, url: server.url, node: process.version }, 'listening');
    return {
      server,
      notices: choragus.notices,
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
