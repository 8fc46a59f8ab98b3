import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallParams, CallResult } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { QueryName } from './app.ts';
import { useApp } from './use.ts';

interface Told<M extends QueryName> {
  /** The newest one; undefined until there is one. */
  answer: CallResult<M> | undefined;
  problem: ProblemBody | undefined;
}

interface Answer<M extends QueryName> extends Told<M> {
  /** Resolves when the newest answer is here. */
  again: () => Promise<void>;
}

/** Asks when the view appears, and again when `since` changes; meanwhile the answer of before stays. */
export function useAnswer<M extends QueryName>(method: M, params: CallParams<M>, since?: unknown): Answer<M> {
  const app = useApp();
  const [told, setTold] = useState<Told<M>>({ answer: undefined, problem: undefined });
  const asked = JSON.stringify(params);
  const newest = useRef<Promise<void>>(undefined);
  const again = useCallback(async () => {
    const ask = async () => {
      let told: (before: Told<M>) => Told<M>;
      try {
        const answer = await app.ask(method, JSON.parse(asked) as CallParams<M>);
        told = () => ({ answer, problem: undefined });
      } catch (error) {
        told = ({ answer }) => ({ answer, problem: Problem.of(error).toBody() });
      }
      if (newest.current === asking) setTold(told);
    };
    const asking: Promise<void> = ask();
    newest.current = asking;
    // Another question may have been asked meanwhile: its answer is the newer one.
    for (let awaited = asking; ; awaited = newest.current) {
      await awaited;
      if (newest.current === undefined || newest.current === awaited) return;
    }
  }, [app, method, asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it is asked again for
  useEffect(() => {
    void again();
  }, [again, since]);
  // Who has left is not told.
  useEffect(
    () => () => {
      newest.current = undefined;
    },
    [],
  );
  return { ...told, again };
}
