import type { NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Node, TurnNode } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { type SessionShape, StaleVersion } from '../../log/log.ts';
import * as decide from './decide.ts';
import type { Answerer, CommandRow, Directory, SessionLog, TurnRunner } from './ports.ts';
import { specOf } from './prompt.ts';
import { Serial } from './serial.ts';

/** Decisions are made anew at most this often before the conflict is told. */
const DECIDE_AGAIN = 5;

/** What a command that starts a turn is given: the row to store, made when the turn's id is known. */
export type Remember<R = { turn: string }> = (result: R) => CommandRow;

export interface SessionsOptions {
  log: SessionLog;
  directory: Directory;
  turns: TurnRunner;
  newId: () => string;
  logger: { warn(fields: object, message: string): void };
}

/**
 * Sessions: decide (pure), commit, then start what was decided. Commands of one session run one after the other; the
 * expected version guards against every other writer.
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #serial = new Serial();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  create(session: string, title: string, to: Target | undefined, row: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#options.log.shape(session);
      if (shape !== null) throw new Problem('CONFLICT', 'There is a session with this id.', 'Use a new id.');
      const data = to === undefined ? { title } : { title, to };
      await this.#commit(session, null, [{ type: 'session.created', data }], row);
    });
  }

  rename(session: string, title: string, row: CommandRow): Promise<void> {
    return this.#change(session, row, () => [{ type: 'session.renamed', data: { title } }]);
  }

  select(session: string, node: string, row: CommandRow): Promise<void> {
    return this.#change(session, row, (shape) => decide.select(shape, node));
  }

  editQueued(session: string, message: string, text: string, to: Target, row: CommandRow): Promise<void> {
    return this.#change(session, row, (shape) => decide.editQueued(shape, { message, text, to }));
  }

  unqueue(session: string, message: string, row: CommandRow): Promise<void> {
    return this.#change(session, row, (shape) => decide.unqueue(shape, message));
  }

  /** Sends, queues or steers; answers with the turn, or null when it waits in the queue. */
  send(
    wish: { session: string; message: string; text: string; to: Target; whileRunning: 'queue' | 'steer' },
    remember: Remember<{ turn: string | null }>,
  ): Promise<{ turn: string | null }> {
    const { session } = wish;
    return this.#decide(session, async () => {
      let shape = await this.#options.log.shape(session);
      const answerer = this.#options.directory.resolve(wish.to);
      const running = shape === null ? undefined : decide.runningTurn(shape);
      if (shape !== null && running !== undefined) {
        if (wish.whileRunning === 'queue') {
          await this.#commit(session, shape, decide.queue(shape, wish), remember({ turn: null }));
          return { turn: null };
        }
        shape = await this.#stopped(session, running);
      }
      return this.#ask(session, shape, { ...wish, turn: this.#options.newId() }, answerer, remember, decide.send);
    });
  }

  edit(
    wish: { session: string; replaces: string; message: string; text: string; to: Target },
    remember: Remember,
  ): Promise<{ turn: string }> {
    const { session } = wish;
    return this.#decide(session, async () => {
      const answerer = this.#options.directory.resolve(wish.to);
      const shape = await this.#quiet(session);
      const asked = { ...wish, turn: this.#options.newId() };
      return this.#ask(session, shape, asked, answerer, remember, (current, more) =>
        decide.reword(current, wish.replaces, more),
      );
    });
  }

  /** Now: a running turn is stopped first. */
  sendQueued(session: string, message: string, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () => {
      const shape = await this.#quiet(session);
      return this.#sendFromQueue(shape, message, remember);
    });
  }

  retry(session: string, turn: string, to: Target | undefined, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () => {
      const shape = await this.#quiet(session);
      const old = await this.#turn(session, turn);
      const target = to ?? old.to;
      const answerer = this.#options.directory.resolve(target);
      const asked = { turn: this.#options.newId(), to: target, speaker: answerer.speaker };
      const events = decide.retry(shape, turn, asked);
      return this.#start(session, shape, events, { turn: asked.turn, parent: old.parent }, answerer, remember);
    });
  }

  continue(session: string, turn: string, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () => {
      const shape = await this.#quiet(session);
      const old = await this.#turn(session, turn);
      const answerer = this.#options.directory.resolve(old.to);
      const id = this.#options.newId();
      const events = decide.goOn(shape, old, { turn: id, speaker: answerer.speaker });
      return this.#start(session, shape, events, { turn: id, parent: old.parent, from: old }, answerer, remember);
    });
  }

  /** To be told when a turn has ended: what waited for it goes out, but never after a failure or a stop. */
  turnEnded(session: string, state: string): void {
    if (state !== 'done') return;
    this.#decide(session, async () => {
      const shape = await this.#options.log.shape(session);
      const next = shape?.queue[0];
      if (shape === null || next === undefined || decide.runningTurn(shape) !== undefined) return;
      await this.#sendFromQueue(shape, next.id, undefined);
    }).catch((error: unknown) => {
      // It stays in the queue, where the person sees it and can send it.
      this.#options.logger.warn({ session, error: String(error) }, 'A queued message could not be sent.');
    });
  }

  /** After a start: turns that ran when the process ended are marked, with all that is in the log of them. */
  async recover(): Promise<number> {
    const unfinished = await this.#options.log.unfinished();
    for (const { session, turn } of unfinished) {
      const node = await this.#turn(session, turn);
      const { text, reasoning, seams, buffered } = node;
      const end = { finish: null, problem: null, usage: null, timing: null };
      const data = { turn, state: 'interrupted' as const, text, reasoning, seams, buffered, ...end };
      await this.#options.log.append({ session, events: [{ type: 'turn.finished', data }], durable: true });
    }
    return unfinished.length;
  }

  async #ask<S extends SessionShape | null>(
    session: string,
    shape: S,
    wish: { message: string; text: string; to: Target; turn: string },
    answerer: Answerer,
    remember: Remember | undefined,
    decideAsk: (shape: S, asked: decide.Asked) => NewEvent[],
  ): Promise<{ turn: string }> {
    const { message, text, to, turn } = wish;
    const events = decideAsk(shape, { message, text, to, turn, speaker: answerer.speaker });
    return this.#start(session, shape, events, { turn, parent: message }, answerer, remember);
  }

  async #sendFromQueue(
    shape: SessionShape,
    message: string,
    remember: Remember | undefined,
  ): Promise<{ turn: string }> {
    const { text, to } = decide.queued(shape, message);
    const answerer = this.#options.directory.resolve(to);
    const asked = { message, text, to, turn: this.#options.newId() };
    return this.#ask(shape.id, shape, asked, answerer, remember, decide.sendQueued);
  }

  async #start(
    session: string,
    shape: SessionShape | null,
    events: NewEvent[],
    turn: { turn: string; parent: string; from?: TurnNode },
    answerer: Answerer,
    remember: Remember | undefined,
  ): Promise<{ turn: string }> {
    const result = { turn: turn.turn };
    const committed = await this.#commit(session, shape, events, remember?.(result));
    const request = committed.find((event) => event.type === 'turn.requested');
    const path = await this.#options.log.path(session, turn.parent);
    // What it starts with is what was committed, seams and all.
    const from = turn.from && request?.data.from ? { ...turn.from, ...request.data.from } : undefined;
    this.#options.turns.start(specOf({ session, turn: turn.turn, path, from }, answerer));
    return result;
  }

  /** The session with no turn running: one that runs is stopped first, and what came of it is kept. */
  async #quiet(session: string): Promise<SessionShape> {
    const shape = await this.#existing(session);
    const running = decide.runningTurn(shape);
    return running === undefined ? shape : this.#stopped(session, running);
  }

  async #stopped(session: string, turn: string): Promise<SessionShape> {
    await this.#options.turns.stop(turn);
    return this.#existing(session);
  }

  /** One after the other; decided anew when a turn's end, or another writer, came in between. */
  #decide<T>(session: string, work: () => Promise<T>): Promise<T> {
    return this.#serial.run(session, async () => {
      for (let again = 0; ; again++) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof StaleVersion) || again === DECIDE_AGAIN) throw error;
        }
      }
    });
  }

  #change(session: string, row: CommandRow, change: (shape: SessionShape) => NewEvent[]): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#existing(session);
      await this.#commit(session, shape, change(shape), row);
    });
  }

  async #existing(session: string): Promise<SessionShape> {
    const shape = await this.#options.log.shape(session);
    if (shape !== null) return shape;
    throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Choose one from the list.');
  }

  async #turn(session: string, turn: string): Promise<TurnNode> {
    const found: Node | undefined = (await this.#options.log.path(session, turn)).at(-1);
    if (found?.kind === 'turn') return found;
    throw new Problem('NOT_FOUND', `This session has no turn ${turn}.`, 'Load the session again.');
  }

  #commit(session: string, shape: SessionShape | null, events: NewEvent[], command: CommandRow | undefined) {
    const batch = { session, events, expected: shape?.version ?? 0, durable: true };
    return this.#options.log.append(command === undefined ? batch : { ...batch, command });
  }
}
