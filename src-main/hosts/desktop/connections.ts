import { messagePortPipe } from '#shared/wire/message-port.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { isPage } from './address.ts';
import { PORT } from './channels.ts';
import { type MainPort, mainPort } from './ports.ts';

/** Who asked, as Electron tells it. */
export interface Asker<P> {
  sender: { readonly id: number; postMessage(channel: string, message: unknown, transfer: P[]): void };
  /** Null: it is gone already. */
  senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

export interface ConnectionOptions<P extends MainPort> {
  newChannel(): { port1: P; port2: P };
  /** The window of these contents; undefined when they are none of ours. */
  windowOf(contents: number): number | undefined;
  connect(pipe: Pipe, who: { address: string }): void;
  refused(why: { contents: number; url: string | null }): void;
}

/** How a window is called in the log, and by the menus. */
export const addressOf = (window: number) => `window ${window}`;

/**
 * One pipe per window. A page that asks anew (after a reload, a crash, a silence) gets a new one in place of the former;
 * what it missed comes by its cursors. Whoever takes a page away closes its pipe here, since a port may end silently.
 */
export class Connections<P extends MainPort> {
  readonly #options: ConnectionOptions<P>;
  readonly #pipes = new Map<number, Pipe>();

  constructor(options: ConnectionOptions<P>) {
    this.#options = options;
  }

  /** Only the page itself, in one of our windows, is answered: no frame within it, no other address. */
  ask({ sender, senderFrame }: Asker<P>): void {
    const window = this.#options.windowOf(sender.id);
    if (window === undefined || senderFrame === null || senderFrame.parent !== null || !isPage(senderFrame.url)) {
      this.#options.refused({ contents: sender.id, url: senderFrame?.url ?? null });
      return;
    }
    this.close(window, 'The window connected anew.');
    const { port1, port2 } = this.#options.newChannel();
    const pipe = messagePortPipe(mainPort(port1));
    this.#pipes.set(window, pipe);
    this.#options.connect(pipe, { address: addressOf(window) });
    sender.postMessage(PORT, null, [port2]);
  }

  close(window: number, reason: string): void {
    this.#pipes.get(window)?.close(reason);
    this.#pipes.delete(window);
  }
}
