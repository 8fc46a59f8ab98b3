import { WebSocket } from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: what came over a socket
export type Frame = any;

/** A program at the other end of a socket, which keeps every frame that came. */
export class SocketCaller {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  /** Code and reason with which it was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  #news = Promise.withResolvers<void>();
  #ids = 0;

  /** `socket`: an address, or one that is open. */
  constructor(socket: string | WebSocket) {
    this.socket = typeof socket === 'string' ? new WebSocket(socket.replace('http', 'ws')) : socket;
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#tell();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  async open(): Promise<this> {
    await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The first frame that fits, also one that has come already. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const { promise } = this.#news;
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      await promise;
    }
  }

  /** The answer to one request. */
  ask(method: string, params?: unknown): Promise<Frame> {
    const id = `own-${++this.#ids}`;
    this.send({ jsonrpc: '2.0', id, method, params });
    return this.until((frame) => frame.id === id);
  }

  /** Frames of one stream, once it is complete. */
  async stream(request_id: unknown): Promise<Frame[]> {
    const ours = ({ params }: Frame) => params?.request_id === request_id;
    await this.until((frame) => frame.method === 'stream.complete' && ours(frame));
    return this.frames.filter(ours);
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
