import type { Event, EventOf, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { usualWindow, windowOf } from '#shared/domain/things.ts';
import type { CommandRow, Log, SessionShape } from '../../log/log.ts';
import { Copy } from './copy.ts';
import { stoppedAt } from './cut.ts';
import { abandon, type FillLog, fill, finish } from './filling.ts';
import { Lookups } from './lookups.ts';
import type { JobBoard, SessionLog } from './ports.ts';
import type { Remember } from './sessions.ts';

export type ForkLog = SessionLog & FillLog & Pick<Log, 'follow' | 'headAt' | 'path' | 'read' | 'position'>;

export interface ForkWish {
  session: string;
  /** The id of the copy. */
  into: string;
  /** The path to a node, or to what the session showed after an event. */
  at: { node: string } | { seq: number };
  title?: string | undefined;
}

export interface ForksOptions {
  log: ForkLog;
  jobs: JobBoard;
  newId: () => string;
  now: () => number;
}

/** Events, and nodes of the path, that are read at once: each in a turn of the event loop of its own. */
const PAGE = 64;
const nextTurn = () => new Promise<void>(setImmediate);

/** Copies a path of a session into a new one, as a job: all of it is there once it is whole, or nothing. */
export class Forks {
  readonly #options: ForksOptions;
  readonly #lookups: Lookups;
  /** By command: one that comes again while it is carried out is the same. */
  readonly #running = new Map<string, { hash: string; job: string }>();

  constructor(options: ForksOptions) {
    this.#options = options;
    this.#lookups = new Lookups(options.log, options.now);
  }

  /** Answers once it is clear what is copied. The command is remembered when the copy is whole. */
  async start(wish: ForkWish, remember: Remember<{ job: string }>): Promise<{ job: string }> {
    const { id, hash } = remember({ job: '' });
    const running = this.#running.get(id);
    if (running?.hash === hash) return { job: running.job };
    if (running !== undefined)
      throw new Problem('CONFLICT', `The command id ${id} was used for something else.`, 'Send it with a new id.');
    const { jobs } = this.#options;
    const source = await this.#lookups.session(wish.session, 'node' in wish.at ? [wish.at.node] : []);
    const { head, limit } = await this.#end(source, wish.at);
    await this.#lookups.mustBeNew(wish.into);
    const title = wish.title ?? source.title;
    const job = jobs.start('fork', title, 'messages', async (handle) => {
      const { log } = this.#options;
      try {
        await fill(log, wish.into, this.#copied(source, wish.into, { head, limit, title }, handle), handle.signal);
        await finish(log, handle.id, remember({ job: handle.id }) satisfies CommandRow);
        return { sessions: 1, session: wish.into };
      } catch (error) {
        // What cannot be taken away now is at the next start.
        await abandon(log, handle.id).catch(() => {});
        throw error;
      } finally {
        this.#running.delete(id);
      }
    });
    this.#running.set(id, { hash, job });
    return { job };
  }

  async #end(source: SessionShape, at: ForkWish['at']): Promise<{ head: string; limit: number }> {
    const { log } = this.#options;
    if ('node' in at) {
      if (source.nodes.has(at.node)) return { head: at.node, limit: log.position };
      throw new Problem('NOT_FOUND', `This session has no message ${at.node}.`, 'Load the session again.');
    }
    const limit = Math.min(at.seq, log.position);
    const head = await log.headAt(source.id, limit);
    if (head !== null) return { head, limit };
    throw new Problem('NOT_FOUND', 'Nothing had been said in this session by then.', 'Fork it from a later event.');
  }

  async *#copied(
    source: SessionShape,
    into: string,
    { head, limit, title }: { head: string; limit: number; title: string },
    job: Parameters<Parameters<JobBoard['start']>[3]>[0],
  ): AsyncGenerator<NewEvent[]> {
    const { log, newId } = this.#options;
    const copy = new Copy(newId);
    const path = new Path(log, source.id, head);
    /** Turns without an end so far. */
    const open = new Map<string, EventOf<'turn.requested'>>();
    yield this.#opening(source, limit, title, job.id);
    let after = 0;
    let copied = 0;
    for (;;) {
      await nextTurn();
      const events = await log.read({ session: source.id, after, before: limit + 1, limit: PAGE });
      const batch: NewEvent[] = [];
      for (const event of events) {
        const node = nodeOf(event);
        if (node !== undefined && (await path.has(node, event.seq))) {
          copy.name(node);
          copied++;
        }
        const copies = copy.of(event);
        if (copies.length > 0) follow(open, event);
        batch.push(...copies);
      }
      job.progress(copied, path.length);
      if (batch.length > 0) yield batch;
      if (events.length === 0) break;
      after = events.at(-1)!.seq;
    }
    if (copied === 0 || copied < path.length) throw changed();
    for (const request of open.values()) {
      const end = await stoppedAt(log, source.id, request, limit);
      if ((await log.shape(source.id)) === null) throw changed();
      yield end.flatMap((each) => copy.of({ seq: 0, session: into, version: 1, ...each } as Event));
    }
  }

  /** It keeps to the folder and the tags of where it comes from. */
  #opening(source: SessionShape, seq: number, title: string, job: string): NewEvent[] {
    const { folder, tags } = source.arrangement;
    const window = windowOf(source.made);
    const forked = { session: source.id, seq };
    const events: NewEvent[] = [{ type: 'session.created', data: { title, forked, job } }];
    if (folder !== null || tags.length > 0)
      events.push({
        type: 'session.arranged',
        data: { ...(folder !== null && { folder }), ...(tags.length > 0 && { tags }) },
      });
    // A program's session has its window from the beginning on.
    if (JSON.stringify(window) !== JSON.stringify(usualWindow)) events.push({ type: 'window.set', data: { window } });
    return events;
  }
}

const changed = () =>
  new Problem('NOT_FOUND', 'The session was deleted while it was copied.', 'Nothing of the copy is left.');

const nodeOf = (event: Event): string | undefined =>
  event.type === 'message.added' ? event.data.message : event.type === 'turn.requested' ? event.data.turn : undefined;

function follow(open: Map<string, EventOf<'turn.requested'>>, event: Event): void {
  if (event.type === 'turn.requested') open.set(event.data.turn, event);
  else if (event.type === 'turn.finished') open.delete(event.data.turn);
}

/** The nodes of one path, read as far as they are asked for: along a path sequences grow. */
class Path {
  readonly #log: ForkLog;
  readonly #session: string;
  readonly #head: string;
  readonly #ids = new Set<string>();
  #seq = 0;
  #read = 0;
  length = 0;

  constructor(log: ForkLog, session: string, head: string) {
    this.#log = log;
    this.#session = session;
    this.#head = head;
  }

  async has(node: string, seq: number): Promise<boolean> {
    while (this.#seq < seq && (this.length === 0 || this.#read < this.length)) await this.#more();
    return this.#ids.delete(node);
  }

  async #more(): Promise<void> {
    await nextTurn();
    const page = await this.#log.path(this.#session, { to: this.#head, from: this.#read, limit: PAGE });
    if (page === null || page.nodes.length === 0) throw changed();
    this.length = page.length;
    this.#read += page.nodes.length;
    this.#seq = page.nodes.at(-1)!.seq;
    for (const { id } of page.nodes) this.#ids.add(id);
  }
}
