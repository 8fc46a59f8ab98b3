import type { IncomingMessage } from 'node:http';
import { Problem } from '#shared/domain/problem.ts';

/** HTTP status and what to say. */
export interface Refusal {
  status: 403 | 421;
  problem: Problem;
}

/**
 * Keeps web pages out, whatever they know: a request must name this server as its host (so no foreign name can be bound
 * to this address), and when a browser says where it comes from, that must be this server: by Origin, or by
 * Sec-Fetch-Site where it sends none. Opening a tab is all that another page may cause; it cannot look into that tab.
 */
export function foreign(request: IncomingMessage, ownHost: string): Refusal | null {
  const { host, origin } = request.headers;
  const port = request.socket.localPort;
  const hosts = [...new Set(['127.0.0.1', 'localhost', '[::1]', ownHost])].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
  if (host === undefined || !hosts.includes(host.toLowerCase()))
    return refuse(421, 'This is not the host that was asked for.', `Open Choragus at http://${ownHost}:${port}.`);

  const site = request.headers['sec-fetch-site'] ?? 'none';
  const own =
    origin === undefined ? site === 'same-origin' || site === 'none' : origin === `http://${host.toLowerCase()}`;
  if (own || (origin === undefined && opensTab(request))) return null;
  return refuse(
    403,
    'Another web site tried to reach Choragus, which only its own pages may do.',
    `Open http://${ownHost}:${port} in a tab of its own.`,
  );
}

const opensTab = ({ method, headers }: IncomingMessage) =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

const refuse = (status: Refusal['status'], message: string, next: string): Refusal => ({
  status,
  problem: new Problem('UNAUTHORIZED', message, next),
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
