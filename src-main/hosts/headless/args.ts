import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import { Problem } from '#shared/domain/problem.ts';
import { usualPort } from '../usual-port.ts';

export type Command =
  | {
      name: 'serve';
      /** Undefined: as in the configuration. */
      host: string | undefined;
      /** Files, as PEM. */
      tls: { cert: string; key: string } | undefined;
      plainHttp: boolean;
      /** Null: none was asked for. */
      port: number | null;
      dataDir: string | undefined;
      config: string | undefined;
      open: boolean;
    }
  | { name: 'link'; dataDir: string | undefined }
  | { name: 'backups' | 'backup' | 'check'; dataDir: string | undefined }
  | {
      name: 'restore';
      dataDir: string | undefined;
      /** Name of a backup, or path of a file. */
      file: string;
    }
  | { name: 'help' }
  | { name: 'version' };

export const usage = `Usage: choragus serve [options]   run Choragus and serve it to a browser on this machine
       choragus link [options]    print a new link to a Choragus that is running
       choragus backups [options] list the backups, the newest first
       choragus backup [options]  make one more
       choragus restore FILE      put a backup (a name of that list, or a path) in the place of the conversations; what is
                                  there now becomes a backup
       choragus check [options]   read all that is kept, and tell what is wrong with it

Options of serve
  --port NUMBER      port to listen on (as in Settings, at first ${usualPort}; 0 picks a free one)
  --host NAME        address to listen on (127.0.0.1); one that others can reach needs TLS:
  --tls-cert FILE      certificate, as PEM
  --tls-key FILE       its private key, as PEM
  --plain-http         go without TLS, although whoever is on the way can read everything
  --data-dir FOLDER  where conversations, settings and logs are kept
  --config FILE      configuration (config.json in the data folder, if there is one)
  --open             open the link in the browser, if there is one; BROWSER=none prevents it
Option of the others
  --data-dir FOLDER  the data folder; where a Choragus runs with it, that one is asked
Everywhere
  --help             show this
  --version          show the version

CHORAGUS_TOKEN sets the access token for other programs (Authorization: Bearer).
`;

/** What was called is not what there is: told together with the usage. */
export class UsageProblem extends Problem {
  constructor(message: string) {
    super('INVALID_PARAMS', message);
  }
}

const options = {
  serve: {
    port: { type: 'string' },
    host: { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'plain-http': { type: 'boolean' },
    'data-dir': { type: 'string' },
    config: { type: 'string' },
    open: { type: 'boolean' },
  },
  other: { 'data-dir': { type: 'string' } },
} as const;

export function readArguments(args: readonly string[]): Command {
  if (args.includes('--help') || args.includes('-h')) return { name: 'help' };
  if (args.includes('--version')) return { name: 'version' };
  const [name, ...rest] = args;
  if (name === 'serve') {
    const given = parse(rest, options.serve);
    return {
      name,
      host: given.host === undefined ? undefined : hostName(given.host),
      tls: certificate(given['tls-cert'], given['tls-key']),
      plainHttp: given['plain-http'] ?? false,
      port: given.port === undefined ? null : portNumber(given.port),
      dataDir: given['data-dir'],
      config: given.config,
      open: given.open ?? false,
    };
  }
  if (name === 'link' || name === 'backups' || name === 'backup' || name === 'check')
    return { name, dataDir: parse(rest, options.other)['data-dir'] };
  if (name === 'restore') {
    const { values: given, positionals } = parsed(rest, options.other, true);
    const [file, more] = positionals;
    if (file === undefined) throw new UsageProblem('The backup to restore is missing.');
    if (more !== undefined) throw new UsageProblem(`Unexpected argument '${more}'.`);
    return { name, dataDir: given['data-dir'], file };
  }
  throw new UsageProblem(name === undefined ? 'A command is missing.' : `There is no command ${name}.`);
}

type Known = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

const parse = <const O extends Known>(args: string[], known: O) => parsed(args, known, false).values;

function parsed<const O extends Known>(args: string[], known: O, allowPositionals: boolean) {
  try {
    return parseArgs({ args, options: known, strict: true, allowPositionals });
  } catch (error) {
    // The first sentence says what is wrong, the others how parseArgs could be told otherwise.
    const [sentence] = (error as Error).message.split(/\.\s|\n/);
    throw new UsageProblem(`${sentence?.replace(/\.$/, '')}.`);
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageProblem(`The port ${text} is not a number from 0 to 65535.`);
}

function hostName(host: string): string {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (/^[\w.-]+$/.test(name) || isIPv6(name)) return name;
  throw new UsageProblem(`The host ${host} is no address and no name.`);
}

function certificate(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new UsageProblem('The options --tls-cert and --tls-key go together.');
}
