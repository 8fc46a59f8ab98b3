import { COMPLETIONS, type EventData } from '#shared/domain/events.ts';
import { Problem, type ProblemCode } from '#shared/domain/problem.ts';
import type { EndState, FinishReason, Speaker, Target, Timing, Usage } from '#shared/domain/things.ts';
import type { ChatMessage, ChatOptions, Embeddings } from '../../providers/provider.ts';
import { ProviderRefusal } from '../../providers/provider.ts';
import type { Answerer, Directory } from '../session/ports.ts';
import { attempt, type MiddlePart } from './attempt.ts';
import { waitBefore } from './backoff.ts';
import { estimateTokens, Meter } from './meter.ts';
import type { TurnDependencies } from './ports.ts';

/** Refusals after which the whole answer is asked for instead. */
const wholeInstead: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['PROVIDER_CANNOT_STREAM', 'PROVIDER_EMPTY']);

/** What a program asks for. */
export interface CompletionWish {
  to: Target;
  /** Follows the persona of who answers. */
  system: string | undefined;
  messages: readonly ChatMessage[];
  /** As the specialist is set when undefined. */
  maxTokens: number | undefined;
  temperature: number | undefined;
  options?: ChatOptions;
  /** False: one piece is enough for the program, and may be cheaper to have. */
  stream: boolean;
  /** The access token of its own by which it was asked for; null for the user. */
  token: string | null;
  /** In which it was asked for, such as `openai`. */
  dialect: string;
}

export interface CompletionEnd {
  state: EndState;
  finish: FinishReason | null;
  problem: Problem | null;
  usage: Usage | null;
  timing: Timing;
}

export interface Completion {
  readonly speaker: Speaker;
  /**
   * Asks, again while that makes sense; gives every part but the last as it comes. A promise of `take` holds the
   * provider back. Never rejects. Aborting `signal` closes the provider's socket at once. `accepted`: see ChatRequest.
   */
  run(
    take: (part: MiddlePart) => void | Promise<void>,
    signal: AbortSignal,
    accepted?: () => void,
  ): Promise<CompletionEnd>;
}

export type CompletionDependencies = TurnDependencies & { limits: { completions: number } };

type Run = CompletionWish & { accepted: (() => void) | undefined };

/**
 * Answers that belong to no session. Nothing of their text is kept; what they cost is one event. Bound:
 * `limits.completions` at the same time; whoever comes on top is told so.
 */
export class Completions {
  readonly #directory: Directory;
  readonly #deps: CompletionDependencies;
  #running = 0;

  constructor(directory: Directory, deps: CompletionDependencies) {
    this.#directory = directory;
    this.#deps = deps;
  }

  /** Finds out who answers. Rejects with NOT_FOUND, NEEDS_MODEL or CONFLICT. */
  async prepare(wish: CompletionWish): Promise<Completion> {
    await this.#directory.known(wish.to);
    const answerer = this.#directory.resolve(wish.to);
    return {
      speaker: answerer.speaker,
      run: (take, signal, accepted) => this.#run({ ...wish, accepted }, answerer, take, signal),
    };
  }

