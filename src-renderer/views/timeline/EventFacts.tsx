import { useMemo } from 'react';
import { useAfter } from '../../state/use.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { fullTime } from '../../ui/time.ts';
import type { Stage } from './stage.ts';
import { elapsed } from './ticks.ts';
import { eventWords } from './words.ts';

const exact = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** One event, whole. */
export function EventFacts({ session, stage, seq }: { session: string; stage: Stage; seq: number }) {
  const { timeline } = stage;
  const { answer, problem } = useAnswer('timeline.event', { session, seq });
  const late = useAfter(300);
  const index = timeline.indexOf(seq);
  const known = timeline.events[index];
  const bar = known && timeline.barOf(known);
  const json = useMemo(() => (answer === undefined ? undefined : JSON.stringify(answer.event.data, null, 2)), [answer]);
  return (
    <>
      <section>
        <div className="tl-turn-head">
          <b className="cut">{known?.type ?? 'Event'}</b>
          <span className="grow" />
          <span className="text-3 small tl-number">event {seq}</span>
        </div>
        {known !== undefined && (
          <>
            <p className="text-2">{eventWords(timeline, known)}</p>
            <dl className="tl-facts">
              <dt>Time</dt>
              <dd title={fullTime(known.at)}>
                {elapsed(timeline.times[index]! - timeline.start, 2)}{' '}
                <span className="text-3">{exact.format(known.at)}</span>
              </dd>
              {answer !== undefined && (
                <>
                  <dt>Version</dt>
                  <dd>{answer.event.version}</dd>
                </>
              )}
            </dl>
          </>
        )}
        {bar !== undefined && (
          <button
            type="button"
            className="button small tl-open"
            onClick={() => stage.select({ kind: 'turn', turn: bar.turn })}
          >
            Its turn
          </button>
        )}
      </section>
      <section className="tl-data">
        <div className="row">
          <h2 className="grow">Data</h2>
          {json !== undefined && <CopyButton what="the event as JSON" text={() => json} />}
        </div>
        {problem !== undefined && answer === undefined ? (
          <p className="text-2" role="alert">
            {problem.message} {problem.next}
          </p>
        ) : json === undefined ? (
          <p className="text-3">{late ? 'Loading the event' : ' '}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
          <pre className="tl-json" tabIndex={0}>
            {json}
          </pre>
        )}
      </section>
    </>
  );
}
