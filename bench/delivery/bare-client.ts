import { once } from 'node:events';
import { WebSocket } from 'ws';
import { token } from '../harness/choragus.ts';

/** What one follower hears: text of a stream, in the order in which it came. `end` is true with the last of it. */
export type Hear = (stream: string, text: string, end: boolean) => void;

interface Item {
  kind: string;
  event?: { type: string; data: { text?: string; title?: string } };
}

/** Items that may come before credit is given: the protocol's. */
const CREDIT = 256;

export const toOurs = (port: number) =>
  new WebSocket(`ws://127.0.0.1:${port}/rpc`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });

/** Says hello by hand; resolves when it is answered. */
export async function greet(socket: WebSocket): Promise<void> {
  await once(socket, 'open');
  socket.send(request(0, 'server.hello', { protocol: 1, client: { name: 'bench', version: '1' } }));
  await once(socket, 'message');
}

/** Follows sessions of ours with as little as the protocol asks for: nothing is checked or folded. */
export async function followOurs(
  port: number,
  sessions: readonly { session: string; cursor?: string }[],
  hear: Hear,
): Promise<WebSocket> {
  const socket = toOurs(port);
  await greet(socket);
  const lengths = new Map<number, number>();
  const owed = new Map<number, number>();
  let answered = 0;
  const ready = Promise.withResolvers<void>();
  const take = (id: number, items: Item[]) => {
    const stream = sessions[id - 1]!.session;
    for (const { event } of items) {
      if (event === undefined) continue;
      const { type, data } = event;
      const length = lengths.get(id) ?? 0;
      const text = (type === 'turn.finished' ? data.text?.slice(length) : (data.text ?? data.title)) ?? '';
      if (type === 'turn.part' || type === 'turn.finished') lengths.set(id, length + text.length);
      if (type === 'turn.part' || type === 'turn.finished' || type === 'session.renamed')
        hear(stream, text, type === 'turn.finished');
    }
    const sum = (owed.get(id) ?? 0) + items.length;
    owed.set(id, sum >= CREDIT / 2 ? 0 : sum);
    if (sum >= CREDIT / 2)
      socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'stream.credit', params: { id, n: sum } }));
  };
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    for (const message of Array.isArray(frame) ? frame : [frame]) {
      if (message.method === 'stream.items') take(message.params.id, message.params.items);
      else if (message.result?.stream === true && ++answered === sessions.length) ready.resolve();
      else if (message.error !== undefined) ready.reject(new Error(message.error.message));
    }
  });
  for (const [nth, params] of sessions.entries()) socket.send(request(nth + 1, 'session.follow', params));
  await ready.promise;
  return socket;
}

/** The same at the bare server. */
export async function followBare(port: number, streams: readonly string[], hear: Hear): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  let answered = 0;
  const ready = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const { stream, items, done } = JSON.parse(String(data));
    if (done === true && ++answered === streams.length) ready.resolve();
    for (const { data } of items ?? []) hear(stream, data.text, data.text.endsWith('\n'));
  });
  for (const follow of streams) socket.send(JSON.stringify({ follow, after: 0 }));
  await ready.promise;
  return socket;
}

/**
 * Follows one stream of the bare server through everything: dials again every few ms, goes on after the last sequence.
 * What is said while there is no connection is said at the next.
 */
export class TightFollower {
  readonly #url: string;
  readonly #stream: string;
  readonly #hear: (text: string) => void;
  #socket: WebSocket | undefined;
  #after = 0;
  #unsaid: object[] = [];
  #over = false;

  constructor(url: string, stream: string, hear: (text: string) => void) {
    this.#url = url;
    this.#stream = stream;
    this.#hear = hear;
    this.#dial();
  }

  say(said: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(said));
    else this.#unsaid.push(said);
  }

  end(): void {
    this.#over = true;
    this.#socket?.terminate();
  }

  #dial(): void {
    if (this.#over) return;
    const socket = new WebSocket(this.#url, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('open', () => {
      socket.send(JSON.stringify({ follow: this.#stream, after: this.#after }));
      for (const said of this.#unsaid.splice(0)) socket.send(JSON.stringify(said));
    });
    socket.on('message', (data) => {
      for (const { seq, data: row } of JSON.parse(String(data)).items ?? []) {
        this.#after = seq;
        this.#hear(row.text);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(() => this.#dial(), 5));
  }
}

/** One thing asked of the bare server; resolves when it is done. */
export async function tellBare(port: number, said: object): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  socket.send(JSON.stringify(said));
  await once(socket, 'message');
  socket.close();
}

const request = (id: number, method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
