import { createStore, type StoreApi } from 'zustand/vanilla';
import { last } from '../../state/timeline/axis.ts';
import type { Timeline } from '../../state/timeline/model.ts';
import { playedOn } from '../../state/timeline/moment.ts';
import { type At, itemAt, moved, newest } from './move.ts';
import { reachOf } from './scene.ts';
import { fitted, followed, panned, revealed, type Span, scaled, xOf, zoomed } from './span.ts';
import { atFirst, type Scale, type Selection, type StageState, scales } from './stage-state.ts';

/** Where a stage is drawn. */
export interface Drawn {
  /** With the next frame. */
  draw(): void;
  /** At once, and the focus on this bar or mark. */
  focus(at: At): void;
}

/** What of a timeline is in sight, where the playhead stands, what is selected, and everything that moves them. */
export class Stage {
  readonly store: StoreApi<StageState>;
  readonly timeline: Timeline;
  readonly #serverNow: () => number | null;
  #screen: Drawn | undefined;
  #span: Span = { from: 0, perPx: 60, width: 0 };
  #active: At | null = null;
  /** When the frame before was, of those in which it plays. */
  #before: number | undefined;
  #faint: { branch: string; version: number; onPath: (node: string) => boolean } | undefined;

  /** `serverNow`: milliseconds on the server's wall clock; null when nobody knows. */
  constructor(timeline: Timeline, serverNow: () => number | null) {
    this.timeline = timeline;
    this.#serverNow = serverNow;
    this.store = createStore<StageState>(() => atFirst);
    this.store.subscribe(() => this.draw());
  }

  /** Draws it until the returned function is called. */
  attach(screen: Drawn): () => void {
    this.#screen = screen;
    return () => {
      this.#screen = undefined;
    };
  }

  draw(): void {
    this.#screen?.draw();
  }

  get span(): Span {
    return this.#span;
  }

  /** What the keyboard is at: the newest, before anybody has moved. */
  get active(): At | null {
    this.#active ??= newest(this.timeline.lanes);
    return this.#active;
  }

  /** There is so much room. What one sees first is the newest minute of what runs, else all of it. */
  resize(width: number): void {
    const first = this.#span.width === 0;
    const { scale } = this.store.getState();
    const ms = scale === null ? null : scales[scale];
    this.#span = { ...this.#span, width, ...(ms !== null && { perPx: ms / Math.max(1, width) }) };
    if (first && width > 0) this.setScale(this.runs || this.now() <= 60_000 ? '1 min' : 'All');
  }

  setScale(scale: Scale): void {
    const ms = scales[scale];
    const end = this.now();
    const { follow, head } = this.store.getState();
    const follows = ms !== null && head === null && (follow || this.runs);
    this.#span = ms === null ? fitted(end, this.#span.width) : scaled(this.#span, ms, this.#fixed(), end, follows);
    this.#set({ scale, follow: follows || scale === 'All' });
  }

  zoom(factor: number, x = this.#fixed()): void {
    this.#look(zoomed(this.#span, factor, x, this.now()));
  }

  /** What stays where it is while the scale changes: the playhead where it is in sight, else the middle. */
  #fixed(): number {
    const { head } = this.store.getState();
    const x = head === null ? -1 : xOf(this.#span, head);
    return x >= 0 && x <= this.#span.width ? x : this.#span.width / 2;
  }

  pan(px: number): void {
    const span = panned(this.#span, px, this.now());
    this.#span = span;
    const { scale } = this.store.getState();
    this.#set({ follow: false, scale: scale === 'All' ? null : scale });
  }

  /** Tells only what changes: whoever listens is not asked in every frame of a pan. */
  #set(change: Partial<StageState>): void {
    const before = this.store.getState();
    const changed = (Object.keys(change) as (keyof StageState)[]).some((key) => change[key] !== before[key]);
    if (changed) this.store.setState(change);
    else this.draw();
  }

