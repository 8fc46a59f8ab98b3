import type { StreamItem } from '#shared/contract/contract.ts';
import type { Event, EventData } from '#shared/domain/events.ts';

/** What went wrong between a log and a follower. */
export interface Faults {
  lost: number;
  doubled: number;
  outOfOrder: number;
}

/** What one follower heard of one session, checked as it comes: each event once, in order, each text without a gap. */
export class Heard {
  readonly faults: Faults = { lost: 0, doubled: 0, outOfOrder: 0 };
  cursor: string | undefined;
  title = '';
  /** Snapshots after the first: a cursor that could not be served from. */
  snapshots = -1;
  events = 0;
  /** The turn that runs, as far as was heard; and that one was asked for that was not heard of yet. */
  running: string | undefined;
  asked = false;
  readonly #sequences = new Set<number>();
  readonly #texts = new Map<string, string>();
  readonly #waiting = new Set<() => void>();
  #from = 0;
  #last = 0;

  take(item: StreamItem<'session.follow'>): void {
    this.cursor = item.cursor;
    if (item.kind === 'snapshot') {
      this.snapshots++;
      this.#from = this.#last = item.view.seq;
      this.title = item.view.title;
      for (const node of Object.values(item.view.nodes)) if (node.kind === 'turn') this.#texts.set(node.id, node.text);
    } else this.#event(item.event as Event);
    for (const look of this.#waiting) look();
  }

  /** Resolves when `is` is true of what was heard. */
  until(is: (heard: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!is(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Compares with what the log has of the session. */
  compare(log: readonly Event[]): void {
    for (const { seq, type } of log) {
      if (seq <= this.#from || type === 'turn.timed' || type === 'turn.part') continue;
      if (!this.#sequences.delete(seq)) this.faults.lost++;
    }
    // What it heard and the log does not have.
    this.faults.outOfOrder += this.#sequences.size;
  }

  #event(event: Event): void {
    this.events++;
    const { seq, first = seq } = event;
    if (seq === this.#last || (first <= this.#last && seq > this.#last)) this.faults.doubled++;
    else if (seq < this.#last) this.faults.outOfOrder++;
    this.#last = Math.max(this.#last, seq);
    if (event.type === 'turn.part') this.#part(event.data);
    else this.#sequences.add(seq);
    if (event.type === 'turn.requested') {
      this.running = event.data.turn;
      this.asked = false;
    }
    if (event.type === 'session.renamed') this.title = event.data.title;
    if (event.type === 'turn.finished') {
      const { turn, text } = event.data;
      if (!text.startsWith(this.#texts.get(turn) ?? '')) this.faults.lost++;
      this.#texts.set(turn, text);
      if (this.running === turn) this.running = undefined;
    }
  }

  #part({ turn, offset, text }: EventData<'turn.part'>): void {
    const known = this.#texts.get(turn) ?? '';
    if (offset > known.length) this.faults.lost++;
    if (offset < known.length) this.faults.doubled++;
    this.#texts.set(turn, known.slice(0, offset) + text);
  }
}
