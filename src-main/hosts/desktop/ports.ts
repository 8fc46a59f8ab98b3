import type { Port } from '#shared/wire/message-port.ts';

/** Ports of the main process are Node's emitters, not event targets; their messages wait for `start`. */
export interface MainPort {
  postMessage(value: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function mainPort(port: MainPort): Port {
  return {
    postMessage: (value) => port.postMessage(value),
    listen(onMessage, onClose) {
      port.on('message', ({ data }) => onMessage(data));
      port.on('close', onClose);
      port.start();
    },
    close: () => port.close(),
  };
}
