import { type Event, eventVersions, type NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Commands } from './commands.ts';
import type { Eraser } from './erase.ts';
import type { Followers } from './follow.ts';
import { type Batch, type Deferred, StaleVersion } from './log.ts';
import type { Logger, Rows } from './rows.ts';
import type { Running } from './running.ts';
import { isConstraint, logClosed, storageProblem } from './storage.ts';
import type { Transactions } from './transactions.ts';
import type { Tree } from './tree.ts';

/** What stands in the group: a batch, or a source that is asked once even when the group is written again. */
type Entry =
  | { batch: Batch; resolve(events: Event[]): void; reject(error: unknown): void }
  | { source: Deferred; drained?: NewEvent | null };

interface Written {
  entry: Entry;
  events: Event[];
}

export interface CommitParts {
  transactions: Transactions;
  rows: Rows;
  tree: Tree;
  running: Running;
  commands: Commands;
  eraser: Eraser;
  followers: Followers;
  clock: Clock;
  logger: Logger;
  /** Runs its argument at the end of this turn of the event loop. */
  endOfTurn: (run: () => void) => void;
  /** Called when all is written but the COMMIT itself. */
  beforeCommit: () => void;
  /** Called last of all when the disk did not take it. */
  refused: (problem: Problem) => void;
  /** Called last of all with what was committed. */
  committed: (events: readonly Event[]) => void;
}

/**
 * Gathers what one turn of the event loop appends and defers, and writes it as one transaction at its end, in the order
 * of the calls. Then, and only then, and in this order: memory, promises, followers.
 */
export class GroupCommit {
  readonly #parts: CommitParts;
  #entries: Entry[] = [];
  #sources = new Set<Deferred>();
  #scheduled = false;
  #closed = false;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  append(batch: Batch): Promise<Event[]> {
    return new Promise((resolve, reject) => this.#add({ batch, resolve, reject }));
  }

  defer(source: Deferred): void {
    if (this.#sources.has(source)) return;
    this.#sources.add(source);
    this.#add({ source });
  }

  /** Commits what is pending, now. */
  flush(): void {
    const entries = this.#take();
    if (entries.length > 0) this.#commit(entries);
  }

  /** Refuses what is pending. */
  abandon(error: unknown): void {
    const problem = failure(error);
    for (const entry of this.#take()) this.#attend(() => fail(entry, problem));
  }

  get pending(): boolean {
    return this.#entries.length > 0;
  }

  /** Refuses what is pending, and whatever comes after this. */
  close(): void {
    this.#closed = true;
    this.abandon(logClosed());
  }

  #take(): Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#sources.clear();
    this.#scheduled = false;
    return entries;
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#closed) this.abandon(logClosed());
    if (this.#closed || this.#scheduled) return;
    this.#scheduled = true;
    this.#parts.endOfTurn(() => this.flush());
  }

  #commit(all: Entry[]): void {
    let entries = all;
    let written: Written[] | undefined;
    while (written === undefined) {
      const progress: { current?: Entry | undefined } = {};
      try {
        written = this.#transaction(entries, progress);
      } catch (error) {
        const problem = failure(error);
        const { current } = progress;
        if (current === undefined || problem.code === 'STORAGE') {
          this.#parts.logger.error({ error, entries: entries.length }, 'A commit failed.');
          for (const entry of entries) this.#attend(() => fail(entry, problem));
          if (problem.code === 'STORAGE') this.#attend(() => this.#parts.refused(problem));
          return;
        }
        // One that cannot be written as it is falls alone; the others are written again without it.
        this.#attend(() => fail(current, problem));
        entries = entries.filter((entry) => entry !== current);
      }
    }
    this.#tell(written);
  }

  #transaction(entries: Entry[], progress: { current?: Entry | undefined }): Written[] {
    const { rows, tree, commands, eraser, clock, followers, transactions, beforeCommit } = this.#parts;
    const durable = entries.some((entry) => 'batch' in entry && entry.batch.durable);
    const at = clock.now();
    return transactions.run(durable, () => {
      const written: Written[] = [];
      let seq = followers.position;
      for (const entry of entries) {
        progress.current = entry;
        const session = 'batch' in entry ? entry.batch.session : entry.source.session;
        const wanted = 'batch' in entry ? this.#checked(entry.batch) : drained(entry);
        const events = wanted.map((event) => envelope(event, ++seq, session, at));
        if ('batch' in entry && entry.batch.command !== undefined) commands.write(entry.batch.command, at);
        for (const event of events) {
          rows.insert(event);
          if (event.type === 'session.deleted') eraser.erase(session, event.seq);
        }
        tree.write(events);
        if ('batch' in entry || events.length > 0) written.push({ entry, events });
      }
      progress.current = undefined;
      beforeCommit();
      return written;
    });
  }

  #tell(written: readonly Written[]): void {
    const { running, followers, committed } = this.#parts;
    const events = written.length === 1 ? written[0]!.events : written.flatMap((each) => each.events);
    running.committed(events);
    followers.remember(events);
    for (const each of written) this.#attend(() => succeed(each));
    followers.tell();
    committed(events);
  }

  #checked({ session, events, expected }: Batch): readonly NewEvent[] {
    if (expected !== undefined && expected !== this.#parts.tree.version(session)) throw new StaleVersion(session);
    return events;
  }

  /** A source that fails when it is asked or told keeps nobody else from hearing. */
  #attend(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#parts.logger.error({ error }, 'A source failed when it was asked or told.');
    }
  }
}

function drained(entry: Extract<Entry, { source: Deferred }>): readonly NewEvent[] {
  if (entry.drained === undefined) entry.drained = entry.source.drain();
  return entry.drained === null ? [] : [entry.drained];
}

function succeed({ entry, events }: Written): void {
  if ('batch' in entry) entry.resolve(events);
  else entry.source.committed(events[0]!);
}

function fail(entry: Entry, problem: Problem): void {
  if ('batch' in entry) entry.reject(problem);
  else if (drained(entry).length > 0) entry.source.failed(problem);
}

function failure(error: unknown): Problem {
  if (!isConstraint(error)) return storageProblem(error, 'the log');
  const known = (error as Error).message.includes('commands.id');
  return known
    ? new Problem('CONFLICT', 'This command has been carried out already.', undefined, { cause: error })
    : new Problem('CONFLICT', 'An id in this step is taken already.', 'Try again with a new id.', { cause: error });
}

const envelope = (event: NewEvent, seq: number, session: string, at: number): Event =>
  ({
    seq,
    session,
    at: event.at ?? at,
    type: event.type,
    version: eventVersions[event.type],
    data: event.data,
  }) as Event;
