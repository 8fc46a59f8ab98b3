/** What of a provider's address matters: whose computer it names. */

/** 127.0.0.0/8, ::1 and localhost: what is sent there leaves this computer by no wire. A LAN address is another one. */
export function isLocal(url: string): boolean {
  const host = parsed(url)?.hostname;
  return host !== undefined && (/^127(\.\d+){3}$/.test(host) || host === '[::1]' || /^(.+\.)?localhost$/.test(host));
}

/** Scheme, host and port are the same: what may be told to one may be told to the other. */
export function sameHost(one: string, other: string): boolean {
  const origin = parsed(one)?.origin;
  return one === other || (origin !== undefined && origin === parsed(other)?.origin);
}

/** Both are one port of this computer, by whatever name. */
export const samePortHere = (one: string, other: string): boolean =>
  isLocal(one) && isLocal(other) && portOf(one) === portOf(other);

const parsed = (url: string): URL | undefined => URL.parse(url) ?? undefined;

function portOf(url: string): string {
  const { port = '', protocol = '' } = parsed(url) ?? {};
  return port || (protocol === 'https:' ? '443' : '80');
}