  #look(span: Span): void {
    this.#span = span;
    this.#set({ scale: null, follow: false });
  }

  /** The end in sight, and the playhead at it. */
  followLive(): void {
    this.#set({ head: null, replay: false, playing: false, follow: true });
  }

  /** Moves the playhead, and what is in sight with it. */
  seek(place: number, replay: boolean): void {
    const end = this.now();
    const at = Math.min(end, Math.max(0, place));
    this.#span = revealed(this.#span, at, at, end);
    this.#set({ head: at, replay, follow: false, ...(at >= end && replay && { playing: false }) });
  }

  play(playing = !this.store.getState().playing): void {
    const { head } = this.store.getState();
    const end = this.now();
    // At the end it begins again.
    if (playing && (head === null || head >= end)) this.seek(0, true);
    this.#before = undefined;
    this.#set({ playing, ...(playing && { replay: true, follow: false }) });
  }

  /** Selects, and moves the playhead there: to the end of a turn, or to the moment of an event. */
  select(selected: Selection | null): void {
    this.#set({ selected });
    if (selected === null) return;
    const { axis } = this.timeline;
    if (selected.kind === 'turn') {
      const bar = this.timeline.bar(selected.turn);
      if (bar === undefined || bar.endPlace === null) return;
      this.#span = revealed(this.#span, bar.place, bar.endPlace, this.now());
      this.draw();
      return;
    }
    const index = this.timeline.indexOf(selected.seq);
    if (index >= 0) this.seek(axis.place(this.timeline.times[index]!), false);
  }

  setBranch(branch: string | null): void {
    this.#set({ branch });
  }

  /** The moment of the playhead. */
  get headTime(): number {
    return this.timeline.axis.time(this.store.getState().head ?? this.now());
  }

  /** The last event that has happened at the playhead: the selected one, of several in the same millisecond. */
  get headSeq(): number | undefined {
    const { selected, head } = this.store.getState();
    const { events, times, axis } = this.timeline;
    const index = selected?.kind === 'event' ? this.timeline.indexOf(selected.seq) : -1;
    if (index >= 0 && head === axis.place(times[index]!)) return events[index]!.seq;
    return events[Math.max(0, this.timeline.indexAt(this.headTime))]?.seq;
  }

  /** What the keyboard is at, in sight and with the focus. */
  focus(at: At): void {
    const item = itemAt(this.timeline.lanes, at);
    if (item === undefined) return;
    this.#active = at;
    const [from, to] = reachOf(this.timeline, item, this.now());
    const span = revealed(this.#span, from, to, this.now());
    // What is in sight already does not stop the end from being followed.
    if (span !== this.#span) this.#set({ follow: false });
    this.#span = span;
    this.#screen?.focus(at);
  }

  move(key: string): void {
    const at = this.#active ?? newest(this.timeline.lanes);
    if (at !== null) this.focus(moved(this.timeline.lanes, at, key));
  }

  /** Opens what the keyboard or a pointer is at. */
  open(at: At): void {
    const item = itemAt(this.timeline.lanes, at);
    if (item === undefined) return;
    this.#active = at;
    this.select(item.kind === 'turn' ? { kind: 'turn', turn: item.turn } : { kind: 'event', seq: item.seq });
  }

  /** What has moved until this frame: the playhead, and the end with what runs. */
  advance(at: number): void {
    const { playing, head, speed, follow, scale, end: before } = this.store.getState();
    const end = this.now();
    if (end !== before) this.#set({ end });
    if (playing && head !== null) {
      const next = playedOn(this.timeline.axis, head, (at - (this.#before ?? at)) * speed);
      this.#before = at;
      this.#span = revealed(this.#span, next, next, end);
      const over = next >= this.timeline.axis.length;
      this.#set(over ? { head: null, replay: false, playing: false } : { head: next });
    } else if (scale === 'All' && follow) this.#span = fitted(end, this.#span.width);
    else if (follow) this.#span = followed(this.#span, end);
  }

  /** Something moves by itself. */
  get moves(): boolean {
    return this.store.getState().playing || (this.runs && this.#serverNow() !== null);
  }

  /** The bar or mark that is selected, if it is one. */
  get selectedAt(): At | null {
    const { selected } = this.store.getState();
    const { lanes } = this.timeline;
    if (selected?.kind === 'turn') {
      const bar = this.timeline.bar(selected.turn);
      return bar === undefined ? null : { lane: bar.lane, index: bar.nth - 1 };
    }
    if (selected?.kind !== 'event') return null;
    const marks = lanes[0]!.items;
    const index = last(marks, (mark) => mark.seq <= selected.seq);
    return marks[index]?.seq === selected.seq ? { lane: 0, index } : null;
  }

  /** Of a branch that is looked at by itself: what lies on its path. */
  get onPath(): ((node: string) => boolean) | null {
    const { branch } = this.store.getState();
    if (branch === null) return null;
    const { version, branches } = this.timeline;
    if (this.#faint?.branch !== branch || this.#faint.version !== version)
      this.#faint = { branch, version, onPath: branches.pathTo(branch) };
    return this.#faint.onPath;
  }

  get runs(): boolean {
    return this.timeline.running.size > 0;
  }

  /** Where what runs has come to; nobody knows while nothing is heard. */
  now(): number {
    const { axis, running, line } = this.timeline;
    const now = running.size === 0 ? null : this.#serverNow();
    return now === null ? axis.length : Math.max(axis.length, axis.place(line.of(now)));
  }
}
