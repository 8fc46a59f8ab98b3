import type { Job } from '#shared/domain/jobs.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Files, HeldFile } from './files.ts';
import { nextTurn, OneByOne } from './one-by-one.ts';
import type { Filling, JobBoard, JobHandle, TransferLog } from './ports.ts';
import { type ThreadOptions, TransferThread } from './thread.ts';
import type { ImportPage } from './worker/orders.ts';
import { shown } from './wrong.ts';

export interface ImportsOptions {
  files: Files;
  jobs: JobBoard;
  log: Pick<TransferLog, 'summaries'>;
  filling: Filling;
  thread: ThreadOptions;
}

/** Sessions that are compared with the titles at once: a millisecond or two. */
const PAGE = 100;

/** Sessions out of files: all of a file, or nothing of it. One file after the other. */
export class Imports {
  readonly #options: ImportsOptions;
  readonly #work = new OneByOne();
  /** Jobs that run, by file: one that is asked for again is the same. */
  readonly #running = new Map<string, string>();

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** Throws NOT_FOUND and CONFLICT for a file that has not come. It is forgotten when the job has ended. */
  start(file: string): { job: string } {
    const running = this.#running.get(file);
    if (running !== undefined) return { job: running };
    const held = this.#options.files.hold(file);
    const job = this.#options.jobs.start('import', shown(held.name), 'sessions', async (handle) => {
      try {
        return await this.#work.run(handle.signal, () => this.#import(held, handle));
      } finally {
        this.#running.delete(file);
        await held.release(true);
      }
    });
    this.#running.set(file, job);
    return { job };
  }

  async #import(held: HeldFile, job: JobHandle): Promise<Job['result']> {
    const { filling, thread } = this.#options;
    const order = { kind: 'import', path: held.path, file: held.name, job: job.id } as const;
    const worker = new TransferThread(thread, order, job.signal);
    try {
      const { sessions, notes, titles } = await checked(worker, job);
      const same = await this.#same(titles, job.signal);
      const first = await this.#write(worker, job, sessions);
      await filling.finish(job.id);
      if (same > 0)
        notes.push(`${count(same)} of these titles ${same === 1 ? 'was' : 'were'} here already; nothing was replaced.`);
      return { sessions, ...(first !== undefined && { session: first }), ...(notes.length > 0 && { notes }) };
    } catch (error) {
      // What cannot be taken away now is at the next start; nobody sees it until then.
      await filling.abandon(job.id).catch(() => {});
      throw error;
    } finally {
      await worker.end();
    }
  }

  /** Resolves with the first session. */
  async #write(worker: TransferThread, job: JobHandle, sessions: number): Promise<string | undefined> {
    const pages = new Pages(worker);
    let done = 0;
    let first: string | undefined;
    for (let page = await pages.peek(); page !== undefined; page = await pages.peek()) {
      first ??= page.session;
      await this.#options.filling.fill(page.session, pages.of(page.session), job.signal);
      job.progress(++done, sessions);
    }
    if (done !== sessions) throw new Problem('CONFLICT', 'The file was changed while it was read.', 'Import it again.');
    return first;
  }

  /** How many of the titles are here already. */
  async #same(titles: ReadonlySet<string>, signal: AbortSignal): Promise<number> {
    const here = new Set<string>();
    for (const archived of [false, true]) {
      let before: { updatedAt: number; id: string } | undefined;
      for (let more = true; more; ) {
        signal.throwIfAborted();
        const page = await this.#options.log.summaries({
          filter: { archived },
          limit: PAGE,
          ...(before && { before }),
        });
        for (const { title } of page.sessions) if (titles.has(title)) here.add(title);
        before = page.sessions.at(-1);
        more = page.more && before !== undefined;
        await nextTurn();
      }
    }
    return here.size;
  }
}

const count = (value: number) => value.toLocaleString('en');

async function checked(worker: TransferThread, job: JobHandle) {
  const titles = new Set<string>();
  for (;;) {
    const reply = await worker.next();
    if (reply.kind === 'checking') {
      for (const title of reply.titles) if (title !== '') titles.add(title);
      // How many there will be is known at the end.
      job.progress(reply.sessions, null);
    }
    if (reply.kind !== 'checked') continue;
    const { sessions, others, unknown } = reply;
    const notes: string[] = [];
    if (others > 0)
      notes.push(
        `${count(others)} ${others === 1 ? 'file that is' : 'files that are'} no JSON in it ${others === 1 ? 'was' : 'were'} left out.`,
      );
    if (unknown.length > 0) notes.push(`Fields that this version does not know were left out: ${unknown.join(', ')}.`);
    return { sessions, notes, titles };
  }
}

/** Pages as they come, with a look at the next one; the thread makes some while others are written. */
class Pages {
  readonly #worker: TransferThread;
  #waiting: ImportPage[] = [];
  #done = false;

  constructor(worker: TransferThread) {
    this.#worker = worker;
    worker.send('next');
  }

  async peek(): Promise<ImportPage | undefined> {
    while (this.#waiting.length === 0 && !this.#done) {
      const reply = await this.#worker.next();
      if (reply.kind !== 'pages') continue;
      this.#done = reply.done;
      this.#waiting = reply.pages;
      if (!this.#done) this.#worker.send('next');
    }
    return this.#waiting[0];
  }

  /** Those of one session, from here on. */
  async *of(session: string) {
    for (let page = await this.peek(); page?.session === session; page = await this.peek()) {
      this.#waiting.shift();
      yield page.events;
    }
  }
}
