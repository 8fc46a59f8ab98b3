import type { EventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import type { HistoryWindow, Parameters, Target } from '#shared/domain/things.ts';
import type { TurnSpec } from '../../streaming/ports.ts';
import type { Answerer, Directory, SessionLog } from '../ports.ts';
import { isSaid, requestOf, systemOf, wordsOfGoingOn } from '../prompt.ts';
import { budgetOf } from './budget.ts';
import { hashOf } from './digest.ts';
import { type Gathered, gather, sum } from './gather.ts';
import { PathMemory } from './path-memory.ts';
import { leftOutOf, Records, recordOf } from './records.ts';
import { inShort } from './summaries.ts';
import type { Counter, Tokens } from './tokens.ts';

/** How long a turn waits for its tokens to be counted; then some of the counts are estimates. */
const TURN_PATIENCE_MS = 20;
/** The same for somebody who wants to know what would be sent. */
const LOOK_PATIENCE_MS = 2000;
/** The same where nobody waits. */
const AHEAD_PATIENCE_MS = 10_000;

export interface WindowsOptions {
  log: SessionLog;
  directory: Directory;
  tokens: Tokens;
  newId: () => string;
  logger: { warn(fields: object, message: string): void };
}

/** What one turn is to answer, and how; `from` when it goes on from a broken one. */
export interface Asking {
  session: string;
  turn: string;
  /** The message that it answers. */
  message: string;
  window: HistoryWindow;
  from: TurnNode | undefined;
  parameters: Parameters | undefined;
  /** System text that a program gave. */
  system: string | undefined;
  /** All that was said goes along, however long it is: a program gave it for this one answer. */
  whole?: boolean;
}

/** What would be sent, in figures. */
export interface Context {
  budget: EventData<'turn.sent'>['budget'];
  system: number;
  summary: number;
  pinned: { nodes: number; tokens: number };
  history: { messages: number; exchanges: number; tokens: number };
  leftOut: EventData<'turn.sent'>['leftOut'];
  total: number;
  estimated: boolean;
  /** The oldest of the history that is sent; null: none is. */
  first: string | null;
}

/** What the next message would be sent with. */
export interface Ahead {
  window: HistoryWindow;
  head: string;
  gathered: Gathered;
  counter: Counter;
}

/** What of a session is sent along with a message, by its history window; and the record of what was sent. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #memory: PathMemory;
  readonly #records: Records;

  constructor(options: WindowsOptions) {
    this.#options = options;
    this.#memory = new PathMemory(options.log);
    this.#records = new Records(options);
  }

  /** The session is gone: nothing of it stays in memory. */
  forget(session: string): void {
    this.#memory.forget(session);
  }

  /**
   * The whole request of a turn. That it was sent is appended in the same turn of the event loop in which this resolves;
   * nobody waits for that.
   */
  async ask(asking: Asking, answerer: Answerer): Promise<TurnSpec> {
    const { session, turn, message, window, whole = false } = asking;
    const { log, newId } = this.#options;
    const { speaker, provider } = answerer;
    const counter = this.#options.tokens.for(speaker.model, TURN_PATIENCE_MS);
    const question = (await log.nodes(session, [message])).nodes[0];
    if (question === undefined) throw new Problem('NOT_FOUND', `There is no message ${message}.`, 'Send it again.');
    const parameters = parametersOf(asking, answerer);
    const system = systemOf(answerer.system, asking.system);
    const from = asking.from?.text ? asking.from : undefined;
    const goesOn = from && { how: provider.prefill ? ('prefill' as const) : ('asked' as const), text: from.text };
    const fixed = await counter.count([
      { key: system === undefined ? null : `${session} ${hashOf(system)}`, text: system ?? '' },
      { key: question.id, text: question.text },
      { key: goesOn ? `${from?.id} on` : null, text: goesOn ? wordsOfGoingOn(goesOn) : '' },
    ]);
    const budget = budgetOf(window, answerer.info, parameters.maxTokens);
    const end = question.parent;
    const wanted = { session, speaker, end, question: question.id, window, budget, fixed: sum(fixed), whole };
    const gathered = await gather(log, this.#memory, counter, wanted);
    const short = end === null ? null : await inShort(log, counter, { session, end, newId }, gathered);

    // The last thing that is waited for: what follows is one step.
    const isTold = await this.#records.isTold(session, system);
    const nodes = [...gathered.nodes, question];
    const summary = short?.data.text;
    const parts = { session, speaker, system, summary, pinned: gathered.pinned, nodes, goesOn, parameters };
    const [systemTokens = 0, questionTokens = 0, goesOnTokens = 0] = fixed;
    const tokens = { system: systemTokens, question: questionTokens, goesOn: goesOnTokens };
    const { estimated } = counter;
    const sent = recordOf({ turn, window, budget, parts, gathered, short, tokens, estimated });
    this.#records.keep(session, sent, short, isTold ? undefined : system);
    const start = from && {
      text: from.text,
      reasoning: from.reasoning,
      seams: from.seams,
      overlap: !provider.prefill,
    };
    return { session, turn, speaker, provider, request: requestOf(parts), from: start };
  }

  /** What would be sent along with a message to somebody, now. NOT_FOUND, NEEDS_MODEL as for sending. */
  async context(session: string, to: Target, text: string): Promise<Context> {
    const { log, directory, newId } = this.#options;
    await directory.known(to);
    const answerer = directory.resolve(to);
    const shape = await log.shape(session);
    if (shape === null || shape.job !== null)
      throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Choose one from the list.');
    const counter = this.#options.tokens.for(answerer.speaker.model, LOOK_PATIENCE_MS);
    const { window, head } = shape;
    const { gathered, budget, fixed } = await this.#look(session, head, window, answerer, text, counter);
    const short = head === null ? null : await inShort(log, counter, { session, end: head, newId }, gathered);
    const [system = 0, question = 0] = fixed;
    const said = gathered.nodes.filter(isSaid);
    const history = { messages: said.length, exchanges: gathered.exchanges - 1, tokens: sum(gathered.tokens) };
    const pinned = { nodes: gathered.pinned.length, tokens: sum(gathered.pinnedTokens) };
    return {
      budget,
      system,
      summary: short?.tokens ?? 0,
      pinned,
      history,
      leftOut: leftOutOf(gathered, budget),
      total: system + question + (short?.tokens ?? 0) + pinned.tokens + history.tokens,
      estimated: counter.estimated,
      first: said[0]?.id ?? null,
    };
  }

  /**
   * What would be sent along with the next message to whoever it was said to last, whatever it is. Null: nothing was
   * said, or nobody can answer.
   */
  async ahead(session: string): Promise<Ahead | null> {
    const { log, directory } = this.#options;
    const shape = await log.shape(session);
    if (shape?.head == null) return null;
    const { window, head } = shape;
    const [last] = (await log.nodes(session, [head])).nodes;
    if (last === undefined) return null;
    const answerer = directory.resolve(last.to);
    const counter = this.#options.tokens.for(answerer.speaker.model, AHEAD_PATIENCE_MS);
    const { gathered } = await this.#look(session, head, window, answerer, '', counter);
    return { window, head, gathered, counter };
  }

  async #look(
    session: string,
    end: string | null,
    window: HistoryWindow,
    answerer: Answerer,
    text: string,
    counter: Counter,
  ): Promise<{ gathered: Gathered; budget: Context['budget']; fixed: number[] }> {
    const { speaker, system = '', maxTokens, info } = answerer;
    const fixed = await counter.count([
      { key: system === '' ? null : `${session} ${hashOf(system)}`, text: system },
      { key: null, text },
    ]);
    const budget = budgetOf(window, info, maxTokens);
    const wanted = { session, speaker, end, question: null, window, budget, fixed: sum(fixed), whole: false };
    return { gathered: await gather(this.#options.log, this.#memory, counter, wanted), budget, fixed };
  }
}

function parametersOf({ parameters }: Asking, { temperature, maxTokens }: Answerer): Parameters {
  const wanted = { temperature: parameters?.temperature ?? temperature, maxTokens: parameters?.maxTokens ?? maxTokens };
  return {
    ...(wanted.temperature === undefined ? {} : { temperature: wanted.temperature }),
    ...(wanted.maxTokens === undefined ? {} : { maxTokens: wanted.maxTokens }),
  };
}
