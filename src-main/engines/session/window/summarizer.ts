import { Problem } from '#shared/domain/problem.ts';
import type { Node } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { sentencesOf } from '../../../providers/offline/sentences.ts';
import type { AskOnce, Directory, SessionLog } from '../ports.ts';
import { isSaid } from '../prompt.ts';
import { pick } from './picks.ts';
import { aheadOf, fitting, type Holding, holdingOn, type Summary } from './summaries.ts';
import type { Ahead, Windows } from './windows.ts';

/** Nodes of which sentences are picked between two breaths: a few ms. */
const PAGE = 16;
/** What a model is given to read at once, in nodes and in UTF-16 units: small models take no more. */
const MOST_NODES = 64;
const MOST_UNITS = 12_000;
/** Of one message. */
const MOST_OF_ONE = 4000;
/** Questions to a model after one turn; what is left comes after the next. */
const MOST_STEPS = 20;

export interface SummarizerOptions {
  log: SessionLog;
  directory: Directory;
  windows: Pick<Windows, 'ahead'>;
  ask: AskOnce;
  /** Keeps it; false when the session is gone. */
  keep: (session: string, summary: Summary) => Promise<boolean>;
  newId: () => string;
  logger: { warn(fields: object, message: string): void };
}

/**
 * Makes summaries in the background, after turns, before the next turn needs them. By the model that the history window
 * names; sentences are picked where it names none, or where that one fails, which the log file says once.
 */
export class Summarizer {
  readonly #options: SummarizerOptions;
  readonly #running = new Map<string, Promise<void>>();
  /** Who failed, until it works again. */
  readonly #failing = new Set<string>();
  readonly #closed = new AbortController();

  constructor(options: SummarizerOptions) {
    this.#options = options;
  }

