import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';

/** Facts about what happened: ids, counts, durations, problems. Never message content, keys or access tokens. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** `error` is written with its message, stack and causes. */
export type LogFields = Record<string, unknown> & { error?: unknown };

export interface FileLogger extends Logger {
  /** From now on this value is blotted out wherever it would stand in a line. */
  hide(secret: string): void;
  /** Resolves when what is pending is written, or when the disk takes too long; what comes later is dropped. */
  close(): Promise<unknown>;
}

export interface FileLoggerOptions {
  /** Its folder is made when missing, but not the one around that. */
  file: string;
  level?: 'debug' | 'info' | 'warn' | 'error';
  /** Past this size the file becomes `NAME.1`, replacing an older one, and a new one is begun. */
  maxBytes?: number;
  /** How long `close` waits for the disk. */
  closeMs?: number;
}

/** Fields that may hold a secret or what people wrote: their values are never written, whatever they are. */
const withheld = [
  'key',
  'apiKey',
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'text',
  'content',
  'reasoning',
];
/** Secrets by their looks, for those that stand in the sentence of somebody else's error. */
const looksSecret = /\b(?:sk-[\w-]{8,}|Bearer\s+[^\s"\\]+)/g;
const blot = '[hidden]';
/** Lines that a slow or failing disk has not taken yet; what comes on top is dropped. */
const maxPending = 1024 * 1024;

/** Lines of JSON, written in the background; a disk that fails costs log lines, never the program. */
export function openLogger(options: FileLoggerOptions): FileLogger {
  const { file, level = 'info', maxBytes = 5 * 1024 * 1024, closeMs = 2000 } = options;
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { mode: 0o700 });
  let closing = false;
  let size = existsSync(file) ? statSync(file).size : 0;
  const secrets = new Set<string>();

  const destination = pino.destination({ dest: file, sync: false, mode: 0o600, maxLength: maxPending });
  destination.on('error', () => {});
  destination.on('write', (bytes: number) => {
    size += bytes;
    if (size < maxBytes || closing) return;
    size = 0;
    try {
      renameSync(file, `${file}.1`);
      destination.reopen();
    } catch {
      // It goes on in the old file and is tried again after as many bytes.
    }
  });

  const write = (line: string) => {
    if (closing) return;
    let clean = line.replace(looksSecret, blot);
    for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, blot);
    destination.write(clean);
  };
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: withheld.flatMap((name) => [name, `*.${name}`]), censor: blot },
    },
    { write },
  );

  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    hide(secret) {
      // As it would stand in a line of JSON. Very short ones would blot out ordinary words.
      if (secret.length >= 6) secrets.add(JSON.stringify(secret).slice(1, -1));
    },
    close: () =>
      new Promise((resolve) => {
        closing = true;
        const giveUp = setTimeout(resolve, closeMs, undefined);
        const ended = () => {
          clearTimeout(giveUp);
          resolve(undefined);
        };
        destination.once('close', ended);
        destination.once('error', ended);
        destination.end();
      }),
  };
}
