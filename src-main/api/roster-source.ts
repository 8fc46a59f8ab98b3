import type { StreamItem } from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Roster } from '../engines/discovery/roster.ts';

/** The whole roster, at once and after each change; changes in between are skipped. */
export class RosterSource implements Source<StreamItem<'roster.follow'>> {
  readonly #roster: Roster;
  readonly #leave: (() => void)[];
  #dirty = true;
  #ready: () => void = () => {};

  /** `left` is called at the end. */
  constructor(roster: Roster, left: () => void) {
    this.#roster = roster;
    const changed = roster.changed.on(() => {
      this.#dirty = true;
      this.#ready();
    });
    this.#leave = [changed, left];
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(): Promise<StreamItem<'roster.follow'>[]> {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [this.#roster.view()];
  }

  close(): void {
    for (const leave of this.#leave) leave();
  }
}
