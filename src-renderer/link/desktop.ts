import { Problem } from '#shared/domain/problem.ts';
import { messagePortPipe, platformPort } from '#shared/wire/message-port.ts';
import type { Pipe } from '#shared/wire/pipe.ts';

/** All that the desktop gives to a page. */
export interface Desktop {
  /** Asks for a new port; it comes as a message of the window to itself, `'choragus:port'`, with nothing but the port. */
  connect(): void;
}

/** Of a window, what a link needs. */
export interface Page {
  readonly location: Pick<Location, 'protocol' | 'host' | 'origin'>;
  /** There on the desktop alone. */
  readonly choragus?: Desktop;
  /** In a browser it holds the key that came with the sign-in. */
  readonly localStorage?: Pick<Storage, 'getItem'>;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** A pipe over a port of its own. Aborting ends the waiting. */
export function desktopPipe(desktop: Desktop, page: Page, signal: AbortSignal): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const hear = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.data !== 'choragus:port' || port === undefined) return;
      // Another page or a frame may say the same words.
      if (event.source !== page || event.origin !== page.location.origin) return;
      stop();
      resolve(messagePortPipe(platformPort(port)));
    };
    const abort = () => {
      stop();
      reject(new Problem('DISCONNECTED', 'Choragus cannot be reached: it was given up.', 'Reload the window.'));
    };
    const stop = () => {
      page.removeEventListener('message', hear);
      signal.removeEventListener('abort', abort);
    };
    if (signal.aborted) {
      abort();
      return;
    }
    page.addEventListener('message', hear);
    signal.addEventListener('abort', abort, { once: true });
    desktop.connect();
  });
}
