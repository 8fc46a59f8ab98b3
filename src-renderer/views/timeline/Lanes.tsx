import { type PointerEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { isRunning } from '#shared/domain/things.ts';
import type { Lane } from '../../state/timeline/lanes.ts';
import { useApp, useConnected, useLook } from '../../state/use.ts';
import { perSecond } from '../../ui/format.ts';
import { Glyph, Running, Sign } from '../../ui/Sign.tsx';
import { laneHeight, measuresFor } from './layout.ts';
import { laneFacts } from './names.ts';
import { Overlay } from './overlay.ts';
import type { Screen } from './screen.ts';
import { placeOf } from './span.ts';
import type { Stage } from './stage.ts';
import { LABEL, useScreen } from './useTimeline.ts';

/** A pointer that moved less has clicked. */
const CLICK_PX = 4;
/** So much closer by a step of the wheel. */
const wheelFactor = (delta: number) => Math.exp(-delta / 240);

/** Ruler, a lane per specialist, all tokens, and the playhead. */
export function Lanes({ stage, version }: { stage: Stage; version: number }) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lanes = useRef<HTMLDivElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const flag = useRef<HTMLSpanElement>(null);
  const screen = useScreen(stage, () => ({
    area: area.current!,
    canvas: canvas.current!,
    lanes: lanes.current!,
    buttons: buttons.current!,
    head: head.current!,
    flag: flag.current!,
    clock: clock.current!,
  }));
  useWheel(stage, area);
  const pointer = usePointer(stage, screen, area);
  const { timeline } = stage;
  return (
    <div className="tl-area" ref={area} {...pointer} data-version={version}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nobody can focus it; the buttons tell the same */}
      <canvas className="tl-canvas" ref={canvas} aria-hidden="true" />
      <div className="tl-ruler">
        <span ref={clock} className="tl-clock" title="Time of day at the left edge" />
      </div>
      <div className="tl-lanes" ref={lanes}>
        {timeline.lanes.map((lane) => (
          <LaneLabel key={lane.key} lane={lane} facts={laneFacts(lane)} rows={lane.rows.length} />
        ))}
        <div className="tl-track">
          {/* biome-ignore lint/a11y/useSemanticElements: what is in it is no form */}
          <div className="tl-buttons" ref={buttons} role="group" aria-label="Turns and messages" />
        </div>
      </div>
      <div className="tl-rate">
        <span className="strong">All tokens</span>
        <span className="text-3 small cut">peak {perSecond(timeline.rate.peak)}</span>
      </div>
      <div className="tl-head" ref={head} aria-hidden="true">
        <span className="tl-flag" ref={flag} />
      </div>
    </div>
  );
}

function LaneLabel({ lane, facts, rows }: { lane: Lane; facts: string; rows: number }) {
  const app = useApp();
  const compact = useStore(app.preferences, ({ density }) => density === 'compact');
  const connected = useConnected();
  const look = useLook(lane.speaker ?? {});
  const running = lane.items.at(-1);
  const live = connected && running?.kind === 'turn' && isRunning(running.state);
  const height = rows > 1 ? laneHeight(lane, measuresFor(compact ? 36 : 48)) : undefined;
  return (
    <div className="tl-lane" style={{ height }}>
      <span className="tl-name">
        {lane.speaker === null ? <Sign name="you" /> : <Glyph look={look} />}
        <span
          className="cut"
          title={lane.speaker === null ? undefined : `${lane.speaker.model} on ${lane.speaker.providerName}`}
        >
          {lane.speaker?.name ?? 'You'}
        </span>
        {live && <Running look={look} label="running" />}
      </span>
      <span className="text-3 small cut" title={facts}>
        {facts}
      </span>
    </div>
  );
}

/** Ctrl and the wheel, or two fingers drawn apart: closer. The wheel alone pans, where it does not scroll the lanes. */
function useWheel(stage: Stage, area: { current: HTMLDivElement | null }): void {
  useEffect(() => {
    const place = area.current;
    if (place === null) return;
    const listen = (event: WheelEvent) => {
      const x = event.clientX - place.getBoundingClientRect().left - LABEL;
      const lanes = place.querySelector('.tl-lanes')!;
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        stage.zoom(wheelFactor(event.deltaY * unit), Math.max(0, x));
        return;
      }
      const across = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      const scrolls = lanes.scrollHeight > lanes.clientHeight && !event.shiftKey;
      const by = scrolls ? across : across + (event.shiftKey ? 0 : event.deltaY);
      if (by === 0) return;
      if (!scrolls || across !== 0) event.preventDefault();
      stage.pan(by * unit);
    };
    place.addEventListener('wheel', listen, { passive: false });
    return () => place.removeEventListener('wheel', listen);
  }, [stage, area]);
}

/** Drag to pan, two fingers to zoom, click to select what is nearest; a click beside everything moves the playhead. */
function usePointer(
  stage: Stage,
  screen: { readonly current: Screen | null },
  area: { current: HTMLDivElement | null },
) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  const dragged = useRef(false);
  const xIn = (clientX: number) => clientX - area.current!.getBoundingClientRect().left - LABEL;
  const yIn = (clientY: number) => clientY - area.current!.getBoundingClientRect().top;
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || xIn(event.clientX) < 0) return;
      if (down.current.size === 0) dragged.current = false;
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event: PointerEvent) => {
      const from = down.current.get(event.pointerId);
      if (from === undefined) return;
      const by = event.clientX - from.x;
      if (!dragged.current && Math.hypot(by, event.clientY - from.y) < CLICK_PX) return;
      if (!dragged.current) {
        dragged.current = true;
        area.current!.setPointerCapture(event.pointerId);
      }
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) stage.pan(-by);
      else {
        const [before, after] = [Math.abs(from.x - other.x), Math.abs(event.clientX - other.x)];
        stage.zoom(Math.max(20, after) / Math.max(20, before), xIn((event.clientX + other.x) / 2));
      }
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerUp: (event: PointerEvent) => down.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent) => down.current.delete(event.pointerId),
    onClick: (event: React.MouseEvent) => {
      if (dragged.current && event.detail > 0) return;
      // By the keyboard, or a screen reader.
      const meant = event.detail === 0 ? Overlay.at(event.target) : undefined;
      const at = meant ?? screen.current?.hit(xIn(event.clientX), yIn(event.clientY)) ?? null;
      if (at !== null) {
        stage.open(at);
        stage.focus(at);
      } else if (xIn(event.clientX) >= 0) stage.seek(placeOf(stage.span, xIn(event.clientX)), false);
    },
  };
}
