import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';
import type { GatewayConfig } from '../config/config.ts';
import { isLoopback } from '../gateway/addresses.ts';

/** Where the gateway was asked to listen on the command line; what is absent is as in the configuration. */
export interface ListeningAsked {
  host?: string | undefined;
  /** Files, as PEM. */
  tls?: { cert: string; key: string } | undefined;
  plainHttp?: boolean;
}

export interface Listening {
  host: string;
  names: readonly string[];
  /** PEM. */
  tls: { cert: string; key: string } | undefined;
}

/**
 * Where the gateway listens, and how. `folder`: from which the paths of the configuration are seen. Throws Problems: an
 * address that others can reach needs TLS or an explicit wish, and a certificate must be one.
 */
export function listening(asked: ListeningAsked, config: GatewayConfig, folder: string): Listening {
  const host = (asked.host ?? config.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const { cert, key } = asked.tls ?? config.tls ?? {};
  const from = asked.tls === undefined ? folder : process.cwd();
  const tls =
    cert === undefined || key === undefined ? undefined : certificate(resolve(from, cert), resolve(from, key));
  if (!isLoopback(host) && tls === undefined && asked.plainHttp !== true && !config.plainHttp)
    throw new Problem(
      'UNSUPPORTED',
      `Other computers can reach ${host}, and without TLS whoever is on the way can read everything.`,
      'Give a certificate with --tls-cert and --tls-key, or say --plain-http where the way is safe; or use 127.0.0.1 and come through an SSH tunnel (ssh -L).',
    );
  return { host, names: config.names.map((name) => name.toLowerCase()), tls };
}

function certificate(certFile: string, keyFile: string): { cert: string; key: string } {
  const [cert, key] = [read('certificate', certFile), read('key', keyFile)];
  const first = parsed('certificate', certFile, () => new X509Certificate(cert));
  const own = parsed('key', keyFile, () => createPrivateKey(key));
  if (first.checkPrivateKey(own)) return { cert, key };
  throw new Problem(
    'INVALID_PARAMS',
    `The key ${keyFile} does not belong to the certificate ${certFile}.`,
    'The first certificate in the file must be that of this server.',
  );
}

function read(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new Problem('NOT_FOUND', `The ${what} ${file} ${reason}.`, `Give the path of a ${what} as PEM.`, { cause });
  }
}

/** The cause is left out: it may quote the key. */
function parsed<T>(what: string, file: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Problem('INVALID_PARAMS', `${file} holds no ${what} that can be used.`, `Give a ${what} as PEM.`);
  }
}
