import type { IncomingMessage } from 'node:http';

/** How long a browser may keep the answer to a preflight, in seconds. */
const preflightSeconds = 600;

/** The origin of a web page elsewhere that was named in the settings; null when the request comes from none of those. */
export function visitor({ headers }: IncomingMessage, origins: readonly string[]): string | null {
  const { origin } = headers;
  return origin !== undefined && origins.some((each) => each.toLowerCase() === origin.toLowerCase()) ? origin : null;
}

/**
 * What lets a page of this origin read the answer (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol). Never with
 * credentials: cookies and certificates of the browser count nothing for it, an access token does.
 */
export const visitorHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': '*',
  'cross-origin-resource-policy': 'cross-origin',
  vary: 'Origin',
});

/** The answer to the question before a request, which brings no token. */
export const preflightHeaders = ({ headers }: IncomingMessage): Record<string, string> => ({
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': headers['access-control-request-headers'] ?? 'Authorization, Content-Type',
  'access-control-max-age': String(preflightSeconds),
  ...(headers['access-control-request-private-network'] === 'true' && {
    'access-control-allow-private-network': 'true',
  }),
});

export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
