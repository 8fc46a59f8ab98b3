import type { Event, EventOf } from '#shared/domain/events.ts';

/** Bounds of what is kept: texts, their UTF-16 units, and turns whose end has not come. */
const KEPT = { texts: 4096, units: 2 * 1024 * 1024, turns: 4096 };

export type Text = EventOf<'message.added' | 'turn.finished'>;
export const isText = (event: Event): event is Text => event.type === 'message.added' || event.type === 'turn.finished';

/** A text for the index. `specialist`: who speaks in the turn; undefined: not known here. */
export interface FreshText {
  event: Text;
  specialist: string | null | undefined;
}

/**
 * Texts that were committed and are not in the index yet, so that nothing is read back from the disk that was at hand a
 * moment ago. What is too much, or came before the start, is on the disk only: `floor` says up to where.
 */
export class Fresh {
  #texts: FreshText[] = [];
  #units = 0;
  #floor: number;
  /** Who speaks in turns that run, by session and turn. */
  readonly #speakers = new Map<string, string | null>();

  constructor(floor: number) {
    this.#floor = floor;
  }

  /** All texts after this sequence are here, but for those that were used and those of deleted sessions. */
  get floor(): number {
    return this.#floor;
  }

  /** Committed events, in order. Returns whether there is a text among them. */
  committed(events: readonly Event[]): boolean {
    let some = false;
    for (const event of events)
      switch (event.type) {
        case 'message.added':
          this.#add({ event, specialist: undefined });
          some = true;
          break;
        case 'turn.requested':
          if (this.#speakers.size >= KEPT.turns) this.#speakers.clear();
          this.#speakers.set(turnKey(event), event.data.speaker.specialist ?? null);
          break;
        case 'turn.finished': {
          const turn = turnKey(event);
          this.#add({ event, specialist: this.#speakers.get(turn) });
          this.#speakers.delete(turn);
          some = true;
          break;
        }
        case 'session.deleted':
          this.#forget(event.session);
          break;
      }
    return some;
  }

  /** The first of those after a sequence, which is not below the floor. */
  after(seq: number, max: number): FreshText[] {
    const from = this.#texts.findIndex(({ event }) => event.seq > seq);
    return from < 0 ? [] : this.#texts.slice(from, from + max);
  }

  /** They are in the index. */
  used(seq: number): void {
    let count = 0;
    while (count < this.#texts.length && this.#texts[count]!.event.seq <= seq) count++;
    this.#shift(count);
  }

  #add(text: FreshText): void {
    this.#texts.push(text);
    this.#units += text.event.data.text.length;
    if (this.#texts.length > KEPT.texts || this.#units > KEPT.units) this.#drop();
  }

  /** Half of what may be kept, so that dropping costs little per text. */
  #drop(): void {
    let count = 0;
    for (let units = this.#units; this.#texts.length - count > KEPT.texts / 2 || units > KEPT.units / 2; count++)
      units -= this.#texts[count]!.event.data.text.length;
    this.#floor = this.#texts[count - 1]!.event.seq;
    this.#shift(count);
  }

  #shift(count: number): void {
    for (const { event } of this.#texts.splice(0, count)) this.#units -= event.data.text.length;
  }

  #forget(session: string): void {
    this.#texts = this.#texts.filter(({ event }) => event.session !== session);
    this.#units = this.#texts.reduce((sum, { event }) => sum + event.data.text.length, 0);
  }
}

const turnKey = ({ session, data }: EventOf<'turn.requested' | 'turn.finished'>) => `${session} ${data.turn}`;
