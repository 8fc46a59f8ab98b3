import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { ProblemShape } from '#shared/domain/things.ts';
import { type Clock, LONGEST_WAIT_MS } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import { type Client, type ConnectOptions, connect } from '#shared/wire/client.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { GENTLE, LOCAL, type Schedule } from '#shared/wire/reconnect.ts';
import type { ProductContract } from '#shared/wire/table.ts';
import { MAX_PAYLOAD, opened } from '#shared/wire/websocket.ts';
import { fileStore } from './file-store.ts';

export interface ClientOptions extends Pick<ConnectOptions<ProductContract>, 'onState' | 'onKept' | 'onUnkept'> {
  /** Where Choragus listens, such as `http://127.0.0.1:7457`. */
  url: string;
  /** An access token. */
  token: string;
  /** Of the program. */
  name: string;
  version: string;
  /** A file in which commands outlive the program until they are answered; one process at a time. */
  kept?: string;
  /** Every 40 ms on the same computer, more gently elsewhere, when absent. */
  retry?: Schedule;
  clock?: Clock;
  random?: Random;
}

/**
 * The client of a program on Node. It connects by itself, again after each loss, until `close`; it keeps the program
 * running until then. Throws CONFLICT when another process has the file of commands.
 */
export function openClient(options: ClientOptions): Client {
  const {
    token,
    name,
    version,
    kept,
    clock = programClock,
    random = cryptoRandom,
    onState,
    onKept,
    onUnkept,
  } = options;
  const url = socketUrl(options.url);
  return connect({
    open: (signal) => dial(url, token, clock, signal),
    contract: { calls, streams },
    client: { name, version },
    clock,
    random,
    retry: options.retry ?? (isLocal(url) ? LOCAL : GENTLE),
    ...(kept !== undefined && { kept: fileStore(kept) }),
    ...(onState && { onState }),
    ...(onKept && { onKept }),
    ...(onUnkept && { onUnkept }),
  });
}

/** For sessions, messages and commands. */
export const newId = (): string => uuidv7(Date.now(), cryptoRandom);

function dial(url: URL, token: string, clock: Clock, signal: AbortSignal): Promise<Pipe> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: MAX_PAYLOAD });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        reject(refusal(response.statusCode ?? 0, Buffer.concat(pieces).toString()));
        request.destroy();
      });
      response.on('error', () => request.destroy());
    });
    opened(socket, clock, signal).then(resolve, reject);
  });
}

/** Why there is no connection, in the words of the server. */
function refusal(status: number, body: string): Problem {
  const told = ProblemShape.safeParse(parse(body));
  if (told.success) return new Problem(told.data.code, told.data.message, told.data.next);
  if (status === 401)
    return new Problem('UNAUTHORIZED', 'Choragus did not accept the access token.', 'Make one in Settings > Gateway.');
  const what = `What listens there answered with status ${status}.`;
  return new Problem('DISCONNECTED', what, 'Look whether Choragus listens at this address.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function socketUrl(text: string): URL {
  const url = new URL(text);
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/rpc';
  return url;
}

const isLocal = ({ hostname }: URL) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** 48 unguessable bits a call. */
const cryptoRandom: Random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

/** Unlike in a host, whoever waits here waits for the connection: its timers keep the program running. */
const programClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_WAIT_MS));
    return () => clearTimeout(timer);
  },
};
