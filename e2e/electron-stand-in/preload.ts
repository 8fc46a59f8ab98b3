import { type Members, strict } from './strict.ts';

/** From the page to the main process. `begin`: a new document is there, and the former one with its ports is gone. */
export type FromPage = { begin: true } | { channel: string; args: unknown[] } | { port: number; data?: unknown };
/** And back, in order. A port without data closes. */
export type ToPage = { channel: string; args: unknown[]; ports: number[] } | { port: number; data?: unknown };
export type PageWindow = { toMain(message: FromPage): void; fromMain(message: ToPage): void };

/** Runs in the page before anything else, as its own source, so nothing from around it stands within. */
function prepare(makeStrict: typeof strict, preload: (require: (name: string) => unknown) => void): void {
  if (location.href === 'about:blank' || window !== window.top) return;
  const here = window as unknown as PageWindow;
  const listeners = new Map<string, (event: object, ...args: unknown[]) => void>();
  const ports = new Map<number, MessagePort>();
  const carried = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => here.toMain({ port: id, data });
    port1.addEventListener('close', () => here.toMain({ port: id }));
    return port2;
  };
  here.fromMain = (message) => {
    if ('channel' in message) {
      const event = makeStrict('IpcRendererEvent', { ports: message.ports.map(carried) });
      listeners.get(message.channel)?.(event, ...message.args);
    } else if ('data' in message) ports.get(message.port)?.postMessage(message.data);
    else ports.get(message.port)?.close();
  };
  const electron = makeStrict('electron', {
    ipcRenderer: makeStrict('ipcRenderer', {
      on: (channel: string, listener: () => void) => void listeners.set(channel, listener),
      send: (channel, ...args) => here.toMain({ channel, args }),
    } satisfies Members<Electron.IpcRenderer> & { on: unknown }),
    contextBridge: makeStrict('contextBridge', {
      exposeInMainWorld: (name, value) => void Object.defineProperty(window, name, { value: Object.freeze(value) }),
    } satisfies Members<Electron.ContextBridge>),
  });
  here.toMain({ begin: true });
  preload((name) => {
    if (name === 'electron') return electron;
    throw new Error(`A sandboxed preload cannot load ${name}.`);
  });
}

/** `code`: a built preload, as CommonJS. */
export const preloadSource = (code: string) => `(${prepare})(${strict}, (require) => {${code}\n})`;