  /** Rejects with NOT_FOUND, UNSUPPORTED, LIMIT, or what the provider refused. */
  async embed(
    wish: { texts: readonly string[]; dimensions?: number } & Pick<CompletionWish, 'to' | 'token' | 'dialect'>,
    signal: AbortSignal,
  ): Promise<Embeddings & { speaker: Speaker }> {
    await this.#directory.known(wish.to);
    const { provider, speaker } = this.#directory.resolve(wish.to);
    if (provider.embed === undefined)
      throw new Problem('UNSUPPORTED', `${provider.name} makes no embeddings.`, 'Choose a model of another provider.');
    const { texts, dimensions } = wish;
    const request = { model: speaker.model, texts, ...(dimensions === undefined ? {} : { dimensions }) };
    const { clock, limits } = this.#deps;
    if (this.#running >= limits.completions) throw full(limits.completions);
    const begun = clock.monotonic();
    const account = (state: EndState, problem: Problem | null, input?: number) => {
      const timing = { queuedMs: 0, firstTokenMs: null, durationMs: clock.monotonic() - begun, tokensPerSecond: null };
      const usage = input === undefined ? null : { input };
      this.#account(wish, speaker, { state, finish: null, problem, usage, timing });
    };
    this.#running++;
    try {
      const made = await provider.embed(request, signal);
      account('done', null, made.tokens);
      return { ...made, speaker };
    } catch (error) {
      const problem = error instanceof ProviderRefusal ? error.problem : error;
      account(signal.aborted ? 'stopped' : 'failed', signal.aborted ? null : Problem.of(problem));
      throw problem;
    } finally {
      this.#running--;
    }
  }

  async #run(
    wish: Run,
    answerer: Answerer,
    take: (part: MiddlePart) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<CompletionEnd> {
    const { clock, limits } = this.#deps;
    const meter = new Meter(() => clock.monotonic());
    meter.started();
    let usage: Usage | null = null;
    let units = 0;
    const measured = (part: MiddlePart) => {
      if (part.type === 'delta' || part.type === 'reasoning') {
        meter.token(part.text.length);
        units += part.text.length;
      } else if (part.type === 'usage') usage = { ...usage, ...part.usage };
      return take(part);
    };
    const told = (state: EndState, finish: FinishReason | null, problem: Problem | null): CompletionEnd => {
      const counted = meter.usage(usage);
      const tokens = (counted?.output ?? 0) || estimateTokens(units);
      return { state, finish, problem, usage: counted, timing: meter.timing(tokens) };
    };
    let end: CompletionEnd;
    if (this.#running >= limits.completions) end = told('failed', null, full(limits.completions));
    else {
      this.#running++;
      end = await this.#ask(wish, answerer, measured, told, signal).finally(() => this.#running--);
    }
    this.#account(wish, answerer.speaker, end);
    return end;
  }

  async #ask(
    wish: Run,
    { provider, speaker, system, temperature, maxTokens }: Answerer,
    take: (part: MiddlePart) => void | Promise<void>,
    told: (state: EndState, finish: FinishReason | null, problem: Problem | null) => CompletionEnd,
    signal: AbortSignal,
  ): Promise<CompletionEnd> {
    const { clock, limits, observations, random } = this.#deps;
    const request = {
      model: speaker.model,
      system: [system, wish.system].filter((text) => text !== undefined && text !== '').join('\n\n') || undefined,
      messages: wish.messages,
      prefill: false,
      maxTokens: wish.maxTokens ?? maxTokens,
      temperature: wish.temperature ?? temperature,
      ...(wish.options === undefined ? {} : { options: wish.options }),
      ...(wish.accepted === undefined ? {} : { accepted: wish.accepted }),
      session: COMPLETIONS,
    };
    let stream = wish.stream && observations.streams(provider.id, speaker.model);
    const observed = (part: MiddlePart) => {
      if (part.type === 'start' && wish.stream && (part.buffered || !stream))
        observations.cannotStream(provider.id, speaker.model);
      return take(part);
    };
    for (let tries = 1; ; tries++) {
      const asked = { ...request, stream };
      const outcome = await attempt({
        provider,
        request: asked,
        clock,
        stallMs: limits.stallMs,
        take: observed,
        signal,
      });
      if (outcome === undefined) return told('stopped', null, null);
      if (outcome.kind === 'finished') return told('done', outcome.reason, null);
      if (outcome.kind === 'failed') return told('failed', null, outcome.problem);
      const { problem, retryable, retryAfterMs } = outcome.refusal;
      if (stream && wholeInstead.has(problem.code)) {
        stream = false;
        tries--;
        continue;
      }
      const ms = retryable && tries <= limits.retries ? waitBefore(tries, retryAfterMs, random) : null;
      if (ms === null) return told('failed', null, problem);
      await pause(clock, ms, signal);
    }
  }

  /** Nobody waits for it. */
  #account(wish: Pick<CompletionWish, 'token' | 'dialect'>, speaker: Speaker, end: CompletionEnd): void {
    const data: EventData<'completion.finished'> = {
      speaker,
      token: wish.token,
      dialect: wish.dialect,
      state: end.state,
      finish: end.finish,
      problem: end.problem?.toBody() ?? null,
      usage: end.usage,
      timing: end.timing,
    };
    this.#deps.log
      .append({ session: COMPLETIONS, events: [{ type: 'completion.finished', data }], durable: false })
      .catch((error: unknown) => this.#deps.logger.warn({ error: String(error) }, 'A completion was not accounted.'));
  }
}

const full = (most: number) =>
  new Problem(
    'LIMIT',
    `Choragus has its limit of ${most} completions at the same time.`,
    'Ask again when one of them has ended, or raise limits.completions in the configuration.',
  );

/** Ends early when nobody waits any more. */
function pause(clock: TurnDependencies['clock'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
