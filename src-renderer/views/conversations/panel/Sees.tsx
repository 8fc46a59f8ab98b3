import { useEffect, useState } from 'react';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import { runningTurns, type SessionView } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { nameOf } from '../../../state/targets.ts';
import { useAfter, useApp, useConnected, useRoster } from '../../../state/use.ts';
import { type Context, leftOutBecause, partsOf } from '../../../state/window.ts';
import { counted, inThousands } from '../../../ui/format.ts';
import { Running } from '../../../ui/Sign.tsx';
import { useTo } from '../composer/useTo.ts';
import './sees.css';

/** What the next message would be sent with. */
export function Sees({ view }: { view: SessionView }) {
  const to = useTo(view.id, view);
  const roster = useRoster();
  const { context, problem } = useContextOf(view, to);
  if (to === undefined || roster === null || view.head === null) return null;
  const named = nameOf(roster, to);
  if (named.state !== 'ready') return null;
  return (
    <section aria-labelledby="sees" data-sp={named.look?.colour}>
      <h2 id="sees">What {named.name} sees</h2>
      {context !== null ? (
        <Figures context={context} session={view.id} />
      ) : problem !== null ? (
        <p className="small text-3">{problem.message}</p>
      ) : (
        <Waiting />
      )}
    </section>
  );
}

function Waiting() {
  return useAfter(300) ? (
    <p className="row small text-3">
      <Running /> Counting
    </p>
  ) : null;
}

function Figures({ context, session }: { context: Context; session: string }) {
  const app = useApp();
  const { budget, total, estimated, leftOut, first } = context;
  const parts = partsOf(context);
  const about = estimated ? 'about ' : '';
  const scale = Math.max(budget.tokens, total);
  return (
    <>
      <div className="sees-total">
        <div
          className="sees-bar"
          role="img"
          aria-label={`${about}${counted(total, 'token')} of ${counted(budget.tokens, 'token')}`}
        >
          {parts.map(({ kind, tokens }) => (
            <i key={kind} className={`sees-${kind}`} style={{ width: `${(100 * tokens) / scale}%` }} />
          ))}
        </div>
        <span title={estimated ? 'Estimated: this model does not tell how it counts.' : undefined}>
          {about}
          {inThousands(total)} <span className="text-3">of {inThousands(budget.tokens)}</span>
        </span>
      </div>
      <dl className="sees-parts">
        {parts.map(({ kind, label, tokens }) => (
          <div key={kind}>
            <dt className="cut">
              <i className={`sees-${kind}`} aria-hidden="true" />
              {label}
            </dt>
            <dd>{inThousands(tokens)}</dd>
          </div>
        ))}
        {leftOut !== null && (
          <div title={leftOutBecause[leftOut.reason]}>
            <dt>
              <i aria-hidden="true" />
              Left out
            </dt>
            <dd>
              {first === null ? (
                counted(leftOut.messages, 'message')
              ) : (
                <button
                  type="button"
                  className="link"
                  title={`${leftOutBecause[leftOut.reason]} Shows the oldest that is sent.`}
                  onClick={() => app.goTo(session, first)}
                >
                  {counted(leftOut.messages, 'message')}
                </button>
              )}
            </dd>
          </div>
        )}
      </dl>
      {budget.of === 'assumed' && (
        <p className="small text-3">Nobody tells how much this model takes; 32k is assumed, its answer among them.</p>
      )}
    </>
  );
}

/**
 * Asked for anew when a turn has ended, a message was sent, or what goes along was changed; while a turn runs only where
 * nothing is known yet.
 */
function useContextOf(view: SessionView, to: Target | undefined) {
  const app = useApp();
  const connected = useConnected();
  const [known, setKnown] = useState<{ of: string; context: Context | null; problem: ProblemBody | null }>();
  const { id, head, window, pinned } = view;
  const of = JSON.stringify([id, to]);
  const key = JSON.stringify([of, head, window, pinned]);
  const quiet = runningTurns(view).length === 0;
  const wanted = connected && head !== null && to !== undefined && (quiet || known?.of !== of);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for all that it depends on.
  useEffect(() => {
    if (!wanted || to === undefined) return;
    let left = false;
    app.ask('sessions.context', { session: id, to, text: '' }).then(
      (context) => left || setKnown({ of, context, problem: null }),
      (error: unknown) => left || setKnown({ of, context: null, problem: Problem.of(error).toBody() }),
    );
    return () => {
      left = true;
    };
  }, [app, key, wanted, quiet]);
  return known?.of === of ? known : { context: null, problem: null };
}
