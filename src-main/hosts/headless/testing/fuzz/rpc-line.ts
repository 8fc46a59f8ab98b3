import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL } from '#shared/contract/contract.ts';

/** A message that came. */
export interface Told {
  id?: unknown;
  method?: string;
  result?: unknown;
  error?: { code: number; message: string; data?: { code?: string } };
  params?: { id?: unknown; items?: unknown[]; error?: Told['error'] };
}

/** How long an answer may take, in ms: none that is meant to come does. */
const patience = 15_000;

/** A socket that speaks JSON-RPC, or what looks like it, and takes nothing for granted. */
export class RpcLine {
  readonly socket: WebSocket;
  /** What nobody took yet. */
  readonly #told: Told[] = [];
  #waiting: (() => void)[] = [];
  #closed: number | null = null;
  #id = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Told | Told[];
      this.#told.push(...(Array.isArray(message) ? message : [message]));
      this.#stir();
    });
    socket.on('close', (code) => {
      this.#closed = code;
      this.#stir();
    });
  }

  static async connect(port: number, path: string, token: string): Promise<RpcLine> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const line = new RpcLine(socket);
    await once(socket, 'open');
    return line;
  }

  /** At `/rpc`, after the greeting. */
  static async open(port: number, token: string): Promise<RpcLine> {
    const line = await RpcLine.connect(port, '/rpc', token);
    await line.result('server.hello', { protocol: PROTOCOL, client: { name: 'fuzz', version: '1' } });
    return line;
  }

  /** An id that this line did not use yet. */
  newId(): string {
    return `r${++this.#id}`;
  }

  send(data: string | Uint8Array, binary = false): void {
    this.socket.send(data, { binary });
  }

  /** The first message that is meant, those before it stay. Rejects when the line is closed, or after a while. */
  async next(what: string, meant: (told: Told) => boolean): Promise<Told> {
    const until = performance.now() + patience;
    for (;;) {
      const index = this.#told.findIndex(meant);
      if (index >= 0) return this.#told.splice(index, 1)[0]!;
      if (this.#closed !== null) throw new Error(`The socket was closed with ${this.#closed} in place of ${what}.`);
      await this.#stirred(until, what);
    }
  }

  answer(id: unknown): Promise<Told> {
    return this.next(`the answer to ${JSON.stringify(id)}`, (told) => told.method === undefined && told.id === id);
  }

  ask(method: string, params: unknown): Promise<Told> {
    const id = this.newId();
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.answer(id);
  }

  /** Rejects when it is refused. */
  async result<T>(method: string, params: unknown): Promise<T> {
    const { result, error } = await this.ask(method, params);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** The first item of a stream, which is then left. */
  async firstItem<T>(method: string, params: unknown): Promise<T> {
    const id = this.newId();
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const { error } = await this.answer(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    const items = await this.next('an item', ({ params }) => params?.id === id && params.items !== undefined);
    this.cancel(id);
    return items.params!.items![0] as T;
  }

  cancel(id: unknown): void {
    this.send(JSON.stringify({ jsonrpc: '2.0', method: 'stream.cancel', params: { id } }));
  }

  /** All that came and that nobody took. */
  rest(): Told[] {
    return this.#told.splice(0);
  }

  /** The code with which it is closed, by whomever. */
  async closed(): Promise<number> {
    const until = performance.now() + patience;
    while (this.#closed === null) await this.#stirred(until, 'a close');
    return this.#closed;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed();
  }

  #stir(): void {
    for (const stir of this.#waiting.splice(0)) stir();
  }

  #stirred(until: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`For ${patience} ms nothing came in place of ${what}.`)),
        until - performance.now(),
      );
      this.#waiting.push(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }
}
