import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Bar } from '../../state/timeline/bar.ts';
import { type Moment, momentOf, turnsAt } from '../../state/timeline/moment.ts';
import { useApp, useLook } from '../../state/use.ts';
import { counted, duration, perSecond } from '../../ui/format.ts';
import { Glyph } from '../../ui/Sign.tsx';
import type { Stage } from './stage.ts';
import { TurnText } from './TurnText.tsx';
import { position } from './ticks.ts';

/** Texts that are fetched before a replay needs them. */
const AHEAD = 6;

/** Who was at what at the moment of the playhead, and their texts as far as they had come. */
export function MomentFacts({ session, stage }: { session: string; stage: Stage }) {
  const app = useApp();
  const { head, end, playing } = useStore(
    stage.store,
    useShallow(({ head, end, playing }) => ({ head, end, playing })),
  );
  const { timeline } = stage;
  const time = timeline.axis.time(head ?? end);
  const turns = turnsAt(timeline, time);
  const last = turns.at(-1)?.number ?? 0;
  useEffect(() => {
    const next = timeline.bars.slice(last, last + AHEAD).filter((bar) => bar.end !== null);
    if (playing)
      app.texts.want(
        session,
        next.map((bar) => bar.turn),
      );
  }, [app, session, timeline, playing, last]);
  return (
    <>
      <section className="tl-moment">
        <h2>{head === null ? (timeline.running.size > 0 ? 'Now' : 'At the end') : 'At the playhead'}</h2>
        <span className="grow" />
        <span className="text-3 small">{position(time - timeline.start)}</span>
      </section>
      {turns.length === 0 && (
        <section>
          <p className="text-3">Nobody has answered yet at this moment.</p>
        </section>
      )}
      {turns.map((bar) => (
        <TurnNow key={bar.turn} session={session} stage={stage} bar={bar} moment={momentOf(bar, time)} />
      ))}
      <section>
        <p className="text-3 small">Choose a turn or an event to see what was sent and what came.</p>
      </section>
    </>
  );
}

interface TurnNowProps {
  session: string;
  stage: Stage;
  bar: Bar;
  moment: Moment | null;
}

function TurnNow({ session, stage, bar, moment }: TurnNowProps) {
  const look = useLook(bar.speaker);
  if (moment === null) return null;
  const { phase, rate, tokens, length } = moment;
  const facts = [
    phase === 'ended'
      ? bar.state
      : phase === 'first token'
        ? 'to first token'
        : phase === 'queue'
          ? 'in the queue'
          : phase,
    ...(rate === null ? [] : [perSecond(rate)]),
    ...(tokens < 1 ? [] : [`about ${counted(Math.round(tokens), 'token')}`]),
    ...(phase === 'ended' && bar.end !== null ? [duration(bar.end - bar.start)] : []),
  ];
  return (
    <section>
      <button
        type="button"
        className="tl-turn-head tl-pick"
        onClick={() => stage.select({ kind: 'turn', turn: bar.turn })}
      >
        <Glyph look={look} />
        <b className="cut grow">{bar.speaker.name}</b>
        <span className="text-3 small tl-number">turn {bar.number}</span>
      </button>
      <p className="text-3 small">{facts.join(' · ')}</p>
      {length > 0 && <TurnText session={session} bar={bar} length={length} streams={phase === 'streaming'} briefly />}
    </section>
  );
}
