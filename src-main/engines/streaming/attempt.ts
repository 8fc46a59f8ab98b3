import { Problem } from '#shared/domain/problem.ts';
import type { FinishReason } from '#shared/domain/things.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type ChatRequest, type Provider, type ProviderPart, ProviderRefusal } from '../../providers/provider.ts';
import { Watchdog } from './watchdog.ts';

/** An answer that is asked for whole is silent until it is complete; it may take this many times as long. */
const WHOLE_PATIENCE = 10;

/** Every part but the last. */
export type MiddlePart = Exclude<ProviderPart, { type: 'finish' | 'error' }>;

/** How one request ended. `refused`: before its first part, so that another one may be made. */
export type Outcome =
  | { kind: 'finished'; reason: FinishReason }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'refused'; refusal: ProviderRefusal };

export interface AttemptOptions {
  provider: Provider;
  request: ChatRequest;
  clock: Clock;
  /** Longest silence, in ms; where `take` asks for patience, it is none. */
  stallMs: number;
  /** Gets every part but the last. */
  take: (part: MiddlePart) => void | Promise<void>;
  signal: AbortSignal;
}

/**
 * One request to a provider. Never rejects. Resolves at the abort of `signal` (undefined) without waiting for the
 * provider: one that ignores its signal is left behind, and nothing of it is taken any more.
 */
export function attempt(options: AttemptOptions): Promise<Outcome | undefined> {
  const { provider, request, clock, take, signal } = options;
  const stallMs = options.stallMs * (request.stream ? 1 : WHOLE_PATIENCE);
  const own = new AbortController();
  return new Promise((resolve) => {
    let over = false;
    let started = false;
    const end = (outcome: Outcome | undefined) => {
      if (over) return;
      over = true;
      watchdog.stop();
      signal.removeEventListener('abort', stop);
      resolve(outcome);
    };
    const stop = () => {
      end(undefined);
      own.abort(signal.reason);
    };
    const watchdog = new Watchdog(clock, stallMs, () => {
      const problem = stalled(provider, stallMs, started);
      end(started ? { kind: 'failed', problem } : { kind: 'refused', refusal: new ProviderRefusal(problem, false) });
      own.abort(problem);
    });
    const heard = () => watchdog.heard();
    const hear = (part: ProviderPart) => {
      if (over) return;
      heard();
      if (part.type === 'finish') return end({ kind: 'finished', reason: part.reason });
      if (part.type === 'error') return end({ kind: 'failed', problem: part.problem });
      started ||= part.type === 'start';
      const patience = take(part);
      if (patience !== undefined) watchdog.hold(patience);
      return patience;
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    provider.chat({ ...request, heard }, own.signal, hear).then(
      () => {
        if (!over) end({ kind: 'failed', problem: brokeOff(provider) });
      },
      (error: unknown) => {
        if (over) return;
        if (error instanceof ProviderRefusal && !started) end({ kind: 'refused', refusal: error });
        else end({ kind: 'failed', problem: error instanceof ProviderRefusal ? error.problem : Problem.of(error) });
      },
    );
  });
}

const stalled = ({ name }: Provider, stallMs: number, started: boolean) =>
  new Problem(
    'PROVIDER_STALLED',
    `${name} sent nothing for ${Math.round(stallMs / 1000)} s.`,
    started
      ? 'Continue from here, or retry.'
      : 'Look whether it is still loading the model, then retry; the limit is limits.stallMs.',
  );

const brokeOff = ({ name }: Provider) =>
  new Problem('PROVIDER_BROKE_OFF', `${name} ended the answer without a finish.`, 'Continue from here, or retry.');