  /** A turn has ended. Resolves when what had to be done is done; never rejects. */
  after(session: string): Promise<void> {
    const running = this.#running.get(session);
    if (running !== undefined || this.#closed.signal.aborted) return running ?? Promise.resolve();
    const work = this.#catchUp(session)
      .catch((error: unknown) => {
        if (!this.#closed.signal.aborted)
          this.#options.logger.warn({ session, error }, 'A history could not be summarized.');
      })
      .finally(() => this.#running.delete(session));
    this.#running.set(session, work);
    return work;
  }

  close(): void {
    this.#closed.abort(new Problem('STOPPED', 'Choragus ends.'));
  }

  async #catchUp(session: string): Promise<void> {
    const ahead = await this.#options.windows.ahead(session).catch(() => null);
    if (ahead === null || ahead.gathered.room === 0) return;
    const { gathered, head, window } = ahead;
    const { depth, since } = gathered;
    const mayTell = aheadOf(gathered);
    const target = { depth: depth + mayTell.length - 1, id: mayTell.at(-1)?.id ?? head };
    const holding = await holdingOn(this.#options.log, session, head, since);
    const behind = holding === null || holding.depth < depth + Math.ceil(mayTell.length / 2) - 1;
    const by = this.#modelOf(window.summarizer);
    if (by !== null && (behind || holding?.data.by === null)) {
      if (await this.#byModel(by, session, ahead, holding, target.depth)) return;
    }
    if (behind) await this.#byPicking(session, ahead, holding, target);
  }

  /** Null: nobody, or an offline model, whose work is done right here. */
  #modelOf(summarizer: Target | null): Target | null {
    if (summarizer === null) return null;
    try {
      return this.#options.directory.resolve(summarizer).speaker.offline ? null : summarizer;
    } catch {
      // It says itself what is wrong when it is asked.
      return summarizer;
    }
  }

  async #byPicking(
    session: string,
    { gathered, head, counter }: Ahead,
    holding: Holding | null,
    target: { depth: number; id: string },
  ): Promise<void> {
    const { room, begins, since } = gathered;
    let text = holding?.data.text ?? null;
    for (let from = holding === null ? begins : holding.depth + 1; from <= target.depth; from += PAGE) {
      const limit = Math.min(PAGE, target.depth - from + 1);
      const nodes = (await this.#options.log.path(session, { to: head, from, limit }))?.nodes ?? [];
      text = pick(text, nodes, 4 * room);
      await breath();
      if (this.#closed.signal.aborted) return;
    }
    if (text === null || text === '') return;
    const whole = text;
    const { text: fits } = await fitting(counter, room, (units) => pick(whole, [], units));
    if (fits !== '') await this.#keep(session, fits, target.id, holding, since, null);
  }

  /** False: the model failed. */
  async #byModel(
    to: Target,
    session: string,
    { gathered, head, counter }: Ahead,
    newest: Holding | null,
    target: number,
  ): Promise<boolean> {
    const { ask } = this.#options;
    const { room, begins, since } = gathered;
    let base = await this.#byWords(session, newest);
    for (let step = 0; step < MOST_STEPS && (base?.depth ?? -1) < target; step++) {
      const from = base === null ? begins : base.depth + 1;
      const page = await this.#reading(session, head, from, target);
      const last = page.nodes.at(-1);
      if (last === undefined) return true;
      let made: Awaited<ReturnType<AskOnce>>;
      try {
        const signal = this.#closed.signal;
        made = await ask({ to, system: taskOf(room), text: askFor(base, page.text), maxTokens: room }, signal);
        if (made.text === '') throw new Problem('PROVIDER_EMPTY', 'The summary is empty.');
      } catch (error) {
        this.#failed(to, session, error);
        return false;
      }
      this.#failing.delete(JSON.stringify(to));
      const { text } = await fitting(counter, room, (units) => shortened(made.text, units));
      if (text === '') return true;
      const data = await this.#keep(session, text, last.id, base, since, made.by);
      if (data === null) return true;
      base = { data, depth: from + page.nodes.length - 1 };
    }
    return true;
  }

  /** The newest that a model wrote, of those that this one goes on from: picked sentences are told to it in full. */
  async #byWords(session: string, newest: Holding | null): Promise<Holding | null> {
    const { log } = this.#options;
    let data: Summary | null = newest?.data ?? null;
    while (data !== null && data.by === null)
      data = data.after === null ? null : await log.summary(session, data.after);
    if (data === null || data.summary === newest?.data.summary) return data === null ? null : newest;
    const depth = (await log.nodes(session, [data.upTo])).nodes[0]?.depth ?? null;
    return depth === null ? null : { data, depth };
  }

  /** As many of the next nodes as can be read at once, and one at least. */
  async #reading(
    session: string,
    head: string,
    from: number,
    target: number,
  ): Promise<{ nodes: Node[]; text: string }> {
    const limit = Math.min(MOST_NODES, target - from + 1);
    const page = (await this.#options.log.path(session, { to: head, from, limit }))?.nodes ?? [];
    const nodes: Node[] = [];
    const said: string[] = [];
    let units = 0;
    for (const node of page) {
      const text = isSaid(node) ? saidBy(node) : '';
      units += text.length;
      if (nodes.length > 0 && units > MOST_UNITS) break;
      nodes.push(node);
      if (text !== '') said.push(text);
    }
    return { nodes, text: said.join('\n\n') };
  }

  async #keep(
    session: string,
    text: string,
    upTo: string,
    base: Holding | null,
    since: string | null,
    by: Summary['by'],
  ): Promise<Summary | null> {
    const after = base?.data.summary ?? null;
    const data: Summary = { summary: this.#options.newId(), upTo, after, text, by };
    if (since !== null) data.since = since;
    return (await this.#options.keep(session, data)) ? data : null;
  }

  #failed(to: Target, session: string, error: unknown): void {
    const key = JSON.stringify(to);
    if (this.#closed.signal.aborted || this.#failing.has(key)) return;
    this.#failing.add(key);
    const message = 'The summarizer failed; sentences are picked instead until it works again.';
    this.#options.logger.warn({ session, summarizer: to, error }, message);
  }
}

const taskOf = (tokens: number): string =>
  [
    'You keep the memory of a conversation. Write down in short what was said, so that somebody who reads nothing else can go on with it.',
    'Keep names, numbers, dates, decisions and open questions, what was asked for first, and who said what.',
    'Write in the language of the conversation, without an introduction and without adding anything.',
    `Write at most ${Math.floor(tokens * 0.6)} words.`,
  ].join(' ');

function askFor(base: Holding | null, said: string): string {
  const before = base === null ? '' : `What was said before, in short:\n${base.data.text}\n\nThen this was said:\n\n`;
  return `${before}${said}\n\n---\nWrite down ${base === null ? 'this' : 'all of it, what was said before and this,'} in short.`;
}

function saidBy(node: Node): string {
  const text = node.text.length > MOST_OF_ONE ? `${node.text.slice(0, MOST_OF_ONE)} …` : node.text;
  return `${node.kind === 'message' ? 'The user' : node.speaker.name}:\n${text}`;
}

/** Whole sentences from the beginning; a model may write more than it was asked for. */
function shortened(text: string, units: number): string {
  if (text.length <= units) return text;
  let kept = '';
  for (const { text: sentence } of sentencesOf(text, 'en')) {
    if (kept.length + sentence.length + 1 > units) break;
    kept += `${kept === '' ? '' : ' '}${sentence}`;
  }
  return kept || text.slice(0, units);
}

const breath = () => new Promise<void>((resolve) => setImmediate(resolve));
