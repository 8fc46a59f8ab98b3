import { Problem } from '#shared/domain/problem.ts';
import { ProviderRefusal } from './provider.ts';

type Words = (at: string, host: string) => [message: string, next: string];

const refused: Words = (at) => [`Nothing listens at ${at}.`, 'Start the server there, or correct the address.'];
const unknown: Words = (_, host) => [
  `No computer with the name ${host} can be found.`,
  'Check the spelling and the network connection.',
];
const silent: Words = (at) => [`${at} does not answer.`, 'Check the network connection, a firewall and the address.'];
const closed: Words = (at) => [
  `${at} closed the connection before it answered.`,
  'Try again; look at the server there when it happens again.',
];
const garbled: Words = (at) => [`${at} does not speak HTTP.`, 'Correct the port or the address.'];
const notSecure: Words = (at) => [
  `${at} does not speak HTTPS.`,
  'Write http:// instead of https://, or correct the port.',
];
const certificate: Words = (at) => [
  `The certificate of ${at} is not trusted.`,
  'Correct the address, or make the certificate known with NODE_EXTRA_CA_CERTS.',
];

const notReached: Words = (at) => [`${at} cannot be reached.`, 'Check the network connection and the address.'];

const words: Record<string, Words> = {
  ECONNREFUSED: refused,
  ENOTFOUND: unknown,
  EAI_AGAIN: unknown,
  ETIMEDOUT: silent,
  EHOSTUNREACH: silent,
  ENETUNREACH: silent,
  EHOSTDOWN: silent,
  ECONNRESET: closed,
  EPIPE: closed,
};

/** A connection error in plain words, with host and port. The error's own text is not told: it may hold anything. */
export function unreachable(error: { code?: string | undefined }, url: URL): ProviderRefusal {
  const at = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
  const code = error.code ?? '';
  if (code.startsWith('HPE_')) {
    const [message, next] = garbled(at, url.hostname);
    return new ProviderRefusal(new Problem('PROVIDER_GARBLED', message, next), false);
  }
  const untrusted = code.includes('CERT') || code.includes('VERIFY');
  const insecure = code === 'EPROTO' || code.startsWith('ERR_SSL');
  const say = untrusted ? certificate : insecure ? notSecure : (words[code] ?? notReached);
  const [message, next] = say(at, url.hostname);
  const lasting = untrusted || insecure;
  return new ProviderRefusal(new Problem('PROVIDER_UNREACHABLE', message, next), !lasting);
}
