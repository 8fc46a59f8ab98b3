import { beforeEach, expect, it, vi } from 'vitest';

const { exposed, sent, listeners } = vi.hoisted(() => ({
  exposed: new Map<string, Record<string, () => unknown>>(),
  sent: [] as unknown[][],
  listeners: new Map<string, (event: { ports: unknown[] }, ...more: unknown[]) => void>(),
}));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: Record<string, () => unknown>) => exposed.set(name, api) },
  ipcRenderer: {
    send: (...message: unknown[]) => sent.push(message),
    on: (channel: string, listener: () => void) => listeners.set(channel, listener),
  },
}));

const posted: unknown[][] = [];
beforeEach(async () => {
  vi.stubGlobal('location', { origin: 'app://choragus' });
  vi.stubGlobal('window', { postMessage: (...message: unknown[]) => posted.push(message) });
  await import('./preload.ts');
});

it('gives a page one function, which asks for a port and takes no words of the page along', () => {
  expect([...exposed.keys()]).toEqual(['choragus']);
  expect(Object.keys(exposed.get('choragus')!)).toEqual(['connect']);
  (exposed.get('choragus')!.connect as (...args: unknown[]) => unknown)('other-channel', { evil: true });
  expect(sent).toEqual([['choragus:connect']]);
});

it('hands the port on to its own page, and nothing of the event', () => {
  expect([...listeners.keys()]).toEqual(['choragus:port']);
  listeners.get('choragus:port')!({ ports: ['the port'] }, { more: 1 });
  expect(posted).toEqual([['choragus:port', 'app://choragus', ['the port']]]);
});
