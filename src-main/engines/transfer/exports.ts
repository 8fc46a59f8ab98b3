import type { Event } from '#shared/domain/events.ts';
import type { Job } from '#shared/domain/jobs.ts';
import { Problem } from '#shared/domain/problem.ts';
import { fileName } from './file-names.ts';
import type { Files } from './files.ts';
import { nextTurn, OneByOne } from './one-by-one.ts';
import type { JobBoard, JobHandle, TransferLog } from './ports.ts';
import { type ThreadOptions, TransferThread } from './thread.ts';
import { endings } from './worker/endings.ts';
import type { ExportPiece, Format, Opening } from './worker/orders.ts';
import { shown } from './wrong.ts';

export interface ExportsOptions {
  files: Files;
  jobs: JobBoard;
  log: TransferLog;
  /** Wall clock, Unix milliseconds. */
  now: () => number;
  thread: ThreadOptions;
}

/** Of what is read at once: a few milliseconds at most. */
const page = { least: 8, most: 96, units: 128 * 1024 };
const NODES = 40;
/** Pieces that are on their way to the thread. */
const AHEAD = 4;
const types: Readonly<Record<Format, string>> = {
  json: 'application/json',
  markdown: 'text/markdown',
  html: 'text/html',
};

/** Sessions into one file: read from the log in small pages, made and packed in a thread of its own. */
export class Exports {
  readonly #options: ExportsOptions;
  readonly #work = new OneByOne();

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /** Absent `sessions`: all that are not in the trash. Rejects with NOT_FOUND for a single one that is not there. */
  async start(wish: { sessions?: readonly string[] | undefined; format: Format }): Promise<{ job: string }> {
    const { jobs } = this.#options;
    const sessions = wish.sessions && [...new Set(wish.sessions)];
    const title = sessions?.length === 1 ? await this.#title(sessions[0]!) : undefined;
    const all = sessions === undefined ? 'all sessions' : `${sessions.length} sessions`;
    const about = title === undefined ? all : shown(title || 'a session');
    const job = jobs.start('export', about, 'sessions', (handle) =>
      this.#work.run(handle.signal, () => this.#export(sessions, wish.format, title, handle)),
    );
    return { job };
  }

