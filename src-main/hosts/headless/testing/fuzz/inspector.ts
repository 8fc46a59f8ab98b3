import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Looks into a Node process that was started with `--inspect`. */
export class Inspector {
  readonly #socket: WebSocket;
  #id = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** `stderr`: what the process said, where it stands. */
  static async attach(stderr: string): Promise<Inspector> {
    const [, address] = /^Debugger listening on (\S+)$/m.exec(stderr) ?? [];
    const socket = new WebSocket(address!);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  /** Whether this line of stderr is Node's own, about being looked at. */
  static says(line: string): boolean {
    return /^(Debugger |For help, see: |$)/.test(line);
  }

  /** Bytes in use, buffers included, after two full collections: what the first frees may hold what the second does. */
  async heap(): Promise<number> {
    for (let time = 0; time < 2; time++) await this.#ask('HeapProfiler.collectGarbage');
    const usage = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize: number };
    return usage.usedSize + usage.backingStorageSize;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  async #ask(method: string): Promise<unknown> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = await once(this.#socket, 'message');
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (answer.id === id) return answer.result;
    }
  }
}
