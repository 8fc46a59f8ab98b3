import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import type { ProviderTest } from '../../../state/provider-tests.ts';
import { useAfter, useApp, useConnected } from '../../../state/use.ts';
import { Running, Sign } from '../../../ui/Sign.tsx';
import { messageTime } from '../../../ui/time.ts';
import { type Step, stepsOf, testSaid } from './steps.ts';

/**
 * A real request, step by step; what is wrong with the provider itself is said above. `stale`: what is in the form is
 * not saved, and therefore not tested.
 */
export function TestCard({
  provider: { id, name, enabled, problem, fixedModels },
  stale,
}: {
  provider: ProviderInfo;
  stale: boolean;
}) {
  const app = useApp();
  const connected = useConnected();
  const test = useStore(app.tests.store, (all) => all[id]);
  const running = test?.running ?? false;
  const result = test?.result ?? null;
  const unfinished = test?.unfinished ?? null;
  useSaid(name, test);
  return (
    <section className="test" aria-labelledby={`test-${id}`}>
      <div className="row test-head">
        <h2 className="part-title" id={`test-${id}`}>
          Test
        </h2>
        <span className="grow test-meta">
          {running ? (
            <Asking name={name} />
          ) : !enabled ? (
            <span className="cut">switched off, so it is not asked</span>
          ) : stale ? (
            <span className="cut">tests what is saved</span>
          ) : test !== undefined ? (
            <span className="cut">
              {result?.answer == null ? 'a real request' : `a real request to ${result.answer.model}`},{' '}
              {messageTime(test.at, app.clock.now())}
            </span>
          ) : (
            <span className="cut">a real request, with a short answer</span>
          )}
        </span>
        <button
          type="button"
          className="button"
          aria-disabled={running || !connected || !enabled}
          onClick={() => connected && enabled && void app.tests.run(id)}
        >
          {test !== undefined && !running && <Sign name="retry" dense />}
          {test === undefined || running ? 'Test' : 'Test again'}
        </button>
      </div>
      <ol className="steps">
        {stepsOf(test, fixedModels).map((step) => (
          <StepItem key={step.title} step={step} />
        ))}
      </ol>
      {unfinished !== null && (
        <p className="test-problem">
          {unfinished.message} {unfinished.next}
        </p>
      )}
      {result?.problem != null && result.problem.message !== problem?.message && (
        <p className="test-problem">
          <b>{result.problem.message}</b> {result.problem.next}
        </p>
      )}
    </section>
  );
}

const signs = { ok: 'check', failed: 'close', open: null } as const;

function StepItem({ step: { title, value, state } }: { step: Step }) {
  const sign = signs[state];
  return (
    <li className={`step ${state}`}>
      <span className="step-sign">{sign !== null && <Sign name={sign} dense />}</span>
      <span className="step-title cut" title={title}>
        {title}
      </span>
      <b>{value}</b>
    </li>
  );
}

function Asking({ name }: { name: string }) {
  const late = useAfter(300);
  return (
    late && (
      <span className="row" role="status">
        <Running />
        <span className="cut">Asking {name}</span>
      </span>
    )
  );
}

/** Tells a screen reader how a test ended that was seen running. */
function useSaid(name: string, test: ProviderTest | undefined): void {
  const app = useApp();
  const before = useRef(test);
  useEffect(() => {
    if (test !== before.current && test?.result) app.say(testSaid(name, test.result));
    if (test !== before.current && test?.unfinished) app.say(`${name}: ${test.unfinished.message}`);
    before.current = test;
  }, [app, name, test]);
}
