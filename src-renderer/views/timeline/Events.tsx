import { useVirtualizer } from '@tanstack/react-virtual';
import { DropdownMenu } from 'radix-ui';
import { type CSSProperties, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Speaker } from '#shared/domain/things.ts';
import type { Kind } from '../../state/timeline/kinds.ts';
import type { Timeline } from '../../state/timeline/model.ts';
import { useLook } from '../../state/use.ts';
import { count } from '../../ui/format.ts';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { type Filter, kindNames, kindsIn, rowsOf } from './rows.ts';
import type { Stage } from './stage.ts';
import { elapsedBriefly } from './ticks.ts';
import { eventWords } from './words.ts';

const ROW = 28;
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Every event, the newest first. Selecting one moves the playhead. */
export function Events({ stage, version }: { session: string; stage: Stage; version: number }) {
  const { timeline } = stage;
  const [filter, setFilter] = useState<Filter>({ kind: null, troubles: false });
  const rows = rowsOf(timeline, filter);
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  const selected = useStore(stage.store, ({ selected }) => (selected?.kind === 'event' ? selected.seq : null));
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  useReadersPlace(place, rows.count, filter);
  const at = selected === null ? -1 : timeline.indexOf(selected);
  const row = at < 0 ? -1 : rows.row(at);
  const chosen = row >= 0 && rows.event(row) === at ? row : -1;
  useEffect(() => {
    if (chosen >= 0) virtual.scrollToIndex(chosen, { align: 'auto' });
  }, [chosen, virtual]);
  const select = (next: number) => stage.select({ kind: 'event', seq: timeline.events[rows.event(next)]!.seq });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || rows.count === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const from = chosen < 0 ? (row < 0 ? -1 : row - 1) : chosen;
    select(Math.min(rows.count - 1, Math.max(0, from + step)));
  };
  return (
    <section className="tl-events" aria-label="Events" data-version={version}>
      <div className="tl-events-head">
        <h2>Events</h2>
        <span className="text-3">{count(timeline.events.length)}</span>
        <span className="grow" />
        {rows.count !== timeline.events.length && <span className="text-3 small">{count(rows.count)} shown</span>}
        <KindMenu stage={stage} kind={filter.kind} onKind={(kind) => setFilter({ ...filter, kind })} />
        <button
          type="button"
          className="tl-chip"
          aria-pressed={filter.troubles}
          onClick={() => setFilter({ ...filter, troubles: !filter.troubles })}
        >
          Errors and seams <span className="text-3">{count(timeline.troubles.length)}</span>
        </button>
      </div>
      <div
        className="tl-rows inset"
        ref={place}
        role="listbox"
        aria-label="Events, newest first"
        tabIndex={0}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        onKeyDown={onKeyDown}
      >
        {rows.count === 0 && <p className="text-3 tl-none">None of these.</p>}
        <div style={{ height: virtual.getTotalSize(), ...columns(timeline) }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            <div
              key={rows.event(index)}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              className="tl-row"
              aria-selected={index === chosen}
              aria-setsize={rows.count}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => select(index)}
            >
              <Row stage={stage} index={rows.event(index)} />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

/** As wide as the longest sequence and the longest time need. */
function columns(timeline: Timeline): CSSProperties {
  const last = elapsedBriefly(timeline.axis.end - timeline.start).length;
  return {
    '--seq': `calc(${Math.max(4, String(timeline.seq).length)}ch + 18px)`,
    '--time': `calc(${Math.max(8, last)}ch + 18px)`,
  } as CSSProperties;
}

function Row({ stage: { timeline }, index }: { stage: Stage; index: number }) {
  const event = timeline.events[index]!;
  const bar = timeline.barOf(event);
  const words = eventWords(timeline, event);
  const tone = toneOf(event.type, event.data.state);
  return (
    <>
      <span className="tl-seq text-3">{event.seq}</span>
      <span className="tl-time">{elapsedBriefly(timeline.times[index]! - timeline.start)}</span>
      <span className={tone === '' ? 'tl-type cut' : `tl-type cut ${tone}`}>{event.type}</span>
      <Who speaker={bar?.speaker ?? null} type={event.type} />
      <span className="cut text-2" title={words}>
        {words}
      </span>
    </>
  );
}

function Who({ speaker, type }: { speaker: Speaker | null; type: string }) {
  const look = useLook(speaker ?? {});
  if (speaker === null)
    return <span className="tl-who text-2">{type.startsWith('session.c') || type === 'system.told' ? '' : 'You'}</span>;
  return (
    <span className="tl-who">
      <Glyph look={look} dense />
      <span className="cut">{speaker.name}</span>
    </span>
  );
}

function toneOf(type: string, state: unknown): '' | 'warn' | 'error' {
  if (type === 'turn.waiting' || state === 'interrupted') return 'warn';
  return state === 'failed' ? 'error' : '';
}

/** While one reads further down, what comes above moves nothing. */
function useReadersPlace(place: { current: HTMLDivElement | null }, rows: number, filter: Filter): void {
  const before = useRef({ rows, filter });
  useLayoutEffect(() => {
    const list = place.current;
    const { rows: had, filter: was } = before.current;
    before.current = { rows, filter };
    if (list === null) return;
    if (was !== filter) list.scrollTop = 0;
    else if (list.scrollTop > 0 && rows > had) list.scrollTop += (rows - had) * ROW;
  });
}

function KindMenu({ stage, kind, onKind }: { stage: Stage; kind: Kind | null; onKind: (kind: Kind | null) => void }) {
  const all: (Kind | null)[] = [null, ...kindsIn(stage.timeline)];
  const nameOf = (each: Kind | null) => (each === null ? 'All kinds' : kindNames[each]);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="tl-chip" aria-label={`Kinds of events: ${nameOf(kind)}`}>
        {nameOf(kind)}
        <Sign name="down" dense />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="float menu" align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={kind ?? ''} onValueChange={(value) => onKind((value || null) as Kind | null)}>
            {all.map((each) => (
              <DropdownMenu.RadioItem key={each ?? ''} className="menu-item" value={each ?? ''}>
                <span className="menu-mark">{each === kind && <Sign name="check" dense />}</span>
                <span className="grow">{nameOf(each)}</span>
                <span className="text-3 small">
                  {count(each === null ? stage.timeline.events.length : stage.timeline.byKind[each].length)}
                </span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
