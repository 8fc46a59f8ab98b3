import type { TimelineEvent } from '#shared/domain/timeline.ts';
import { Axis, last } from './axis.ts';
import type { Bar } from './bar.ts';
import { Branches } from './branches.ts';
import { isAct, isRecovery, isTrouble, type Kind, kindOf } from './kinds.ts';
import { type Lane, Lanes, type Mark } from './lanes.ts';
import { Line } from './line.ts';
import type { Rate } from './rate.ts';
import { Tally } from './tally.ts';
import { type DataOf, type Told, told } from './told.ts';

/**
 * A session as it happened: folded from its events, in any portions. It only ever takes more, so what draws it asks for
 * `version` and keeps what it knows of the rest.
 */
export class Timeline {
  readonly events: TimelineEvent[] = [];
  /** The time of each event. */
  readonly times: number[] = [];
  /** Indexes of events by what they are about. */
  readonly byKind: Readonly<Record<Kind, number[]>> = { message: [], turn: [], part: [], session: [] };
  /** Those that tell of a failure, a retry, an interruption or a seam. */
  readonly troubles: number[] = [];
  readonly bars: Bar[] = [];
  readonly axis = new Axis();
  readonly line = new Line();
  readonly branches = new Branches();
  readonly running = new Set<Bar>();
  version = 0;
  readonly #bars = new Map<string, Bar>();
  readonly #lanes = new Lanes();
  readonly #tally = new Tally(this.axis);
  /** Begins a copy, whose other events are older than it. */
  #created: number | undefined;

  /** Events in the order of the log; what was taken before is left out. Returns how many were new. */
  take(events: readonly TimelineEvent[], from = 0, to = events.length): number {
    const before = this.events.length;
    for (let index = from; index < to; index++) {
      const event = events[index]!;
      if (event.seq > this.seq) this.#take(event);
    }
    if (this.events.length > before) this.version++;
    return this.events.length - before;
  }

  /** Of the newest event. */
  get seq(): number {
    return this.events.at(-1)?.seq ?? -1;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes.all;
  }

  get rate(): Rate {
    return this.#tally.rate;
  }

  get start(): number {
    return this.axis.start;
  }

  bar(turn: string): Bar | undefined {
    return this.#bars.get(turn);
  }

  /** The turn of which an event tells. */
  barOf({ data }: { data: object }): Bar | undefined {
    return 'turn' in data && typeof data.turn === 'string' ? this.#bars.get(data.turn) : undefined;
  }

  /** The index of the newest event at a moment; -1 before all of them. */
  indexAt(time: number): number {
    return last(this.times, (each) => each <= time);
  }

  indexOf(seq: number): number {
    const index = last(this.events, (each) => each.seq <= seq);
    return this.events[index]?.seq === seq ? index : -1;
  }

