import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams, CallResult } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';

export type TestResult = CallResult<'providers.test'>;

/** `at`: wall clock of the beginning. `result` is null while it runs, and when the test was not finished. */
export interface ProviderTest {
  running: boolean;
  at: number;
  result: TestResult | null;
  /** Why nobody knows how it would have ended; it says nothing about the provider. */
  unfinished: Pick<ProblemBody, 'message' | 'next'> | null;
}

type Ask = (params: CallParams<'providers.test'>) => Promise<TestResult>;

/** The newest test of each provider. It goes on, and is remembered, while another view is open. */
export class ProviderTests {
  readonly store: StoreApi<Readonly<Record<string, ProviderTest>>> = createStore(() => ({}));
  readonly #ask: Ask;
  readonly #clock: Pick<Clock, 'now'>;
  /** The number of the newest test of each provider: what another one answers is of settings that are no more. */
  readonly #numbers = new Map<string, number>();

  constructor(ask: Ask, clock: Pick<Clock, 'now'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** One at a time for each provider. */
  async run(provider: string, model?: string): Promise<void> {
    if (this.store.getState()[provider]?.running) return;
    const number = this.#raise(provider);
    const at = this.#clock.now();
    const test: ProviderTest = { running: true, at, result: null, unfinished: null };
    this.store.setState({ [provider]: test });
    const ended = { ...test, running: false };
    try {
      ended.result = await this.#ask(model === undefined ? { provider } : { provider, model });
    } catch (error) {
      ended.unfinished = whyUnfinished(Problem.of(error));
    }
    if (this.#numbers.get(provider) === number) this.store.setState({ [provider]: ended });
  }

  /** The provider was changed: what a test showed is no longer so, nor is what a running one will show. */
  forget(provider: string): void {
    this.#raise(provider);
    const { [provider]: _, ...rest } = this.store.getState();
    this.store.setState(rest, true);
  }

  #raise(provider: string): number {
    const number = (this.#numbers.get(provider) ?? 0) + 1;
    this.#numbers.set(provider, number);
    return number;
  }
}

/** A lost connection is told in words of this window. */
function whyUnfinished({ code, message, next }: Problem): NonNullable<ProviderTest['unfinished']> {
  if (code === 'DISCONNECTED')
    return { message: 'The test was not finished: the connection was lost.', next: 'Test it again.' };
  return next === undefined ? { message } : { message, next };
}
