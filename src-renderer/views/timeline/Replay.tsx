import { type CSSProperties, type KeyboardEvent, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Timeline } from '../../state/timeline/model.ts';
import { useApp, useConnected, useTrouble } from '../../state/use.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { pressed, shortcutText } from '../shortcuts.ts';
import type { Stage } from './stage.ts';
import { type Speed, speeds } from './stage-state.ts';
import { position } from './ticks.ts';

const STEP_MS = 1000;
const FAR_MS = 10_000;

/** Plays the streams again as they came; the scrubber lies below all tokens. */
export function Replay({ session, stage, version }: { session: string; stage: Stage; version: number }) {
  const { timeline } = stage;
  const { head, playing, speed, end, follow } = useStore(
    stage.store,
    useShallow(({ head, playing, speed, end, follow }) => ({ head, playing, speed, end, follow })),
  );
  const connected = useConnected();
  const place = head ?? end;
  const time = (at: number) => timeline.axis.time(at) - timeline.start;
  const live = timeline.running.size > 0 && connected;
  // The end is not where one looks.
  const away = head !== null || (live && !follow);
  const words = `${position(time(place))} of ${position(time(end))}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -STEP_MS, ArrowRight: STEP_MS, PageDown: -FAR_MS, PageUp: FAR_MS }[event.key];
    if (pressed(event, 'play') || event.key === ' ') stage.play();
    else if (event.key === 'Home') stage.seek(0, true);
    else if (event.key === 'End') stage.followLive();
    else if (step !== undefined) stage.seek(place + step * (event.shiftKey ? 10 : 1), true);
    else return;
    event.preventDefault();
  };
  return (
    <div className="tl-replay">
      <button
        type="button"
        className="button primary icon"
        aria-label={playing ? 'Pause' : 'Play'}
        title={`${playing ? 'Pause' : 'Play'} (${shortcutText('play')})`}
        onClick={() => stage.play()}
      >
        <Sign name={playing ? 'pause' : 'play'} />
      </button>
      <span className="tl-position">
        {position(time(place))} <span className="text-3">of {position(time(end))}</span>
        {live && head === null && <span className="text-3">, live</span>}
      </span>
      <div className="tl-scrub" style={{ '--at': end === 0 ? 1 : place / end } as CSSProperties}>
        <Density timeline={timeline} version={version} end={end} />
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={words}
          min={0}
          max={Math.max(1, Math.round(end))}
          step={1}
          value={Math.round(place)}
          onChange={(event) => stage.seek(Number(event.target.value), true)}
          onKeyDown={onKeyDown}
        />
      </div>
      <button
        type="button"
        className="button bare icon small tl-to-end"
        aria-label={live ? 'Go live' : 'To the end'}
        title={`${live ? 'Go live' : 'To the end'} (${shortcutText('live')})`}
        aria-hidden={!away}
        tabIndex={away ? 0 : -1}
        onClick={() => stage.followLive()}
      >
        <Sign name="end" dense />
      </button>
      <Segments<string>
        label="Speed"
        options={speeds.map((each) => ({ value: String(each), label: `${each}x` }))}
        value={String(speed)}
        onValue={(value) => stage.store.setState({ speed: Number(value) as Speed })}
      />
      <Fork session={session} stage={stage} />
    </div>
  );
}

const POINTS = 96;

/** All tokens from the beginning to the end. */
function Density({ timeline, version, end }: { timeline: Timeline; version: number; end: number }) {
  // It grows with what comes, not with every frame.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it was computed for
  const line = useMemo(() => {
    const step = Math.max(250, end / POINTS);
    const values = Array.from({ length: POINTS }, (_, index) =>
      timeline.rate.between(index * step, (index + 1) * step),
    );
    const most = Math.max(...values, 1);
    const points = values.map((value, index) => `${index} ${(19 - (Math.max(0, value) / most) * 17).toFixed(1)}`);
    return points.join(' ');
  }, [timeline, version, Math.round(end / 1000)]);
  return (
    <svg viewBox={`0 0 ${POINTS - 1} 20`} preserveAspectRatio="none" aria-hidden="true">
      <path className="curve-area" d={`M${line} L${POINTS - 1} 20 L0 20z`} />
      <path className="curve-line" d={`M${line}`} />
    </svg>
  );
}

/** A copy of the session up to the playhead, as a session of its own; shown once it is whole. */
function Fork({ session, stage }: { session: string; stage: Stage }) {
  const app = useApp();
  const connected = useConnected();
  const place = `fork ${session}`;
  const trouble = useTrouble(place);
  const [forking, setForking] = useState(false);
  const fork = async () => {
    const seq = stage.headSeq;
    if (seq === undefined) return;
    setForking(true);
    const leave = app.jobs.show();
    try {
      const into = app.newId();
      const given = await app.act(place, 'sessions.fork', { session, into, at: { seq } });
      if (given === undefined) return;
      const { state, problem } = await app.jobs.ended(given.job);
      if (state === 'done') app.goTo(into);
      else if (problem !== null) app.troubles.setState({ [place]: problem as typeof trouble & object });
    } finally {
      leave();
      setForking(false);
    }
  };
  return (
    <>
      <button type="button" className="button" disabled={forking || !connected} onClick={() => void fork()}>
        <Sign name="branch" dense />
        {forking ? 'Forking' : 'Fork from here'}
      </button>
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />}
    </>
  );
}
