import { Problem, type ProblemBody, type ProblemCode } from '#shared/domain/problem.ts';
import type { Usage } from '#shared/domain/things.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Provider, type ProviderPart, ProviderRefusal } from '../../providers/provider.ts';
import type { Providers } from './providers.ts';
import { within } from './within.ts';

/** An answer that took longer than this has not come. */
const ANSWER_MS = 30_000;
/** Room for a model that thinks before it speaks. */
const MOST_TOKENS = 256;
/** So much text tells the speed; nobody reads it. */
const ENOUGH_UNITS = 400;
/** Characters of a token, about, where the provider does not count. */
const UNITS_PER_TOKEN = 4;
/** Refusals after which the whole answer is asked for instead. */
const wholeInstead: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['PROVIDER_CANNOT_STREAM', 'PROVIDER_EMPTY']);
/** A speed over less than this says nothing. */
const LEAST = { tokens: 8, ms: 20 };

export interface TrialResult {
  models: { count: number; ms: number } | null;
  answer: { model: string; firstTokenMs: number; tokensPerSecond: number | null; buffered: boolean } | null;
  problem: Pick<ProblemBody, 'message' | 'next'> | null;
}

/** Tries providers out with real requests that belong to no session. One trial of a provider at a time. */
export class Trials {
  readonly #providers: Providers;
  readonly #clock: Clock;
  /** By the provider as it was then: one that was changed since is another. */
  readonly #running = new Map<Provider, { model: string | undefined; result: Promise<TrialResult> }>();

  constructor(providers: Providers, clock: Clock) {
    this.#providers = providers;
    this.#clock = clock;
  }

  /** Its models, then a short answer of one of them: the first when none is named. Throws NOT_FOUND, CONFLICT or BUSY. */
  async run(id: string, model?: string): Promise<TrialResult> {
    const provider = this.#providers.usable(id);
    const running = this.#running.get(provider);
    if (running !== undefined) {
      if (running.model === model) return running.result;
      throw new Problem('BUSY', `${provider.name} is being tested just now.`, 'Wait for the result, then test again.');
    }
    const result = this.#try(provider, model);
    this.#running.set(provider, { model, result });
    try {
      return await result;
    } finally {
      this.#running.delete(provider);
    }
  }

  async #try(provider: Provider, named: string | undefined): Promise<TrialResult> {
    const begun = this.#clock.monotonic();
    const unlisted = await this.#providers.check(provider.id);
    const ms = round(this.#clock.monotonic() - begun);
    const { models: known, fixedModels } = this.#providers.info(provider.id);
    const models = fixedModels || unlisted !== null ? null : { count: known.length, ms };
    const model = named ?? (unlisted === null ? known[0]?.id : undefined);
    if (model === undefined) return { models, answer: null, problem: told(unlisted ?? noModel(provider)) };
    try {
      const stream = this.#providers.streams(provider.id, model);
      return { models, answer: await this.#answer(provider, model, stream), problem: unlisted && told(unlisted) };
    } catch (error) {
      const problem = error instanceof ProviderRefusal ? error.problem : Problem.of(error);
      return { models, answer: null, problem: told(unlisted ?? problem) };
    }
  }

  /** Asked for whole when it cannot be streamed. Throws what went wrong. */
  async #answer(provider: Provider, model: string, streams: boolean): Promise<NonNullable<TrialResult['answer']>> {
    const late = new Problem(
      'TIMEOUT',
      `${model} of ${provider.name} did not answer within ${ANSWER_MS / 1000} s.`,
      'See whether it is still loading the model, then test again.',
    );
    let stream = streams;
    let meter = new Meter(this.#clock);
    const work = async (signal: AbortSignal) => {
      try {
        await read(provider, model, stream, meter, signal);
      } catch (error) {
        if (!stream || !(error instanceof ProviderRefusal) || !wholeInstead.has(error.problem.code)) throw error;
        stream = false;
        meter = new Meter(this.#clock);
        await read(provider, model, stream, meter, signal);
      }
    };
    await within(this.#clock, ANSWER_MS, () => late, work).catch((error: unknown) => {
      // What came in time is an answer as well.
      if (error !== late || meter.firstTokenMs === null) throw error;
    });
    const { firstTokenMs } = meter;
    if (firstTokenMs === null)
      throw new Problem('PROVIDER_EMPTY', `${model} of ${provider.name} answered with nothing.`, 'Try another model.');
    const buffered = meter.buffered || !stream;
    return { model, firstTokenMs, tokensPerSecond: buffered ? null : meter.tokensPerSecond, buffered };
  }
}

/** Until the end, or until there is enough. */
async function read(
  provider: Provider,
  model: string,
  stream: boolean,
  meter: Meter,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    model,
    system: undefined,
    messages: [{ role: 'user' as const, text: 'Say OK.' }],
    prefill: false,
    maxTokens: MOST_TOKENS,
    temperature: undefined,
    stream,
    session: '',
  };
  const enough = new AbortController();
  let problem: Problem | undefined;
  const take = (part: ProviderPart) => {
    if (part.type === 'error') problem = part.problem;
    else if (part.type === 'start') meter.buffered ||= part.buffered === true;
    else if (part.type === 'delta' || part.type === 'reasoning') meter.came(part.text.length);
    else if (part.type === 'usage') meter.counted(part.usage);
    // Its socket is closed at once.
    if (meter.units >= ENOUGH_UNITS) enough.abort();
  };
  try {
    await provider.chat(request, AbortSignal.any([signal, enough.signal]), take);
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  if (problem !== undefined) throw problem;
}

/** Measures one answer on the monotonic clock. */
class Meter {
  buffered = false;
  units = 0;
  firstTokenMs: number | null = null;
  readonly #clock: Clock;
  readonly #begun: number;
  #lastMs = 0;
  #tokens: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#begun = clock.monotonic();
  }

  came(units: number): void {
    if (units === 0) return;
    this.#lastMs = round(this.#clock.monotonic() - this.#begun);
    this.firstTokenMs ??= this.#lastMs;
    this.units += units;
  }

  counted({ output }: Usage): void {
    this.#tokens = output ?? this.#tokens;
  }

  /** Null: too short to tell. */
  get tokensPerSecond(): number | null {
    const tokens = this.#tokens ?? Math.ceil(this.units / UNITS_PER_TOKEN);
    const ms = this.#lastMs - (this.firstTokenMs ?? 0);
    return tokens < LEAST.tokens || ms < LEAST.ms ? null : round((tokens * 1000) / ms);
  }
}

const noModel = ({ name }: Provider): ProblemBody =>
  new Problem(
    'PROVIDER_EMPTY',
    `${name} answers, but offers no model.`,
    'Load a model there, then test again.',
  ).toBody();

const told = (problem: ProblemBody | Problem): TrialResult['problem'] => {
  const { message, next } = problem;
  return next === undefined ? { message } : { message, next };
};

const round = (ms: number) => Math.round(ms * 10) / 10;
