import type { Event, EventData } from '#shared/domain/events.ts';
import { Problem, type ProblemCode } from '#shared/domain/problem.ts';
import type { EndState, FinishReason, Usage } from '#shared/domain/things.ts';
import type { Deferred } from '../../log/log.ts';
import { OverlapFilter } from '../../providers/overlap.ts';
import type { ProviderPart, ProviderRefusal } from '../../providers/provider.ts';
import { attempt } from './attempt.ts';
import { waitBefore } from './backoff.ts';
import { estimateTokens, Meter } from './meter.ts';
import type { TurnDependencies, TurnEvent, TurnSpec } from './ports.ts';

/** Text and reasoning of a turn, in UTF-16 units: about 75,000 tokens, and in any script below a frame of the wire. */
const MOST_UNITS = 300_000;
/** After a commit of the end failed (disk full, say), it is tried again this much later. */
const COMMIT_AGAIN_MS = 1_000;

/** Refusals after which the whole answer is asked for instead. */
const wholeInstead: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['PROVIDER_CANNOT_STREAM', 'PROVIDER_EMPTY']);

/** Why a request is left that nobody needs any more; made once, for its stack costs more than the rest of an end. */
const over = new Problem('STOPPED', 'The turn is over.');

interface End {
  state: EndState;
  finish: FinishReason | null;
  problem: Problem | null;
}

/**
 * One generation by one provider. Owns the abort signal and the one buffer of what came since the last commit. Nothing
 * throws out of it: its end is an event. `ended` resolves when that event is on disk.
 */
export class Turn implements Deferred {
  readonly session: string;
  readonly ended: Promise<EndState>;
  readonly #spec: TurnSpec;
  readonly #deps: TurnDependencies;
  readonly #abort = new AbortController();
  readonly #meter: Meter;
  readonly #overlap: OverlapFilter | undefined;
  readonly #settle: (state: EndState) => void;
  #wake: () => void = () => {};
  #end: End | undefined;
  /** What is in the log already; what came since; and what is being committed just now. */
  #text: string;
  #reasoning: string;
  #pending = { text: '', reasoning: '' };
  #draining = { text: '', reasoning: '' };
  #usage: Usage | null = null;
  #buffered = false;

  constructor(spec: TurnSpec, deps: TurnDependencies) {
    this.session = spec.session;
    this.#spec = spec;
    this.#deps = deps;
    this.#meter = new Meter(() => deps.clock.monotonic());
    this.#text = spec.from?.text ?? '';
    this.#reasoning = spec.from?.reasoning ?? '';
    this.#overlap = spec.from?.overlap ? new OverlapFilter(spec.from.text) : undefined;
    let settle: (state: EndState) => void = () => {};
    this.ended = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
  }

  /** Asks the provider, again while that makes sense; returns when the turn has an end (maybe not yet on disk). */
  async run(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#meter.started();
    const { provider, request } = this.#spec;
    let stream = this.#deps.observations.streams(provider.id, request.model);
    this.#buffered = !stream;
    for (let tries = 1; this.#end === undefined; tries++) {
      this.#tell({ type: 'turn.connecting', data: { turn: this.#spec.turn, attempt: tries } });
      const outcome = await attempt({
        provider,
        request: { ...request, stream },
        clock: this.#deps.clock,
        stallMs: this.#deps.limits.stallMs,
        take: (part) => this.#take(part),
        signal: this.#abort.signal,
      });
      if (outcome === undefined) return;
      if (outcome.kind === 'finished') this.#finish({ state: 'done', finish: outcome.reason, problem: null });
      else if (outcome.kind === 'failed') this.#fail(outcome.problem);
      else if (stream && wholeInstead.has(outcome.refusal.problem.code)) {
        stream = false;
        this.#buffered = true;
        tries--;
      } else await this.#refused(outcome.refusal, tries);
    }
  }

  /** Closes the provider's socket at once; what came is kept. */
  stop(state: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#finish({ state, finish: null, problem: null });
  }

