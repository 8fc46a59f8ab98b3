import type { Event, EventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { EndState, FinishReason, Usage } from '#shared/domain/things.ts';
import type { Deferred } from '../../log/log.ts';
import { type ProviderPart, ProviderRefusal } from '../../providers/provider.ts';
import { waitBefore } from './backoff.ts';
import { estimateTokens, Meter } from './meter.ts';
import { OverlapFilter } from './overlap.ts';
import type { TurnDependencies, TurnEvent, TurnSpec } from './ports.ts';
import { Watchdog } from './watchdog.ts';

/** Longest text and longest reasoning of a turn, in UTF-16 units: about 75,000 tokens, and below a frame of the wire. */
const MOST_UNITS = 300_000;
/** After a commit of the end failed (disk full, say), it is tried again this much later. */
const COMMIT_AGAIN_MS = 1_000;

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
    for (let attempt = 1; this.#end === undefined; attempt++) {
      this.#tell({ type: 'turn.connecting', data: { turn: this.#spec.turn, attempt } });
      const refusal = await this.#attempt(stream);
      if (refusal === undefined || this.#end !== undefined) break;
      const { code } = refusal.problem;
      if (stream && (code === 'PROVIDER_CANNOT_STREAM' || code === 'PROVIDER_EMPTY')) {
        stream = false;
        this.#buffered = true;
        attempt--;
        continue;
      }
      const { retries } = this.#deps.limits;
      const ms = refusal.retryable ? waitBefore(attempt, refusal.retryAfterMs, this.#deps.random) : null;
      if (ms === null || attempt > retries) this.#finish({ state: 'failed', finish: null, problem: refusal.problem });
      else await this.#wait(attempt, ms, refusal.problem);
    }
  }

  /** Closes the provider's socket at once; what came is kept. */
  stop(state: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#finish({ state, finish: null, problem: null });
  }

  /** One request. Returns the refusal when it failed before its first part; otherwise the turn has its end. */
  async #attempt(stream: boolean): Promise<ProviderRefusal | undefined> {
    const { provider, request } = this.#spec;
    // Each attempt has a signal of its own: a stall before the first part ends the attempt, not the turn.
    const attempt = new AbortController();
    const stop = () => attempt.abort(this.#abort.signal.reason);
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    let started = false;
    let stalled: ((refusal: ProviderRefusal) => void) | undefined;
    const silence = new Promise<ProviderRefusal>((resolve) => {
      stalled = resolve;
    });
    const watchdog = new Watchdog(this.#deps.clock, this.#deps.limits.stallMs, () => {
      const problem = this.#stall(started);
      if (started) this.#finish({ state: 'failed', finish: null, problem });
      attempt.abort(problem);
      stalled?.(new ProviderRefusal(problem, false));
    });
    const reading = (async () => {
      try {
        for await (const part of provider.chat({ ...request, stream }, attempt.signal)) {
          if (this.#end !== undefined || attempt.signal.aborted) return;
          watchdog.heard();
          if (part.type === 'start') {
            started = true;
            if (part.buffered || !stream) this.#markBuffered();
          } else this.#take(part);
        }
        if (this.#end === undefined) this.#brokeOff();
      } catch (error) {
        if (this.#end !== undefined || attempt.signal.aborted) return;
        if (error instanceof ProviderRefusal && !started) return error;
        this.#finish({ state: 'failed', finish: null, problem: this.#unexpected(error) });
      }
    })();
    try {
      // A provider that ignores the abort must not hold the turn: its reading is left behind.
      const stopped = new Promise<undefined>((resolve) => {
        this.#wake = () => resolve(undefined);
      });
      return await Promise.race([reading, silence, stopped]);
    } finally {
      watchdog.stop();
      this.#abort.signal.removeEventListener('abort', stop);
    }
  }

  #take(part: Exclude<ProviderPart, { type: 'start' }>): void {
    switch (part.type) {
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
      case 'finish':
        this.#finish({ state: 'done', finish: part.reason, problem: null });
        break;
      case 'error':
        this.#finish({ state: 'failed', finish: null, problem: part.problem });
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
    const committed = what === 'text' ? this.#text.length : this.#reasoning.length;
    const room = MOST_UNITS - committed - this.#pending[what].length;
    this.#pending[what] += piece.slice(0, Math.max(0, room));
    if (piece.length <= room) {
      this.#deps.log.defer(this);
      return;
    }
    const problem = new Problem(
      'LIMIT',
      `The ${what === 'text' ? 'answer' : 'reasoning'} passed ${MOST_UNITS.toLocaleString('en')} characters.`,
      'Ask for less at once, or for the rest in a new message.',
    );
    this.#finish({ state: 'failed', finish: null, problem });
  }

  async #wait(attempt: number, ms: number, problem: Problem): Promise<void> {
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

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#text += this.#pending.text + (this.#overlap?.end() ?? '');
    this.#reasoning += this.#pending.reasoning;
    this.#pending = { text: '', reasoning: '' };
    this.#abort.abort(end.problem ?? new Problem('STOPPED', 'The turn was stopped.'));
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

  #markBuffered(): void {
    this.#buffered = true;
    this.#deps.observations.cannotStream(this.#spec.provider.id, this.#spec.request.model);
  }

  #stall(started: boolean): Problem {
    const seconds = Math.round(this.#deps.limits.stallMs / 1000);
    return new Problem(
      'PROVIDER_STALLED',
      `${this.#spec.speaker.providerName} sent nothing for ${seconds} s.`,
      started
        ? 'Continue from here, or retry.'
        : 'Look whether it is still loading the model, then retry; the limit is `limits.stallMs`.',
    );
  }

  #brokeOff(): void {
    const problem = new Problem(
      'PROVIDER_BROKE_OFF',
      `${this.#spec.speaker.providerName} ended the answer without a finish.`,
      'Continue from here, or retry.',
    );
    this.#finish({ state: 'failed', finish: null, problem });
  }

  #unexpected(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof ProviderRefusal) return error.problem;
    this.#deps.logger.warn({ turn: this.#spec.turn, error: String(error) }, 'A provider adapter threw.');
    return Problem.of(error);
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
