import type { Event, EventData, NewEvent } from '#shared/domain/events.ts';

/**
 * What becomes of the events of one path when they are copied into another session: the same words, times and measures
 * under new ids. What belongs to other branches, to the queue or to the list is left out. Pure but for its memory of ids.
 */
export class Copy {
  /** New ids of nodes and summaries, by the old ones. */
  readonly #ids = new Map<string, string>();
  readonly #told = new Map<string, EventData<'system.told'>>();
  readonly #newId: () => string;
  #root: string | undefined;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** The new id of a node that is on the path; every node is named before what tells of it. */
  name(node: string): void {
    this.#root ??= node;
    if (!this.#ids.has(node)) this.#ids.set(node, this.#newId());
  }

  /** What stands for the event in the copy: mostly one, none for what is left out. */
  of(event: Event): NewEvent[] {
    const copied = this.#of(event);
    for (const each of copied) each.at = event.at;
    return copied;
  }

  #of(event: Event): NewEvent[] {
    const { type, data } = event;
    switch (type) {
      case 'message.added': {
        const message = this.#ids.get(data.message);
        return message === undefined ? [] : [{ type, data: { ...data, message, parent: this.#parent(data.parent) } }];
      }
      case 'turn.requested': {
        const [turn, parent] = [this.#ids.get(data.turn), this.#ids.get(data.parent)];
        if (turn === undefined || parent === undefined) return [];
        // The broken answer that it goes on from stands beside it, and is not copied: what it said is all in this one.
        const from = data.from && { ...data.from, turn: this.#ids.get(data.from.turn) ?? turn };
        return [{ type, data: { ...data, turn, parent, ...(from && { from }) } }];
      }
      case 'turn.sent':
        return this.#sent(data);
      case 'turn.connecting':
      case 'turn.waiting':
      case 'turn.finished': {
        const turn = this.#ids.get(data.turn);
        return turn === undefined ? [] : [{ type, data: { ...data, turn } } as NewEvent];
      }
      case 'turn.timed': {
        const turn = this.#ids.get(data.turn);
        return turn === undefined ? [] : [{ type, data: { turn, track: withoutSequences(data.track) } }];
      }
      case 'system.told':
        this.#told.set(data.hash, data);
        return [];
      case 'history.summarized':
        return this.#summarized(data);
      case 'node.pinned': {
        const node = this.#ids.get(data.node);
        return node === undefined ? [] : [{ type, data: { ...data, node } }];
      }
      case 'window.set': {
        const since = data.window.since === null ? null : (this.#ids.get(data.window.since) ?? null);
        return [{ type, data: { window: { ...data.window, since } } }];
      }
      // A copy has one branch: that of its root.
      case 'branch.named':
        return data.branch === this.#root ? [{ type, data: { ...data, branch: this.#ids.get(data.branch)! } }] : [];
      default:
        return [];
    }
  }

  #parent = (node: string | null): string | null => (node === null ? null : (this.#ids.get(node) ?? null));

  /** Behind the system text that it refers to, where it is the first that does. */
  #sent(data: EventData<'turn.sent'>): NewEvent[] {
    const [turn, first] = [this.#ids.get(data.turn), this.#ids.get(data.first)];
    const summary = data.summary && this.#ids.get(data.summary.summary);
    const pinned = data.pinned.flatMap((each) => {
      const node = this.#ids.get(each.node);
      return node === undefined ? [] : [{ ...each, node }];
    });
    const whole = summary !== undefined && pinned.length === data.pinned.length;
    if (turn === undefined || first === undefined || !whole) return [];
    const window = { ...data.window, since: this.#parent(data.window.since) };
    const sent: EventData<'turn.sent'> = {
      ...data,
      turn,
      first,
      pinned,
      window,
      summary: data.summary && { ...data.summary, summary: summary! },
    };
    const events: NewEvent[] = [{ type: 'turn.sent', data: sent }];
    const told = data.system === null ? undefined : this.#told.get(data.system.hash);
    if (told !== undefined) {
      this.#told.delete(told.hash);
      events.unshift({ type: 'system.told', data: told });
    }
    return events;
  }

  #summarized(data: EventData<'history.summarized'>): NewEvent[] {
    const upTo = this.#ids.get(data.upTo);
    if (upTo === undefined) return [];
    const summary = this.#newId();
    this.#ids.set(data.summary, summary);
    const since = data.since === undefined ? undefined : this.#ids.get(data.since);
    const { since: _, ...rest } = data;
    const from = since === undefined ? {} : { since };
    return [{ type: 'history.summarized', data: { ...rest, ...from, summary, upTo, after: this.#parent(data.after) } }];
  }
}

/** A copy was never streamed: its track tells when pieces came, and names no events that nobody could find. */
const withoutSequences = (track: readonly number[]): number[] =>
  track.map((value, index) => (index % 3 === 0 ? 0 : value));
