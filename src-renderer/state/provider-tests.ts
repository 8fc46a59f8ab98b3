import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams, CallResult } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';

export type TestResult = CallResult<'providers.test'>;

/** `at`: wall clock of the beginning. `result` is null while it runs. */
export interface ProviderTest {
  running: boolean;
  at: number;
  result: TestResult | null;
}

type Ask = (params: CallParams<'providers.test'>) => Promise<TestResult>;

/** The newest test of each provider. It goes on, and is remembered, while another view is open. */
export class ProviderTests {
  readonly store: StoreApi<Readonly<Record<string, ProviderTest>>> = createStore(() => ({}));
  readonly #ask: Ask;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(ask: Ask, clock: Pick<Clock, 'now'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** One at a time for each provider. */
  async run(provider: string, model?: string): Promise<void> {
    const before = this.store.getState()[provider];
    if (before?.running) return;
    const at = this.#clock.now();
    this.store.setState({ [provider]: { running: true, at, result: null } });
    let result: TestResult;
    try {
      result = await this.#ask(model === undefined ? { provider } : { provider, model });
    } catch (error) {
      const { message, next } = Problem.of(error);
      result = { models: null, answer: null, problem: next === undefined ? { message } : { message, next } };
    }
    this.store.setState({ [provider]: { running: false, at, result } });
  }

  /** What it showed is no longer so: the provider was changed. A running test is left alone. */
  forget(provider: string): void {
    const { [provider]: test, ...rest } = this.store.getState();
    if (test !== undefined && !test.running) this.store.setState(rest, true);
  }
}