  /** Before the first part: again after a wait, as long as that makes sense. */
  async #refused({ retryable, retryAfterMs, problem }: ProviderRefusal, tries: number): Promise<void> {
    const { random, limits } = this.#deps;
    const ms = retryable && tries <= limits.retries ? waitBefore(tries, retryAfterMs, random) : null;
    if (ms === null) this.#fail(problem);
    else await this.#wait(tries, ms, problem);
  }

  #take(part: Exclude<ProviderPart, { type: 'finish' | 'error' }>): void {
    switch (part.type) {
      case 'start':
        if (part.buffered) this.#buffered = true;
        if (this.#buffered) this.#deps.observations.cannotStream(this.#spec.provider.id, this.#spec.request.model);
        break;
      case 'delta':
        this.#meter.token(part.text.length);
        this.#grow('text', this.#overlap?.push(part.text) ?? part.text);
        break;
      case 'reasoning':
        this.#meter.token(part.text.length);
        this.#grow('reasoning', part.text);
        break;
      case 'usage':
        this.#usage = { ...this.#usage, ...part.usage };
        break;
      case 'warning':
      case 'tool-call':
        this.#deps.logger.warn(
          { turn: this.#spec.turn, provider: this.#spec.provider.id },
          part.type === 'warning' ? part.message : 'The model called a tool, but none was offered.',
        );
    }
  }

  #grow(what: 'text' | 'reasoning', piece: string): void {
    const pending = this.#pending.text.length + this.#pending.reasoning.length;
    const room = MOST_UNITS - this.#text.length - this.#reasoning.length - pending;
    this.#pending[what] += piece.slice(0, Math.max(0, room));
    if (piece.length <= room) {
      this.#deps.log.defer(this);
      return;
    }
    const problem = new Problem(
      'LIMIT',
      `The answer passed ${MOST_UNITS.toLocaleString('en')} characters.`,
      'Ask for less at once, or for the rest in a new message.',
    );
    this.#fail(problem);
  }

  async #wait(attempt: number, ms: number, problem: Problem): Promise<void> {
    if (this.#end !== undefined) return;
    this.#tell({
      type: 'turn.waiting',
      data: { turn: this.#spec.turn, attempt, ms: Math.round(ms), problem: problem.toBody() },
    });
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #fail(problem: Problem): void {
    if (problem.code === 'INTERNAL')
      this.#deps.logger.warn({ turn: this.#spec.turn, error: problem.cause }, 'A provider adapter threw.');
    this.#finish({ state: 'failed', finish: null, problem });
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#text += this.#pending.text + (this.#overlap?.end() ?? '');
    this.#reasoning += this.#pending.reasoning;
    this.#pending = { text: '', reasoning: '' };
    this.#abort.abort(end.problem ?? over);
    this.#wake();
    this.#commitEnd(end);
  }

  #commitEnd(end: End): void {
    const { turn, from } = this.#spec;
    const usage = this.#meter.usage(this.#usage);
    const tokens = (usage?.output ?? 0) || estimateTokens(this.#text.length);
    const finished: EventData<'turn.finished'> = {
      turn,
      state: end.state,
      text: this.#text,
      reasoning: this.#reasoning,
      seams: from?.seams ?? [],
      finish: end.finish,
      problem: end.problem?.toBody() ?? null,
      usage,
      timing: this.#meter.timing(tokens),
      buffered: this.#buffered,
    };
    const { track } = this.#meter;
    const events: TurnEvent[] = [{ type: 'turn.finished', data: finished }];
    if (track.length > 0) events.push({ type: 'turn.timed', data: { turn, track } });
    this.#deps.log.append({ session: this.session, events, durable: true }).then(
      () => this.#settle(end.state),
      (error: unknown) => {
        this.#deps.logger.warn({ turn, error: String(error) }, 'The end of a turn could not be stored; trying again.');
        this.#deps.clock.after(COMMIT_AGAIN_MS, () => this.#commitEnd(end));
      },
    );
  }

  /** A fact on the way; the turn does not wait for it, and its end says what matters. */
  #tell(event: TurnEvent): void {
    this.#deps.log
      .append({ session: this.session, events: [event], durable: false })
      .catch((error: unknown) => this.#deps.logger.warn({ error: String(error) }, 'An event could not be stored.'));
  }

  /** Deferred: what came since the last commit, as one row. */
  drain(): TurnEvent | null {
    const { text, reasoning } = this.#pending;
    if (text === '' && reasoning === '') return null;
    const data: EventData<'turn.part'> = { turn: this.#spec.turn, offset: this.#text.length, text };
    if (reasoning !== '') {
      data.reasoningOffset = this.#reasoning.length;
      data.reasoning = reasoning;
    }
    this.#draining = this.#pending;
    this.#pending = { text: '', reasoning: '' };
    return { type: 'turn.part', data };
  }

  /** Follows a `drain` in the same turn of the event loop, as `failed` does. */
  committed(event: Event): void {
    this.#meter.mark(event.seq, this.#text.length);
    this.#text += this.#draining.text;
    this.#reasoning += this.#draining.reasoning;
  }

  failed(): void {
    this.#pending = {
      text: this.#draining.text + this.#pending.text,
      reasoning: this.#draining.reasoning + this.#pending.reasoning,
    };
  }
}
