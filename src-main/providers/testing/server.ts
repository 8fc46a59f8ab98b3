import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it came. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: { model?: string; stream?: boolean; messages?: { role: string; content: string }[]; [field: string]: unknown };
  /** Resolves with the monotonic time at which its socket was closed. */
  closed: Promise<number>;
}

/** What the server does with one request. */
export type Act = (request: Received, response: ServerResponse) => void | Promise<void>;

export interface TestServer {
  /** `http://127.0.0.1:port` */
  url: string;
  requests: Received[];
  /** How many connections there have been. */
  connections: () => number;
  /** These answer the next requests, one each. */
  next(...acts: Act[]): void;
  /** This answers every request for which there is no `next`. */
  always(act: Act): void;
  /** Forgets what it was told to do and has not done. */
  forget(): void;
  close(): Promise<void>;
}

/** A small AI service that does whatever it is told to, in any dialect. */
export async function startTestServer(): Promise<TestServer> {
  const queue: Act[] = [];
  const requests: Received[] = [];
  let connections = 0;
  let otherwise: Act = status(500);
  const server = createServer(async (request, response) => {
    const closed = closing(request.socket);
    const text = await bodyOf(request);
    const { method = '', url: path = '', headers } = request;
    const received: Received = { method, path, headers, body: text === '' ? {} : JSON.parse(text), closed };
    requests.push(received);
    await (queue.shift() ?? otherwise)(received, response);
  });
  server.on('connection', (socket) => {
    connections++;
    socket.setNoDelay(true);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    next: (...acts) => void queue.push(...acts),
    always: (act) => {
      otherwise = act;
    },
    forget: () => {
      queue.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface StreamOptions {
  /** Sends pieces of this many bytes instead of whole events. */
  split?: number;
  contentType?: string;
  /** Awaited before each write. */
  pace?: (index: number) => Promise<unknown>;
  /** Awaited before the end. */
  gate?: Promise<unknown>;
  /** `end`: in order. `cut`: closed without the last chunk. `reset`: TCP reset. `silence`: open for ever. */
  ending?: 'end' | 'cut' | 'reset' | 'silence';
}

/** Streams these pieces of an event stream, then ends in one of four ways. */
export const stream =
  (events: readonly (string | Uint8Array)[], options: StreamOptions = {}): Act =>
  async (_, response) => {
    const { split, contentType = 'text/event-stream; charset=utf-8', pace, gate, ending = 'end' } = options;
    response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
    response.flushHeaders();
    let index = 0;
    for (const piece of split === undefined ? events : pieces(events, split)) {
      await pace?.(index++);
      if (response.destroyed) return;
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    }
    await gate;
    if (ending === 'end') response.end();
    else if (ending === 'cut') response.socket?.destroySoon();
    else if (ending === 'reset') response.socket?.resetAndDestroy();
  };

/** Repeats a piece until the other side leaves. */
export const endless =
  (piece: string, head = ''): Act =>
  async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(head);
    let go = () => {};
    response.on('drain', () => go());
    response.on('close', () => go());
    while (!response.destroyed) {
      const flowing = new Promise<void>((resolve) => {
        go = resolve;
      });
      if (!response.write(piece)) await flowing;
    }
  };

export const json =
  (value: unknown, code = 200, headers: Record<string, string> = {}): Act =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };

export const text =
  (body: string, contentType: string, code = 200): Act =>
  (_, response) => {
    response.writeHead(code, { 'content-type': contentType }).end(body);
  };

export const html = (code = 200): Act =>
  text('<!doctype html><title>Welcome</title><p>This is a web page.', 'text/html', code);

/** A status with the usual body of an error, in a shape that both dialects use. */
export const status = (code: number, headers: Record<string, string> = {}, message = `Status ${code}.`): Act =>
  json({ type: 'error', error: { type: `error_${code}`, message } }, code, headers);

export const hangUp: Act = (_, response) => void response.socket?.destroy();

/** By a field of the body, or by the address. */
export const asksToStream = ({ body, path }: Received) => body.stream === true || /stream/i.test(path);

/** Refuses to stream, and answers whole when asked so. */
export const onlyWhole =
  (whole: unknown): Act =>
  (request, response) =>
    asksToStream(request)
      ? status(400, {}, 'Streaming is not supported by this model.')(request, response)
      : json(whole)(request, response);

const closings = new WeakMap<Socket, Promise<number>>();

/** One promise for all requests that come on the same socket. */
function closing(socket: Socket): Promise<number> {
  let closed = closings.get(socket);
  if (closed === undefined) {
    closed = new Promise((resolve) => socket.once('close', () => resolve(performance.now())));
    closings.set(socket, closed);
  }
  return closed;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const piece of request) body += piece;
  return body;
}

/** The same bytes in pieces of one size: characters and lines are cut anywhere. */
function pieces(events: readonly (string | Uint8Array)[], size: number): Uint8Array[] {
  const all = Buffer.concat(events.map((each) => (typeof each === 'string' ? Buffer.from(each) : each)));
  const found: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += size) found.push(all.subarray(at, at + size));
  return found;
}
