import type { NewEvent } from '#shared/domain/events.ts';
import { EventsOf } from '../events-of.ts';
import { type SessionListener, SessionReading } from '../reading.ts';
import { openSources, type Source } from '../sources.ts';
import { shown, Wrong } from '../wrong.ts';
import type { ImportPage, Reply } from './orders.ts';

/** Of one reply, in UTF-16 units of text: reading it takes the engine a millisecond or two. */
const MOST_UNITS = 128 * 1024;
const MOST_EVENTS = 256;
/** Titles that are told at once. */
const TITLES = 100;

const nothing: SessionListener = { head() {}, queued() {}, system() {}, node() {}, summary() {} };

/**
 * Reads a file twice: once to see that nothing at all is wrong with it, then to give its sessions as events. In between
 * nothing of it is in memory.
 */
export class Importing {
  readonly #path: string;
  readonly #file: string;
  readonly #job: string;
  readonly #newId: () => string;

  constructor({ path, file, job }: { path: string; file: string; job: string }, newId: () => string) {
    this.#path = path;
    this.#file = file;
    this.#job = job;
    this.#newId = newId;
  }

  /** Throws a Problem that says what is wrong and where. */
  async check(tell: (reply: Reply) => void): Promise<void> {
    await this.#reading(async () => {
      const sources = await openSources(this.#path, this.#file);
      try {
        const unknown = new Set<string>();
        let titles: string[] = [];
        let sessions = 0;
        for await (const source of sources.all()) {
          const title = { head: (head: { title: string }) => void titles.push(head.title) };
          const reading = new SessionReading({ ...nothing, ...title });
          await read(source, reading);
          for (const name of reading.unknown) if (unknown.size < 20) unknown.add(name);
          sessions++;
          if (titles.length < TITLES) continue;
          tell({ kind: 'checking', sessions, titles });
          titles = [];
        }
        if (sessions === 0) throw new Wrong('', 'there is no session in it');
        tell({ kind: 'checking', sessions, titles });
        tell({ kind: 'checked', sessions, others: sources.others, unknown: [...unknown] });
      } finally {
        sources.close();
      }
    });
  }

  /** Its sessions in pages, each of one session; in lists that are read at once. */
  async *pages(): AsyncGenerator<ImportPage[]> {
    const sources = await openSources(this.#path, this.#file);
    try {
      let list: ImportPage[] = [];
      let [units, count] = [0, 0];
      for await (const source of sources.all()) {
        const session = this.#newId();
        for await (const events of this.#events(source)) {
          list.push({ session, events });
          units += events.reduce((sum, event) => sum + unitsOf(event), 0);
          count += events.length;
          if (units < MOST_UNITS && count < MOST_EVENTS) continue;
          yield list;
          list = [];
          units = count = 0;
        }
      }
      yield list;
    } finally {
      sources.close();
    }
  }

  async *#events(source: Source): AsyncGenerator<NewEvent[]> {
    const made = new EventsOf(this.#newId);
    let events: NewEvent[] = [];
    const reading = new SessionReading({
      head: (head) => void events.push(...made.head(head, this.#job)),
      queued: (message) => made.queued(message),
      system: (system) => void events.push(...made.system(system)),
      node: (node) => void events.push(...made.node(node)),
      summary: (summary) => void events.push(...made.summary(summary)),
    });
    for await (const chunk of source.bytes()) {
      for (let at = 0; at < chunk.length; at += STEP) {
        reading.push(chunk.subarray(at, at + STEP));
        if (events.length < 64) continue;
        yield events;
        events = [];
      }
    }
    reading.end();
    yield [...events, ...made.end()];
  }

  async #reading(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw error instanceof Wrong ? error.in(shown(this.#file)) : error;
    }
  }
}

/** So that what is made of a chunk does not pile up. */
const STEP = 16 * 1024;

async function read(source: Source, reading: SessionReading): Promise<void> {
  try {
    for await (const chunk of source.bytes()) reading.push(chunk);
    reading.end();
  } catch (error) {
    throw error instanceof Wrong ? error.in(source.where) : error;
  }
}

function unitsOf({ data }: NewEvent): number {
  let units = 100;
  if ('text' in data) units += data.text.length;
  if ('reasoning' in data) units += data.reasoning?.length ?? 0;
  if ('track' in data) units += data.track.length;
  return units;
}
