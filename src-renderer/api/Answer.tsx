import { useLayoutEffect, useRef } from 'react';
import { CopyButton } from '../ui/CopyButton.tsx';
import { counted, duration } from '../ui/format.ts';
import { Dot, Running, Sign } from '../ui/Sign.tsx';
import { gist } from './gist.ts';
import type { Exchange, ShownEvent } from './send.ts';

/** What came back, as it comes. */
export function Answer({ exchange }: { exchange: Exchange | null }) {
  return (
    <section className="api-answer" aria-label="Answer">
      {exchange === null ? (
        <>
          <header className="api-head text-3">Answer</header>
          <div className="api-body">
            <p className="api-empty">
              What comes back appears here: the status, the headers that matter, and each event of a stream as it comes.
            </p>
          </div>
        </>
      ) : (
        <>
          <header className="api-head">
            <Status exchange={exchange} />
          </header>
          <div className="api-body">
            {exchange.headers.length > 0 && (
              <dl className="api-headers mono">
                {exchange.headers.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
            {exchange.state === 'failed' ? (
              <div className="error-block">
                <Sign name="warn" />
                <div>
                  <b>There was no answer.</b> Choragus cannot be reached, or the connection was lost. Send it again.
                </div>
              </div>
            ) : exchange.eventCount > 0 ? (
              <Events exchange={exchange} />
            ) : (
              exchange.body !== '' && <Body text={exchange.body} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

function Status({ exchange }: { exchange: Exchange }) {
  const { state, status, statusText, eventCount, firstMs, totalMs } = exchange;
  const good = status !== null && status < 400;
  const figures = [
    firstMs === null ? '' : `first byte ${duration(firstMs)}`,
    totalMs === null ? '' : `all ${duration(totalMs)}`,
    eventCount === 0 ? '' : counted(eventCount, 'event'),
  ].filter((each) => each !== '');
  return (
    <div className="api-status" role="status">
      {status !== null && (
        <span className={`row strong ${good ? 'ok' : 'error'}`}>
          <Dot kind={good ? 'full' : 'ring'} />
          {status} {statusText}
        </span>
      )}
      {(state === 'waiting' || state === 'streaming') && (
        <span className="row text-2">
          <Running /> {state}
        </span>
      )}
      {state === 'left' && <span className="warn">hung up</span>}
      <span className="text-3 small cut api-figures">{figures.join(' · ')}</span>
    </div>
  );
}

function Events({ exchange: { events, eventCount } }: { exchange: Exchange }) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  // Follows the newest, unless one reads further up.
  useLayoutEffect(() => {
    if (atEnd.current && eventCount > 0 && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [eventCount]);
  const left = eventCount - events.length;
  return (
    <>
      {left > 0 && <p className="text-3 small">{counted(left, 'earlier event')} not shown.</p>}
      <ol
        ref={list}
        className="api-events mono"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 8;
        }}
      >
        {events.map((event) => (
          <EventRow key={event.number} event={event} />
        ))}
      </ol>
    </>
  );
}

/** In one line what tells this event from the others; opened, it is as it came. */
function EventRow({ event: { id, data, ms } }: { event: ShownEvent }) {
  const { type, facts } = gist(data);
  return (
    <li>
      <details>
        <summary className="inset">
          <span className="api-ms">{duration(ms)}</span>
          <b className={type === 'error' ? 'error' : ''}>{type}</b>
          <span className="api-facts">
            {facts.map(([name, value]) => (
              <span key={name}>
                <i>{name}</i> {value}{' '}
              </span>
            ))}
          </span>
        </summary>
        <pre className="mono">{`id: ${id}\ndata: ${data}`}</pre>
      </details>
    </li>
  );
}

function Body({ text }: { text: string }) {
  const shown = pretty(text);
  return (
    <div className="api-json">
      <CopyButton text={() => shown} what="the answer" />
      <pre className="mono">{shown}</pre>
    </div>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
