import { useStore } from 'zustand';
import { Sign } from '../../ui/Sign.tsx';
import { EventFacts } from './EventFacts.tsx';
import { MomentFacts } from './MomentFacts.tsx';
import type { Stage } from './stage.ts';
import { TurnFacts } from './TurnFacts.tsx';

interface InspectorProps {
  session: string;
  stage: Stage;
  version: number;
  /** Over the rest, where there is no room beside it. */
  floats: boolean;
}

/** What is selected: a turn or an event; else what ran at the moment of the playhead. */
export function Inspector({ session, stage, version, floats }: InspectorProps) {
  const selected = useStore(stage.store, (state) => state.selected);
  const bar = selected?.kind === 'turn' ? stage.timeline.bar(selected.turn) : undefined;
  const seq = selected?.kind === 'event' ? selected.seq : undefined;
  return (
    <aside className={floats ? 'tl-inspector floats' : 'tl-inspector'} aria-label="Inspector" data-version={version}>
      {selected !== null && (
        <button
          type="button"
          className="button bare icon small tl-close"
          aria-label="Close the inspector"
          onClick={() => stage.select(null)}
        >
          <Sign name="close" dense />
        </button>
      )}
      {bar !== undefined ? (
        <TurnFacts key={bar.turn} session={session} stage={stage} bar={bar} />
      ) : seq !== undefined ? (
        <EventFacts key={seq} session={session} stage={stage} seq={seq} />
      ) : (
        <MomentFacts session={session} stage={stage} />
      )}
    </aside>
  );
}
