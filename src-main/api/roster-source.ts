import type { StreamItem } from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Roster } from '../engines/discovery/roster.ts';

/** The whole roster, at once and after each change; changes in between are skipped. */
export class RosterSource implements Source<StreamItem<'roster.follow'>> {
  readonly #roster: Roster;
  readonly #leave: () => void;
  #dirty = true;
  #ready: () => void = () => {};

  constructor(roster: Roster) {
    this.#roster = roster;
    this.#leave = roster.changed.on(() => {
      this.#dirty = true;
      this.#ready();
    });
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
    this.#leave();
  }
}
