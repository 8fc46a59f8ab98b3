/**
 * Pages have a scheme of their own: with it they have an origin, which `file:` would not give them, and reach nothing of
 * the disk but the built renderer.
 */
export const SCHEME = 'app';
const HOST = 'choragus';
/** The one page. What it shows stands behind the `#`. */
export const PAGE = `${SCHEME}://${HOST}/`;

/** What a browser or a mail program opens. Anything else could start a program. */
const external = new Set(['http:', 'https:', 'mailto:']);

/** The path of an address of ours, still encoded; null for any other address. */
export function ownPath(address: string): string | null {
  const url = URL.parse(address);
  const ours = url?.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === '';
  return ours ? url.pathname : null;
}

export const isPage = (address: string): boolean => ownPath(address) === '/';

/** The address as the system may open it; null when it may not. */
export function externalAddress(address: string): string | null {
  const url = URL.parse(address);
  return url !== null && external.has(url.protocol) ? url.href : null;
}
