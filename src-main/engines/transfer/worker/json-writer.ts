import type { Event } from '#shared/domain/events.ts';
import { FORMAT, VERSION } from '../format.ts';
import { headOf, NodesOf, queueOf, summariesIn, systemsIn } from '../records-of.ts';
import type { Opening } from './orders.ts';

const order = ['systems', 'nodes', 'summaries'] as const;
type Part = (typeof order)[number];

/** One session as JSON, piece by piece: an entry of a list to a line. Gives what is to be written. */
export class JsonWriter {
  readonly #told = new Set<string>();
  readonly #nodes = new NodesOf((hash) => this.#told.has(hash));
  #part: Part = 'systems';
  #first = true;

  begin(opening: Opening): string {
    const view = { ...opening, id: '', seq: 0, deleted: false, nodes: {} };
    const queue = queueOf(view).map((each) => JSON.stringify(each));
    const head = [
      `"format":${JSON.stringify(FORMAT)}`,
      `"version":${VERSION}`,
      `"session":${JSON.stringify(headOf(view))}`,
      `"queue":[${queue.join(',\n')}]`,
    ];
    return `{${head.join(',\n')},\n"systems":[`;
  }

  /** Parts come in their order, each in one go. */
  add(part: Part, events: readonly Event[]): string {
    return this.#moveTo(part) + this.#entries(this.#of(part, events));
  }

  #of(part: Part, events: readonly Event[]): readonly object[] {
    if (part === 'nodes') return this.#nodes.add(events);
    if (part === 'summaries') return summariesIn(events);
    const systems = systemsIn(events).filter(
      ({ hash }, nth, all) => !this.#told.has(hash) && all.findIndex((each) => each.hash === hash) === nth,
    );
    for (const { hash } of systems) this.#told.add(hash);
    return systems;
  }

  end(): string {
    return `${this.#moveTo('summaries')}]}\n`;
  }

  #moveTo(part: Part): string {
    let text = '';
    while (this.#part !== part) {
      if (this.#part === 'nodes') text += this.#entries(this.#nodes.end());
      this.#part = order[order.indexOf(this.#part) + 1]!;
      this.#first = true;
      text += `],\n"${this.#part}":[`;
    }
    return text;
  }

  #entries(entries: readonly object[]): string {
    let text = '';
    for (const entry of entries) {
      text += `${this.#first ? '\n' : ',\n'}${JSON.stringify(entry)}`;
      this.#first = false;
    }
    return text;
  }
}
