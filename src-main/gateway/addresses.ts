import { networkInterfaces } from 'node:os';
import type { Place } from './guard.ts';

/** Hosts that stand for all addresses of this computer, and the one of them by which it reaches itself. */
const all: Record<string, string> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Without a slash at the end. `url`: as others reach it, as far as is known; `local`: as this computer itself does. */
export function addresses({ host, names, secure }: Place, port: number): { url: string; local: string } {
  const at = (name: string) => `${secure ? 'https' : 'http'}://${/:\d+$/.test(name) ? name : `${name}:${port}`}`;
  const own = all[host];
  return { url: at(names[0] ?? (own === undefined ? host : (outward() ?? own))), local: at(own ?? host) };
}

/** An address under which others may know this computer. */
function outward(): string | undefined {
  const found = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return found.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
