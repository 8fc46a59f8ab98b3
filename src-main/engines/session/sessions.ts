import type { EventData, EventOf, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import {
  type EndState,
  type HistoryWindow,
  isRunning,
  type Made,
  type Parameters,
  type Target,
  windowOf,
} from '#shared/domain/things.ts';
import { Signal } from '#shared/kit/signal.ts';
import { type CommandRow, type SessionShape, StaleVersion } from '../../log/log.ts';
import { arrange, nameBranch, type Rearrangement } from './arranging.ts';
import { begin, type Said } from './begin.ts';
import * as decide from './decide.ts';
import { takeAway } from './filling.ts';
import { Lookups } from './lookups.ts';
import type { Answerer, Directory, SessionLog, TurnRunner } from './ports.ts';
import { Serial } from './serial.ts';
import { pinNode, setWindow } from './window/decide.ts';
import type { Windows } from './window/windows.ts';

/** Decisions are made anew at most this often before the conflict is told. */
const DECIDE_AGAIN = 5;
/** Branches that can be named: those that the list has. */
export const MOST_BRANCHES = 200;

/** What a command that starts a turn is given: the row to store, made when the turn's id is known. */
export type Remember<R = { turn: string }> = (result: R) => CommandRow;

export interface SessionsOptions {
  log: SessionLog;
  directory: Directory;
  turns: TurnRunner;
  windows: Windows;
  newId: () => string;
  /** Wall clock, Unix milliseconds. */
  now: () => number;
  logger: { warn(fields: object, message: string): void };
}

/** A turn that is to be: its id, the message that it answers, the broken turn that it goes on from. */
interface Wanted {
  turn: string;
  parent: string;
  answerer: Answerer;
  from?: TurnNode;
  /** Of a session that it begins. */
  made?: Made | undefined;
}

/**
 * Sessions: decide (pure), commit, then start what was decided. Commands of one session run one after the other; the
 * expected version guards against every other writer. A command that needs quiet stops the running turn, but only once
 * it is decided: what is refused stops nothing.
 */
export class Sessions {
  /** The id of one that is gone for good: whoever keeps texts in memory forgets those. */
  readonly deleted = new Signal<string>();
  readonly #options: SessionsOptions;
  readonly #lookups: Lookups;
  readonly #serial = new Serial();
  #recovered: Promise<unknown> = Promise.resolve();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#lookups = new Lookups(options.log, options.now);
  }

  create(
    wish: { session: string; title?: string | undefined; to?: Target | undefined; made?: Made | undefined },
    row: CommandRow,
  ): Promise<void> {
    const { session, title = '', to, made } = wish;
    return this.#decide(session, async () => {
      await this.#lookups.mustBeNew(session);
      const data = { title, ...(to === undefined ? {} : { to }), ...(made === undefined ? {} : { made }) };
      await this.#commit(session, null, [{ type: 'session.created', data }], row);
    });
  }

  /** With a conversation that was led elsewhere; its last message is answered. */
  begin(
    wish: { session: string; history: readonly Said[]; to: Target; made?: Made | undefined } & decide.Chosen,
    remember: Remember,
  ): Promise<{ turn: string }> {
    const { session, to, history, parameters, system, made } = wish;
    const { newId } = this.#options;
    return this.#decide(session, async () => {
      const answerer = await this.#answerer(to);
      await this.#lookups.mustBeNew(session);
      const [message, turn] = [newId(), newId()];
      const { speaker } = answerer;
      const events = begin({ history, to, speaker, message, turn, system, parameters, made }, newId);
      return this.#start(session, null, events, { turn, parent: message, answerer, made }, remember);
    });
  }

  /** For good. What runs is stopped first; its end is on disk before it goes with the rest. */
  delete(session: string, row?: CommandRow): Promise<void> {
    return this.#decide(session, async () => this.#delete(await this.#lookups.session(session), row));
  }

  /** For good what is in the trash; false when it was taken out of it meanwhile. */
  deleteTrashed(session: string): Promise<boolean> {
    return this.#deleteIf(session, ({ arrangement }) => arrangement.trashed);
  }

  /** For good what was used last at this moment (wall clock); false when it was used or pinned since. */
  deleteUnused(session: string, at: number): Promise<boolean> {
    return this.#deleteIf(session, ({ updatedAt, arrangement }) => updatedAt === at && !arrangement.pinned);
  }

  /** Where it is kept. What runs in it is stopped before it goes into the trash. */
  arrange(session: string, wish: Rearrangement, row?: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#lookups.session(session);
      const quiet = wish.trashed === true ? await this.#quieted(shape) : shape;
      await this.#commit(session, quiet, arrange(quiet, wish), row);
    });
  }

  nameBranch(session: string, branch: string, name: string | null, row: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#lookups.session(session);
      const { branches } = await this.#options.log.branches(session, MOST_BRANCHES);
      const now = branches.find((each) => each.branch === branch)?.name;
      await this.#commit(session, shape, nameBranch(branch, name, now), row);
    });
  }

  rename(session: string, title: string, row: CommandRow): Promise<void> {
    return this.#change(session, row, () => [{ type: 'session.renamed', data: { title } }]);
  }

  select(session: string, node: string, row: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#lookups.session(session);
      // After the shape: a node that comes in between makes that stale.
      const leaf = await this.#options.log.leaf(session, node);
      await this.#commit(session, shape, decide.select(shape, node, leaf), row);
    });
  }

  /** What is sent along from the next turn on. */
  setWindow(session: string, window: HistoryWindow, row: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#lookups.session(session, window.since === null ? [] : [window.since]);
      await this.#commit(session, shape, setWindow(shape, window), row);
    });
  }

  pinNode(session: string, node: string, pinned: boolean, row: CommandRow): Promise<void> {
    return this.#decide(session, async () => {
      const shape = await this.#lookups.session(session, [node]);
      await this.#commit(session, shape, pinNode(shape, node, pinned), row);
    });
  }

  /** Keeps a summary that was made in the background; false when the session is gone. */
  summarized(session: string, data: EventData<'history.summarized'>): Promise<boolean> {
    return this.#decide(session, async () => {
      if ((await this.#options.log.shape(session)) === null) return false;
      await this.#options.log.append({ session, events: [{ type: 'history.summarized', data }], durable: false });
      return true;
    });
  }

  editQueued(session: string, message: string, text: string, to: Target, row: CommandRow): Promise<void> {
    return this.#change(session, row, (shape) => decide.editQueued(shape, { message, text, to }));
  }

  unqueue(session: string, message: string, row: CommandRow): Promise<void> {
    return this.#change(session, row, (shape) => decide.unqueue(shape, message));
  }

  /** Sends, queues, steers or refuses; answers with the turn, or null when it waits in the queue. */
  send(
    wish: {
      session: string;
      message: string;
      text: string;
      to: Target;
      whileRunning: 'queue' | 'steer' | 'refuse';
      parameters?: Parameters | undefined;
    },
    remember: Remember<{ turn: string | null }>,
  ): Promise<{ turn: string | null }> {
    const { session, message, text, to, parameters } = wish;
    return this.#decide(session, async () => {
      const answerer = await this.#answerer(to);
      const shape = await this.#lookups.livingOrNew(session, [message]);
      if (shape !== null && wish.whileRunning === 'refuse') decide.mustBeQuiet(shape);
      if (shape !== null && wish.whileRunning === 'queue' && decide.mustWait(shape)) {
        await this.#commit(session, shape, decide.queue(shape, { message, text, to }), remember({ turn: null }));
        // Where no end is still to come, this is what sends it.
        this.#sendNext(session);
        return { turn: null };
      }
      const turn = this.#options.newId();
      const asked = { message, text, to, turn, speaker: answerer.speaker, parameters };
      const want = { turn, parent: message, answerer };
      if (shape === null) return this.#start(session, null, decide.send(null, asked), want, remember);
      return this.#quietly(shape, [message], want, remember, (now) => decide.send(now, asked));
    });
  }

  edit(
    wish: { session: string; replaces: string; message: string; text: string; to: Target },
    remember: Remember,
  ): Promise<{ turn: string }> {
    const { session, replaces, message, text, to } = wish;
    return this.#decide(session, async () => {
      const answerer = await this.#answerer(to);
      const turn = this.#options.newId();
      const asked = { message, text, to, turn, speaker: answerer.speaker };
      const want = { turn, parent: message, answerer };
      const nodes = [replaces, message];
      return this.#quietly(await this.#lookups.living(session, nodes), nodes, want, remember, (now) =>
        decide.reword(now, replaces, asked),
      );
    });
  }

  /** Now: a running turn is stopped first. */
  sendQueued(session: string, message: string, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () =>
      this.#sendFromQueue(await this.#lookups.living(session), message, remember),
    );
  }

  retry(session: string, turn: string, to: Target | undefined, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () => {
      const { parent, parameters, system, ...old } = await this.#lookups.request(session, turn);
      const target = to ?? old.to;
      const answerer = await this.#answerer(target);
      const id = this.#options.newId();
      const asked = { turn: id, to: target, speaker: answerer.speaker, parameters, system };
      const want = { turn: id, parent, answerer };
      return this.#quietly(await this.#lookups.living(session, [turn]), [turn], want, remember, (now) =>
        decide.retry(now, turn, asked),
      );
    });
  }

  continue(session: string, turn: string, remember: Remember): Promise<{ turn: string }> {
    return this.#decide(session, async () => {
      const old = await this.#lookups.turn(session, turn);
      const { parameters, system } = await this.#lookups.request(session, turn);
      const answerer = await this.#answerer(old.to);
      const id = this.#options.newId();
      const want = { turn: id, parent: old.parent, answerer, from: old };
      return this.#quietly(await this.#lookups.living(session, [turn]), [turn], want, remember, (now) =>
        decide.goOn(now, old, { turn: id, speaker: answerer.speaker, parameters, system }),
      );
    });
  }

  /** Reaches the provider's socket. A turn that has ended already is no error. */
  async stop(session: string, turn: string): Promise<void> {
    await this.#recovered;
    if (await this.#options.turns.stop(turn)) return;
    // It does not run: it has ended, is about to be started, or something kept it from being started.
    await this.#decide(session, async () => {
      const { state } = await this.#lookups.turn(session, turn);
      if (isRunning(state)) await this.#quiet(session, turn);
    });
  }

  /** To be told when a turn has ended: what waited for it goes out, but never after a failure or a stop. */
  turnEnded(session: string, state: EndState): void {
    if (state === 'done') this.#sendNext(session);
  }

  /**
   * After a start: turns that ran when the process ended are marked, with all that is in the log of them. Commands wait
   * for it. Resolves with their number; what cannot be marked now is left for the next start. What was being copied or
   * imported then is taken away, for which nobody waits.
   */
  recover(): Promise<number> {
    const recovered = this.#recover();
    this.#recovered = recovered.catch(() => {});
    return recovered;
  }

  async #recover(): Promise<number> {
    const { log, logger } = this.#options;
    const left = await log.filling();
    takeAway(log, left).catch((error: unknown) =>
      logger.warn({ error }, 'What a broken off copy or import left is taken away at the next start.'),
    );
    const filled = new Set(left.map(({ session }) => session));
    const unfinished = (await log.unfinished()).filter(({ session }) => !filled.has(session));
    for (const { session, turn } of unfinished) {
      await this.#end(session, turn, 'interrupted').catch((error: unknown) =>
        logger.warn({ session, turn, error }, 'A turn could not be marked as interrupted.'),
      );
    }
    return unfinished.length;
  }

  #sendNext(session: string): void {
    this.#decide(session, async () => {
      const shape = await this.#options.log.shape(session);
      const next = shape?.queue[0];
      if (shape === null || next === undefined || decide.runningTurn(shape) !== undefined) return;
      await this.#sendFromQueue(shape, next.id, undefined);
    }).catch((error: unknown) => {
      // It stays in the queue, where the person sees it and can send it.
      this.#options.logger.warn({ session, error }, 'A queued message could not be sent.');
    });
  }

  async #sendFromQueue(
    shape: SessionShape,
    message: string,
    remember: Remember | undefined,
  ): Promise<{ turn: string }> {
    const { text, to } = decide.queued(shape, message);
    const answerer = await this.#answerer(to);
    const turn = this.#options.newId();
    const asked = { message, text, to, turn, speaker: answerer.speaker };
    const want = { turn, parent: message, answerer };
    return this.#quietly(shape, [], want, remember, (now) => decide.sendQueued(now, asked));
  }

  /** Decides; then stops the turn that runs, if one does, and decides anew on what is there then, with these nodes. */
  async #quietly(
    shape: SessionShape,
    nodes: readonly string[],
    want: Wanted,
    remember: Remember | undefined,
    decideOn: (shape: SessionShape) => NewEvent[],
  ): Promise<{ turn: string }> {
    const events = decideOn(shape);
    const running = decide.runningTurn(shape);
    if (running === undefined) return this.#start(shape.id, shape, events, want, remember);
    await this.#quiet(shape.id, running);
    const quiet = await this.#lookups.session(shape.id, nodes);
    return this.#start(shape.id, quiet, decideOn(quiet), want, remember);
  }

  #deleteIf(session: string, mayGo: (shape: SessionShape) => boolean): Promise<boolean> {
    return this.#decide(session, async () => {
      const shape = await this.#options.log.shape(session);
      if (shape === null || !mayGo(shape)) return false;
      await this.#delete(shape);
      return true;
    });
  }

  async #delete(shape: SessionShape, row?: CommandRow): Promise<void> {
    const { id: session, version } = await this.#quieted(shape);
    const batch = { session, expected: version };
    await this.#options.log.delete(row === undefined ? batch : { ...batch, command: row });
    this.deleted.emit(session);
  }

  /** The session once nothing runs in it any more. */
  async #quieted(shape: SessionShape): Promise<SessionShape> {
    let now = shape;
    for (let turn = decide.runningTurn(now); turn !== undefined; turn = decide.runningTurn(now)) {
      await this.#quiet(shape.id, turn);
      now = await this.#lookups.session(shape.id);
    }
    return now;
  }

  async #quiet(session: string, running: string): Promise<void> {
    if (!(await this.#options.turns.stop(running))) await this.#end(session, running, 'stopped');
  }

  async #start(
    session: string,
    shape: SessionShape | null,
    events: NewEvent[],
    want: Wanted,
    remember: Remember | undefined,
  ): Promise<{ turn: string }> {
    const { turn } = want;
    const result = { turn };
    const committed = await this.#commit(session, shape, events, remember?.(result));
    try {
      const request = committed.find((event) => event.type === 'turn.requested' && event.data.turn === turn);
      const { from: began, parameters, system } = (request as EventOf<'turn.requested'>).data;
      // What it starts with is what was committed, seams and all.
      const from = want.from &&
        began && { ...want.from, text: began.text, reasoning: began.reasoning, seams: began.seams };
      const window = shape?.window ?? windowOf(want.made ?? null);
      const whole = (shape?.made ?? want.made)?.by === 'completion';
      const asking = { session, turn, message: want.parent, window, from, parameters, system, whole };
      this.#options.turns.start(await this.#options.windows.ask(asking, want.answerer));
    } catch (error) {
      // It is asked for and will not run: that is its end.
      await this.#end(session, turn, 'failed', Problem.of(error));
    }
    return result;
  }

  /** The end of a turn that does not run here, with what the log has of it. */
  async #end(session: string, turn: string, state: EndState, problem?: Problem): Promise<void> {
    const node = await this.#options.log.turn(session, turn).catch(() => null);
    const data: EventData<'turn.finished'> = {
      turn,
      state,
      text: node?.text ?? '',
      reasoning: node?.reasoning ?? '',
      seams: node?.seams ?? [],
      finish: null,
      problem: problem?.toBody() ?? null,
      usage: null,
      timing: null,
      buffered: node?.buffered ?? false,
    };
    await this.#options.log.append({ session, events: [{ type: 'turn.finished', data }], durable: true });
  }

  /** One after the other; decided anew when a turn's end, or another writer, came in between. */
  #decide<T>(session: string, work: () => Promise<T>): Promise<T> {
    return this.#serial.run(session, async () => {
      await this.#recovered;
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
      const shape = await this.#lookups.session(session);
      await this.#commit(session, shape, change(shape), row);
    });
  }

  async #answerer(target: Target): Promise<Answerer> {
    await this.#options.directory.known(target);
    return this.#options.directory.resolve(target);
  }

  #commit(session: string, shape: SessionShape | null, events: NewEvent[], command: CommandRow | undefined) {
    const batch = { session, events, expected: shape?.version ?? 0, durable: true };
    return this.#options.log.append(command === undefined ? batch : { ...batch, command });
  }
}
