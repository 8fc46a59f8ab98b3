import type { IncomingMessage } from 'node:http';
import { Problem } from '#shared/domain/problem.ts';

/** Where the server is. */
export interface Place {
  /** As people write it into an address, with brackets where it needs them. */
  host: string;
  /** Other names for this computer, in small letters; one that is reached by another port has that port with it. */
  names: readonly string[];
  /** Whether it speaks TLS. */
  secure: boolean;
}

/** HTTP status and what to say. */
export interface Refusal {
  status: 403 | 421;
  problem: Problem;
}

/**
 * Keeps web pages out, whatever they know: a request must name this server as its host (so no foreign name can be bound
 * to this address), and when a browser says where it comes from, that must be this server: by Origin, or by
 * Sec-Fetch-Site where it sends none. Opening a tab is all that another page may cause; it cannot look into that tab.
 * `welcome`: where it comes from is looked at already, and named in the settings.
 */
export function foreign(request: IncomingMessage, place: Place, welcome: boolean): Refusal | null {
  const { origin } = request.headers;
  const host = request.headers.host?.toLowerCase();
  const open = `${scheme(place)}://${place.host}:${request.socket.localPort}`;
  const named = host !== undefined && place.names.some((name) => goesBy(request, place, host, name, true));
  if (host === undefined || !(named || ownNames(request, place).some((name) => goesBy(request, place, host, name))))
    return refuse(421, 'This is not the host that was asked for.', `Open Choragus at ${open}.`);

  const site = request.headers['sec-fetch-site'] ?? 'none';
  const own =
    origin === undefined
      ? site === 'same-origin' || site === 'none'
      : origin === `${scheme(place)}://${host}` || (named && origin === `https://${host}`);
  if (welcome || own || (origin === undefined && opensTab(request))) return null;
  return refuse(
    403,
    'Another web site tried to reach Choragus, which only its own pages may do.',
    `Open ${open} in a tab of its own; a web site that may ask is named in Settings under Gateway.`,
  );
}

const scheme = ({ secure }: Place) => (secure ? 'https' : 'http');

/** `anyPort`: what is in front of this server, such as a proxy, may leave out its port. */
function goesBy(request: IncomingMessage, { secure }: Place, host: string, name: string, anyPort = false): boolean {
  const port = request.socket.localPort;
  return host === `${name}:${port}` || (host === name && (anyPort || port === (secure ? 443 : 80)));
}

/** A web page can bind its own name to this computer's address, and not the address itself. */
function ownNames({ socket }: IncomingMessage, { host }: Place): string[] {
  const address = socket.localAddress?.replace(/^::ffff:|%.*$/g, '') ?? '';
  return ['127.0.0.1', 'localhost', '[::1]', host, address.includes(':') ? `[${address}]` : address];
}

const opensTab = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

const refuse = (status: Refusal['status'], message: string, next: string): Refusal => ({
  status,
  problem: new Problem('FORBIDDEN', message, next),
});

/** All values: cookies know no ports, so another local server can lay one of the same name before ours. */
export function readCookies(header: string | undefined, name: string): string[] {
  return (header?.split(';') ?? []).flatMap((pair) => {
    const [key, value] = pair.split('=', 2);
    return key?.trim() === name && value !== undefined ? [value.trim()] : [];
  });
}

/** What every answer carries: nothing from elsewhere runs, frames, guesses types or learns where somebody came from. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
