import type { ProblemBody } from '../domain/problem.ts';

/** How a command is kept, for whoever shows what becomes of it. */
export interface Keep {
  /** Comes back with it after a restart; JSON, never sent. */
  about?: unknown;
  /** A refused one stays in the store, marked, until it is forgotten. */
  refusals?: boolean;
}

/** A command that was given and is not answered yet: plain JSON. */
export interface KeptCommand {
  /** Of the command, the same at each sending. */
  id: string;
  method: string;
  params: object;
  /** Wall clock, and the order in which commands were given: no two of one program are the same. */
  at: number;
  keep?: Keep;
  /** It was refused, and kept nevertheless. It is not sent again. */
  refused?: ProblemBody;
}

/**
 * Where commands outlive a program that ends before they are answered. What was put and not removed is loaded again, in
 * order of `at`. Changes take place in the order in which they were asked for.
 */
export interface CommandStore {
  load(): Promise<KeptCommand[]>;
  /** Resolves when it would survive. One with the same id is replaced. */
  put(command: KeptCommand): Promise<void>;
  remove(id: string): Promise<void>;
  /** Nothing is asked of it afterwards. */
  close?(): void;
}

export const byTime = (a: KeptCommand, b: KeptCommand): number => a.at - b.at || (a.id < b.id ? -1 : 1);