  async #title(session: string): Promise<string> {
    const snapshot = await this.#options.log.snapshot(session, 1);
    if (snapshot !== null && !snapshot.view.deleted) return snapshot.view.title;
    throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Choose one from the list.');
  }

  /** `title`: of the only one. */
  async #export(
    sessions: readonly string[] | undefined,
    format: Format,
    title: string | undefined,
    job: JobHandle,
  ): Promise<Job['result']> {
    const { files, thread, now } = this.#options;
    const zip = title === undefined;
    const day = new Date(now()).toISOString().slice(0, 10);
    const name = zip ? `choragus-${day}.zip` : `${fileName(title)}${endings[format]}`;
    const file = await files.make(name);
    let bytes: number | undefined;
    const worker = new TransferThread(thread, { kind: 'export', path: file.path, format, zip }, job.signal);
    try {
      const all = sessions ?? (await this.#all(job));
      if (all.length === 0) throw new Problem('NOT_FOUND', 'There is no session to export.', 'Begin one first.');
      const pump = new Pump(worker);
      let done = 0;
      for (const session of all) {
        if (await this.#session(pump, session, format)) done++;
        job.progress(done, all.length);
      }
      if (done === 0) throw new Problem('NOT_FOUND', 'None of these sessions is there any more.', 'Choose others.');
      bytes = await pump.close();
      file.wrote(bytes);
      const notes =
        done < all.length ? [`${all.length - done} of ${all.length} sessions are not there any more.`] : undefined;
      const made = { id: file.id, name, bytes, type: zip ? 'application/zip' : types[format] };
      return { file: made, sessions: done, ...(notes && { notes }) };
    } finally {
      await worker.end();
      await file.release(bytes === undefined);
    }
  }

  /** Their ids, as they are now; newest first. */
  async #all(job: JobHandle): Promise<string[]> {
    const ids: string[] = [];
    for (const archived of [false, true]) {
      let before: { updatedAt: number; id: string } | undefined;
      for (let more = true; more; ) {
        job.signal.throwIfAborted();
        const page = await this.#options.log.summaries({ filter: { archived }, limit: 100, ...(before && { before }) });
        for (const { id } of page.sessions) ids.push(id);
        before = page.sessions.at(-1);
        more = page.more && before !== undefined;
        await nextTurn();
      }
    }
    return ids;
  }

  /** False: it is not there any more. */
  async #session(pump: Pump, session: string, format: Format): Promise<boolean> {
    const { log } = this.#options;
    const snapshot = await log.snapshot(session, 1);
    if (snapshot === null || snapshot.view.deleted) return false;
    const { nodes, id: _, seq: __, deleted: ___, ...opening } = snapshot.view;
    const updatedAt = Object.values(nodes).reduce((last, node) => Math.max(last, node.at), opening.at);
    await pump.send({ kind: 'begin', opening: opening satisfies Opening, updatedAt });
    if (format === 'json') await this.#events(pump, session, snapshot.seq);
    else await this.#path(pump, session);
    await pump.send({ kind: 'end' });
    return true;
  }

  async #events(pump: Pump, session: string, seq: number): Promise<void> {
    const first = await this.#read(session, 0, seq, page.most);
    const second = first.length === 0 ? first : await this.#read(session, first.at(-1)!.seq, seq, page.least);
    if (second.length === 0) return pump.send({ kind: 'all', events: first });
    // A long one is read once for each part: none of it is kept meanwhile.
    for (const part of ['systems', 'nodes', 'summaries'] as const) {
      let limit = page.most;
      for (let events = await this.#read(session, 0, seq, limit); events.length > 0; ) {
        await pump.send({ kind: 'events', part, events: events.filter(({ type }) => belongs(part, type)) });
        const units = events.reduce((sum, event) => sum + unitsOf(event), 0);
        limit = units > page.units ? Math.max(page.least, limit >> 1) : Math.min(page.most, limit << 1);
        events = await this.#read(session, events.at(-1)!.seq, seq, limit);
      }
    }
  }

  #read(session: string, after: number, upTo: number, limit: number): Promise<Event[]> {
    return this.#options.log.read({ session, after, before: upTo + 1, limit });
  }

  async #path(pump: Pump, session: string): Promise<void> {
    const { log } = this.#options;
    for (let from = 0, to: string | undefined; ; ) {
      const found = await log.path(session, { from, limit: NODES, ...(to !== undefined && { to }) });
      if (found === null || found.nodes.length === 0) return;
      to = found.head;
      await pump.send({ kind: 'path', nodes: found.nodes });
      from = found.from + found.nodes.length;
      if (from >= found.length) return;
    }
  }
}

function belongs(part: 'systems' | 'nodes' | 'summaries', type: Event['type']): boolean {
  if (part === 'systems') return type === 'system.told';
  if (part === 'summaries') return type === 'history.summarized';
  return type === 'message.added' || type.startsWith('turn.');
}

function unitsOf({ data }: Event): number {
  let units = 0;
  if ('text' in data) units += data.text.length;
  if ('reasoning' in data) units += data.reasoning?.length ?? 0;
  if ('track' in data) units += data.track.length * 4;
  return units;
}

/** Sends pieces to the thread, few of them ahead of what it has written; everything else goes on in between. */
class Pump {
  readonly #worker: TransferThread;
  #ahead = 0;

  constructor(worker: TransferThread) {
    this.#worker = worker;
  }

  async send(piece: ExportPiece): Promise<void> {
    while (this.#ahead >= AHEAD) await this.#taken();
    this.#worker.send(piece);
    this.#ahead++;
    await nextTurn();
  }

  /** Resolves with the bytes of the file. */
  async close(): Promise<number> {
    this.#worker.send({ kind: 'close' });
    for (;;) {
      const reply = await this.#worker.next();
      if (reply.kind === 'written') return reply.bytes;
    }
  }

  async #taken(): Promise<void> {
    const reply = await this.#worker.next();
    if (reply.kind === 'taken') this.#ahead--;
  }
}
