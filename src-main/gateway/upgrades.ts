import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { MAX_PAYLOAD, webSocketPipe } from '#shared/wire/websocket.ts';
import type { Caller, Choragus } from '../compose.ts';
import type { Logger } from '../observability/logger.ts';
import type { Area, AreaContext, AreaSocket } from './area.ts';
import { Line, Pulse } from './pulse.ts';
import { Budget, type Rates, rateKey } from './rate.ts';
import { anybody, type Reception, type Visit } from './reception.ts';
import { pathOf, refuse, type Teller } from './teller.ts';

/** How long a WebSocket may take to say goodbye, in ms; the types of `ws` do not know it yet. */
const patience = { closeTimeout: 1000 };

export interface UpgradesOptions {
  areas: readonly Area[];
  context: AreaContext;
  choragus: Pick<Choragus, 'connect' | 'connections'>;
  reception: Reception;
  teller: Teller;
  rates: Rates;
  clock: Clock;
  logger: Logger;
}

/** Serves the WebSockets: `/rpc`, and what the areas have. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #pulse: Pulse;
  /** Frames are not compressed: that costs 300 KB a socket and seven times the CPU a frame, and most go to this computer. */
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    ...patience,
    WebSocket: Line,
  });
  readonly #rpc: AreaSocket;

  constructor(options: UpgradesOptions) {
    this.#options = options;
    this.#pulse = new Pulse(options.clock, options.logger);
    const { choragus, clock } = options;
    this.#rpc = {
      // What a token may ask there is looked up for each question.
      scope: ['chat', 'read'],
      serve: (socket, caller) => choragus.connect(webSocketPipe(socket, clock), caller),
    };
  }

  take(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', hangUp);
    const { reception, teller, choragus } = this.#options;
    const path = pathOf(request);
    const place = this.#at(path);
    const visit = reception.receive(request, place ?? anybody);
    const full = choragus.connections.full;
    const refusal =
      visit.refusal ??
      (place === undefined ? { problem: new Problem('NOT_FOUND', 'No WebSocket is served at this address.') } : null) ??
      (full === null ? null : { problem: full, status: 503 });
    if (refusal !== null || place === undefined) {
      const { status, headers, body } = teller.tell(request, refusal!.problem, refusal!);
      refuse(socket, { status, headers: { ...visit.headers, ...headers }, body });
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (line) => {
      // The socket has its own listener by now.
      socket.off('error', hangUp);
      this.#open(line as Line, socket, place, this.#caller(socket, path, visit));
    });
  }

  /** Says goodbye to all that are open, and hangs up on who does not answer. */
  close(): void {
    for (const line of this.#pulse.lines) line.close(1001, 'Choragus ends.');
  }

  #at(path: string): AreaSocket | undefined {
    if (path === '/rpc') return this.#rpc;
    for (const area of this.#options.areas) {
      const found = area.socket?.(path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #caller({ remoteAddress, remotePort }: Socket, path: string, { admission }: Visit): Caller {
    const { token, scopes, page } = admission!;
    const kind = path !== '/rpc' ? 'ws' : page ? 'window' : 'rpc';
    const key = rateKey(admission, remoteAddress);
    const budget = key === null ? undefined : new Budget(this.#options.rates, key);
    return { kind, address: `${remoteAddress}:${remotePort}`, token, scopes, host: null, ...(budget && { budget }) };
  }

  #open(line: Line, raw: Socket, place: AreaSocket, caller: Caller): void {
    const { logger, context } = this.#options;
    line.raw = raw;
    this.#pulse.add(line);
    try {
      line.measured = place.serve(line, caller, context) ?? undefined;
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.code === 'INTERNAL') logger.error({ error }, 'a socket could not be served');
      line.close(problem.code === 'INTERNAL' ? 1011 : 1013, problem.message.slice(0, 120));
    }
  }
}

function hangUp(this: Socket): void {
  this.destroy();
}
