import { calls, streams } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { ProblemShape } from '#shared/domain/things.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import { Signal } from '#shared/kit/signal.ts';
import { type Client, type ClientState, connect } from '#shared/wire/client.ts';
import type { CommandStore, KeptCommand } from '#shared/wire/kept.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { GENTLE, type Schedule } from '#shared/wire/reconnect.ts';
import { opened, unauthorized } from '#shared/wire/websocket.ts';
import { browserClock, browserRandom } from './clock.ts';
import { type Desktop, desktopPipe, type Page } from './desktop.ts';
import { keptCommands } from './kept-commands.ts';

declare global {
  interface Window {
    readonly choragus?: Desktop;
  }
}

/** The window's connection to the engines. It knows no store; whoever shows its state listens to it. */
export interface Link {
  readonly client: Client;
  readonly state: ClientState;
  /** Returns the function that ends the listening. */
  onState(listener: (state: ClientState) => void): () => void;
  /** Hears of each command that an earlier page left, when it listens from the beginning. */
  onKept(listener: (command: KeptCommand, outcome: Promise<unknown>) => void): () => void;
  /** Hears that there is no room to keep commands. */
  onUnkept(listener: (problem: Problem) => void): () => void;
  close(): void;
}

export interface LinkOptions {
  version: string;
  page?: Page;
  clock?: Clock;
  random?: Random;
  kept?: CommandStore;
}

/** Chromium makes sockets wait that fail often, so it begins soon and does not insist. */
const RETRY: Schedule = { ...GENTLE, firstMs: 100 };

export function openLink(options: LinkOptions): Link {
  const { version, page = window, clock = browserClock, random = browserRandom } = options;
  const kept = options.kept ?? keptCommands({ clock, localStorage: () => globalThis.localStorage });
  const states = new Signal<ClientState>();
  const found = new Signal<{ command: KeptCommand; outcome: Promise<unknown> }>();
  const unkept = new Signal<Problem>();
  const client = connect({
    open: (signal) => openPipe(page, clock, signal),
    contract: { calls, streams },
    client: { name: 'window', version },
    clock,
    random,
    retry: RETRY,
    kept,
    onKept: (command, outcome) => found.emit({ command, outcome }),
    onUnkept: (error) => unkept.emit(Problem.of(error)),
    onState: (state) => states.emit(state),
  });
  return {
    client,
    get state() {
      return client.state;
    },
    onState: (listener) => states.on(listener),
    onKept: (listener) => found.on(({ command, outcome }) => listener(command, outcome)),
    onUnkept: (listener) => unkept.on(listener),
    close: () => client.close(),
  };
}

/** The one place that knows which pipe this window has. */
function openPipe(page: Page, clock: Clock, signal: AbortSignal): Promise<Pipe> {
  const { choragus } = page;
  return choragus === undefined ? socketPipe(page, clock, signal) : desktopPipe(choragus, page, signal);
}

/** The cookie alone opens nothing: other servers of this machine get to see it, but not what is kept for our pages. */
async function socketPipe({ location, localStorage }: Page, clock: Clock, signal: AbortSignal): Promise<Pipe> {
  const { protocol, host } = location;
  const key = localStorage?.getItem('choragus.key') ?? 'none';
  try {
    const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/rpc`, ['choragus', key]);
    return await opened(socket, clock, signal);
  } catch (problem) {
    throw (await refusal(`${protocol}//${host}/rpc`, key, signal)) ?? problem;
  }
}

/** A browser hides why a socket was refused; a plain request to the same place tells. */
async function refusal(url: string, key: string, signal: AbortSignal): Promise<Problem | undefined> {
  const answer = await fetch(url, { headers: { 'choragus-key': key }, signal }).catch(() => undefined);
  if (answer?.status !== 401) return undefined;
  const told = ProblemShape.safeParse(await answer.json().catch(() => null));
  return told.success ? new Problem('UNAUTHORIZED', told.data.message, told.data.next) : unauthorized();
}
