import { useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { isRunning } from '#shared/domain/things.ts';
import { sessionHref } from '../../state/route.ts';
import { type Bar, streamed } from '../../state/timeline/bar.ts';
import { momentOf, rateRange } from '../../state/timeline/moment.ts';
import { useConnected, useLook } from '../../state/use.ts';
import { count, counted, duration, perSecond } from '../../ui/format.ts';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { stateWords } from './names.ts';
import { SentSummary } from './SentSummary.tsx';
import type { Stage } from './stage.ts';
import { TurnText } from './TurnText.tsx';

interface TurnFactsProps {
  session: string;
  stage: Stage;
  bar: Bar;
}

/** A turn: how long each part of it took, what was really sent, what it cost, and its text as far as it had come. */
export function TurnFacts({ session, stage, bar }: TurnFactsProps) {
  const { head, replay, end } = useStore(
    stage.store,
    useShallow(({ head, replay, end }) => ({ head, replay, end })),
  );
  const connected = useConnected();
  const place = replay && head !== null ? head : end;
  const now = stage.timeline.axis.time(place);
  const live = isRunning(bar.state);
  // Before it was asked for there is nothing to tell; then all of it is shown.
  const time = replay && now >= bar.start ? Math.min(now, bar.end ?? now) : (bar.end ?? now);
  const moment = momentOf(bar, time);
  return (
    <>
      <section data-sp={useLook(bar.speaker)?.colour}>
        <TurnHead bar={bar} connected={connected} />
        <Split bar={bar} until={time} />
        <dl className="tl-facts">
          <Times bar={bar} until={time} />
          {moment !== null && <RateFact bar={bar} now={moment.rate} />}
        </dl>
        {bar.problem !== null && <Failed bar={bar} />}
      </section>
      <SentSummary session={session} bar={bar} />
      <section>
        <h2>Usage</h2>
        <dl className="tl-facts">
          <UsageFacts bar={bar} />
          <dt>Model</dt>
          <dd className="cut" title={`${bar.speaker.model} on ${bar.speaker.providerName}`}>
            {bar.speaker.model}
          </dd>
          <dt>Provider</dt>
          <dd className="cut">{bar.speaker.providerName}</dd>
          <dt>Events</dt>
          <dd>
            <button
              type="button"
              className="link mono"
              title="Show its first event in the list"
              onClick={() => stage.select({ kind: 'event', seq: bar.seq })}
            >
              {bar.seq === bar.lastSeq ? bar.seq : `${bar.seq} to ${bar.lastSeq}`}
            </button>
          </dd>
        </dl>
      </section>
      <section>
        <h2>{live || moment?.phase === 'streaming' ? 'Answer so far' : 'Answer'}</h2>
        <TurnText session={session} bar={bar} length={moment?.length ?? null} streams={moment?.phase === 'streaming'} />
        <a className="button small tl-open" href={sessionHref(session, bar.turn)}>
          Open in the conversation
        </a>
      </section>
    </>
  );
}

function TurnHead({ bar, connected }: { bar: Bar; connected: boolean }) {
  const look = useLook(bar.speaker);
  const { state } = bar;
  const live = isRunning(state);
  const tone = state === 'failed' ? ' error' : state === 'interrupted' ? ' warn' : live && connected ? ' info' : '';
  return (
    <div className="tl-turn-head">
      <Glyph look={look} />
      <b className="cut">{bar.speaker.name}</b>
      <span className={`tag${tone}`}>{live && !connected ? `last seen ${stateWords[state]}` : stateWords[state]}</span>
      {bar.buffered && <span className="tag">buffered</span>}
      {bar.speaker.offline && <span className="tag">offline model</span>}
      <span className="grow" />
      <span className="text-3 small tl-number">turn {count(bar.number)}</span>
    </div>
  );
}

/** The three parts of a turn, each as wide as it was long. */
function Split({ bar, until }: { bar: Bar; until: number }) {
  const { start, work, first } = bar;
  const [out, token] = [Math.min(until, work ?? until), Math.min(until, first ?? until)];
  const parts = [
    ['queue', out - start],
    ['first', token - out],
    ['stream', until - token],
  ] as const;
  return (
    <div className="tl-split" aria-hidden="true">
      {parts.map(([name, ms]) => ms > 0 && <i key={name} className={`tl-key tl-${name}`} style={{ flexGrow: ms }} />)}
    </div>
  );
}

function Times({ bar, until }: { bar: Bar; until: number }) {
  const { start, work, first, end, waits } = bar;
  const soFar = end === null ? ' so far' : '';
  const queue = Math.min(until, work ?? until) - start;
  return (
    <>
      <dt>Queue</dt>
      <dd>{queue < 1 ? 'none' : `${duration(queue)}${work === null ? soFar : ''}`}</dd>
      <dt>First token</dt>
      <dd>
        {work === null
          ? 'none yet'
          : first === null
            ? end === null
              ? `${duration(Math.max(0, until - work))}${soFar}`
              : 'none came'
            : duration(first - work)}
      </dd>
      {waits.length > 0 && (
        <>
          <dt>Tries</dt>
          <dd className="warn">{counted(waits.length + 1, 'try', 'tries')}</dd>
        </>
      )}
      {first !== null && (
        <>
          <dt>{bar.buffered ? 'Whole answer' : 'Streaming'}</dt>
          <dd>
            {duration(Math.max(0, until - first))}
            {soFar}
          </dd>
        </>
      )}
    </>
  );
}

function RateFact({ bar, now }: { bar: Bar; now: number | null }) {
  const rate = now ?? bar.timing?.tokensPerSecond ?? null;
  if (!streamed(bar) || rate === null) return null;
  const range = rateRange(bar);
  return (
    <>
      <dt>Rate</dt>
      <dd>
        {perSecond(rate)}
        {range !== null && (
          <span className="text-3">
            {' '}
            {count(range.least)} to {count(range.most)}
          </span>
        )}
      </dd>
    </>
  );
}

function UsageFacts({ bar: { usage } }: { bar: Bar }) {
  const tokens = (value: number | undefined) =>
    value === undefined ? 'not told' : `${usage?.estimated ? 'about ' : ''}${counted(value, 'token')}`;
  return (
    <>
      <dt>Prompt</dt>
      <dd>{usage?.input === undefined ? 'not told' : counted(usage.input, 'token')}</dd>
      <dt>Answer</dt>
      <dd>{tokens(usage?.output)}</dd>
      {usage?.reasoning !== undefined && (
        <>
          <dt>Reasoning</dt>
          <dd>{counted(usage.reasoning, 'token')}</dd>
        </>
      )}
    </>
  );
}

function Failed({ bar }: { bar: Bar }) {
  const [open, setOpen] = useState(false);
  const { problem } = bar;
  return (
    <div className="error-block tl-failed">
      <Sign name="warn" />
      <div className="grow">
        <b>{problem?.message}</b>
        {problem?.next !== undefined && <p className="text-2">{problem.next}</p>}
        <button type="button" className="button bare small" aria-expanded={open} onClick={() => setOpen(!open)}>
          What happened
        </button>
        {open && <p className="mono text-2">{problem?.code}</p>}
      </div>
    </div>
  );
}
