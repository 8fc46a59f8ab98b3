import { createHash } from 'node:crypto';
import { Problem } from '#shared/domain/problem.ts';
import type { CommandRow } from '../log/log.ts';

export interface CommandLog {
  /** Rejects with EXPIRED when it may have been carried out and forgotten. */
  command(id: string): Promise<{ hash: string; result: unknown } | null>;
}

/**
 * Makes a command take effect once, however often it arrives: the same id and body answers what was answered, the same
 * id with another body is CONFLICT, an id older than what is remembered is EXPIRED.
 */
export class Commands {
  readonly #log: CommandLog;
  readonly #running = new Map<string, { hash: string; result: Promise<unknown> }>();

  constructor(log: CommandLog) {
    this.#log = log;
  }

  /** `work` gets a function that makes the row to be stored in the same transaction as the command's events. */
  async once<P extends { command: string }, R>(
    method: string,
    params: P,
    work: (remember: (result: R) => CommandRow) => Promise<R>,
  ): Promise<R> {
    const id = params.command;
    const hash = createHash('sha256')
      .update(`${method}\n${canonical(params)}`)
      .digest('base64url');
    const running = this.#running.get(id);
    if (running !== undefined) {
      if (running.hash !== hash) throw otherBody(id);
      return running.result as Promise<R>;
    }
    const result = this.#first(id, hash, work);
    this.#running.set(id, { hash, result });
    try {
      return await result;
    } finally {
      this.#running.delete(id);
    }
  }

  async #first<R>(id: string, hash: string, work: (remember: (result: R) => CommandRow) => Promise<R>): Promise<R> {
    const known = await this.#log.command(id);
    if (known !== null) {
      if (known.hash !== hash) throw otherBody(id);
      return known.result as R;
    }
    return work((answer) => ({ id, hash, result: answer }));
  }
}

const otherBody = (id: string) =>
  new Problem('CONFLICT', `The command id ${id} was used for something else.`, 'Send it with a new id.');

/** JSON with sorted keys, so that the order of fields does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