  #take(event: TimelineEvent): void {
    const known = told(event);
    const index = this.events.length;
    this.events.push(event);
    if (known.type === 'session.created' && index === 0) {
      this.#created = event.at;
      this.times.push(event.at);
      this.byKind.session.push(index);
      return;
    }
    const time = this.#time(event.at);
    this.times.push(time);
    this.axis.reach(time, this.running.size === 0 || isRecovery(known));
    this.byKind[kindOf(event.type)].push(index);
    if (isTrouble(known)) this.troubles.push(index);
    this.#apply(known, time, index);
  }

  /** A session that was copied is younger than what happened in it. */
  #time(at: number): number {
    if (this.#created !== undefined) {
      this.times[0] = Math.min(this.#created, at);
      this.axis.reach(this.line.next(this.times[0]), true);
      this.#created = undefined;
    }
    return this.line.next(at);
  }

  #apply(event: Told, time: number, index: number): void {
    switch (event.type) {
      case 'message.added': {
        const { message, parent, words = '' } = event.data;
        this.branches.add(message, parent, words);
        this.#mark({ kind: 'message', seq: event.seq, time, index, node: message, words });
        break;
      }
      case 'turn.requested':
        this.#request(event.data, event.seq, time);
        break;
      case 'branch.named':
        this.branches.name(event.data.branch, event.data.name);
        this.#mark({ kind: 'act', seq: event.seq, time, index, node: null, words: '' });
        break;
      default: {
        const { type, seq } = this.events[index]!;
        if (isAct(type)) this.#mark({ kind: 'act', seq, time, index, node: null, words: '' });
        const bar = this.barOf(event);
        if (bar === undefined) break;
        bar.lastSeq = seq;
        this.#turn(bar, event, time);
      }
    }
  }

  #mark(mark: Mark): void {
    this.#lanes.mark(mark);
  }

  #request(data: DataOf<'turn.requested'>, seq: number, start: number): void {
    const { turn, parent, speaker, from, units = 0 } = data;
    this.branches.add(turn, parent, '');
    const { again, ...where } = this.#lanes.next(speaker, parent);
    const bar: Bar = {
      kind: 'turn',
      turn,
      number: this.bars.length + 1,
      ...where,
      speaker,
      parent,
      from: from ?? null,
      again: from === undefined && again,
      seq,
      lastSeq: seq,
      start,
      place: this.axis.place(start),
      endPlace: null,
      work: null,
      first: null,
      end: null,
      heard: start,
      state: 'queued',
      attempt: 0,
      waits: [],
      base: units,
      units,
      reasoning: 0,
      seams: from === undefined ? [] : [{ offset: units, reason: '' }],
      buffered: false,
      finish: null,
      problem: null,
      usage: null,
      timing: null,
      sent: null,
      parts: [],
      track: null,
    };
    this.#lanes.add(bar);
    this.bars.push(bar);
    this.#bars.set(turn, bar);
    this.running.add(bar);
  }

  #turn(bar: Bar, event: Told, time: number): void {
    switch (event.type) {
      case 'turn.connecting':
        bar.work ??= time;
        bar.heard = time;
        bar.state = 'connecting';
        bar.attempt = event.data.attempt;
        break;
      case 'turn.waiting': {
        const { attempt, ms, problem } = event.data;
        bar.heard = time;
        bar.waits.push({ attempt, time, ms, problem: problem as Bar['problem'] & object });
        this.#lanes.waits(bar);
        break;
      }
      case 'turn.part': {
        const { offset, units = 0, reasoningUnits = 0 } = event.data;
        const part = { time, offset, units, reasoning: reasoningUnits };
        bar.work ??= time;
        bar.first ??= time;
        bar.heard = time;
        if (bar.end !== null) break;
        bar.state = 'streaming';
        bar.units = Math.max(bar.units, offset + units);
        bar.reasoning += reasoningUnits;
        bar.parts.push(part);
        this.#tally.part(bar, part);
        break;
      }
      case 'turn.sent':
        bar.sent = event.data;
        break;
      case 'turn.finished':
        this.#finish(bar, event.data, time);
        break;
      case 'turn.timed':
        bar.track = event.data.track;
        bar.parts = [];
        this.#tally.whole(bar, true);
    }
  }

  #finish(bar: Bar, data: DataOf<'turn.finished'>, time: number): void {
    const { state, timing, units = 0, reasoningUnits = 0 } = data;
    bar.state = state;
    bar.units = units;
    bar.reasoning = reasoningUnits;
    bar.seams = data.seams;
    bar.buffered = data.buffered;
    bar.finish = data.finish;
    bar.problem = data.problem as Bar['problem'];
    bar.usage = data.usage;
    bar.timing = timing;
    if (timing === null) {
      // Its end was found out at the next start: until when it ran is known by its last sign.
      bar.end = state === 'interrupted' ? bar.heard : time;
    } else {
      bar.work = bar.start + timing.queuedMs;
      bar.first = timing.firstTokenMs === null ? null : bar.work + timing.firstTokenMs;
      bar.end = bar.work + timing.durationMs;
      this.axis.reach(bar.end, false);
    }
    bar.endPlace = this.axis.place(bar.end);
    this.#lanes.ended(bar);
    this.running.delete(bar);
    this.#tally.whole(bar, false);
  }
}
