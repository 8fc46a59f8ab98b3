import { z } from 'zod';
import type { GatewayInfo, Scope } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { GatewayControl } from '../api/gateway.ts';
import { readPrivateFile, writePrivateFile } from '../config/private-file.ts';
import type { Server } from '../gateway/server.ts';
import type { AccessTokens } from '../gateway/tokens.ts';
import type { Logger } from '../observability/logger.ts';
import { usualPort } from './usual-port.ts';

/** As the user wants it. `enabled` counts where the gateway does not serve the window. */
const Settings = z.object({
  enabled: z.boolean(),
  port: z.int().min(0).max(65_535),
  /** Of web pages elsewhere that may ask; besides those of the configuration. */
  origins: z.array(z.string()).default([]),
});
type Settings = z.infer<typeof Settings>;

export interface GatewayOptions {
  /** `gateway.json` in the data folder. */
  file: string;
  /** There when it serves the window: then it is neither moved nor closed under it. `port`: as asked for at the start. */
  window: { port: number | null } | undefined;
  tokens: AccessTokens;
  /** Origins that the configuration names. */
  origins?: readonly string[];
  /** Rejects with a Problem. */
  listen: (port: number) => Promise<Server>;
  /** Ends the connections that were made with this access token. */
  closeToken: (id: string, reason: string) => void;
  /** It listens there now, as this computer itself reaches it; nowhere when undefined. */
  moved: (address: string | undefined) => void;
  tightened: (file: string) => void;
  logger: Logger;
}

/** Where other programs on this computer reach Choragus, and browsers where there is no desktop. */
export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions;
  #settings: Settings;
  #server: Server | undefined;
  /** The port that the last server was asked to listen on. */
  #asked: number | undefined;
  #problem: Problem | undefined;
  #closed = false;
  /** One change after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#settings = kept(options) ?? { enabled: false, port: usualPort, origins: [] };
  }

  /** Without a slash at the end; undefined while it does not listen. */
  get url(): string | undefined {
    return this.#server?.url;
  }

  /** Of web pages elsewhere that may ask, with an access token. */
  get origins(): readonly string[] {
    return [...new Set([...(this.#options.origins ?? []), ...this.#settings.origins])];
  }

  /** A new link that signs a browser in; it works once. Undefined while it does not listen. */
  link(): string | undefined {
    return this.#server?.link();
  }

  /** Listens as it should. Rejects only where it serves the window, without which there is nothing. */
  async open(): Promise<void> {
    const { window } = this.#options;
    if (window === undefined) return this.#inTurn(() => this.#follow());
    this.#server = await this.#options.listen(window.port ?? this.#settings.port);
    this.#announce();
  }

  info(): GatewayInfo {
    const { window, tokens } = this.#options;
    const problem = this.#problem;
    return {
      url: this.url ?? null,
      enabled: window !== undefined || this.#settings.enabled,
      port: this.#settings.port,
      fixed: window === undefined ? null : this.#fixed(window.port),
      problem: problem === undefined ? null : told(problem),
      origins: [...this.origins],
      open: this.#server?.open ?? null,
      tokens: tokens.list(),
    };
  }

  /** Where it serves the window, the port is kept for the next start that names none; origins count at once. */
  async set(wanted: Parameters<GatewayControl['set']>[0]): Promise<GatewayInfo> {
    await this.#inTurn(async () => {
      const serves = this.#options.window !== undefined;
      if (serves && !wanted.enabled)
        throw new Problem('CONFLICT', 'The gateway serves this window.', 'Close Choragus to switch it off.');
      const { enabled } = serves ? this.#settings : wanted;
      const fixed = this.#options.origins ?? [];
      const origins = wanted.origins?.filter((each) => !fixed.includes(each)) ?? this.#settings.origins;
      const settings = { enabled, port: wanted.port, origins };
      writePrivateFile(this.#options.file, `${JSON.stringify(settings, null, 2)}\n`);
      this.#settings = settings;
      if (!serves) await this.#follow();
    });
    return this.info();
  }

  async addToken(name: string, scopes: readonly Scope[]): Promise<{ id: string; token: string }> {
    return this.#options.tokens.add(name, scopes);
  }

  /** Ends the connections that were made with it. */
  async removeToken(id: string): Promise<void> {
    this.#options.tokens.remove(id);
    this.#options.closeToken(id, 'The access token was removed.');
  }

  /** Takes no more connections, waits for `drain`, then ends those that are still open. */
  close(drain: () => Promise<void>): Promise<void> {
    this.#closed = true;
    return this.#inTurn(async () => {
      const server = this.#server;
      this.#server = undefined;
      await (server === undefined ? drain() : server.close(drain));
    });
  }

  /** Brings what is there to what should be. A server is closed only when the one in its place listens. */
  async #follow(): Promise<void> {
    const { listen, logger } = this.#options;
    const { enabled, port } = this.#settings;
    const former = this.#server;
    const there = former !== undefined && (this.#asked === port || former.port === port);
    this.#problem = undefined;
    if (this.#closed || (enabled ? there : former === undefined)) return;
    try {
      this.#server = enabled ? await listen(port) : undefined;
    } catch (error) {
      this.#problem = Problem.of(error);
      logger.warn({ error }, 'the gateway does not listen where it should');
      return;
    }
    this.#asked = port;
    this.#announce();
    if (enabled) logger.info({ url: this.url }, 'the gateway listens');
    await former?.close(async () => {});
    if (!enabled) logger.info({}, 'the gateway is closed');
  }

  /** Only later processes miss it, so its failure is no failure of the gateway. */
  #announce(): void {
    const { moved, logger } = this.#options;
    try {
      moved(this.#server?.local);
    } catch (error) {
      logger.error({ error }, 'where the gateway listens could not be announced');
    }
  }

  #fixed(asked: number | null): string {
    const { port } = this.#settings;
    const then = port === 0 ? 'it picks a free port' : `it listens on port ${port}`;
    if (asked !== null)
      return `It was started with --port ${asked}, and it serves this window. From the next start without --port, ${then}.`;
    const now = this.#server?.port;
    return port === now || port === 0
      ? 'It serves this window, so it stays on. Another port counts from the next start on.'
      : `It serves this window, so it stays where it is until the next start. Then ${then}.`;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const told = ({ message, next }: Problem) => (next === undefined ? { message } : { message, next });

/** Undefined: there are none, or the file is damaged; what was in it is quickly set again. */
function kept({ file, tightened, logger }: GatewayOptions): Settings | undefined {
  const text = readPrivateFile(file, tightened);
  if (text === null) return undefined;
  try {
    return Settings.parse(JSON.parse(text));
  } catch {
    logger.warn({ file }, 'the settings of the gateway are damaged; the usual ones are taken');
    return undefined;
  }
}
