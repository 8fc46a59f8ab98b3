import type { StreamItem } from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Jobs } from '../engines/jobs/jobs.ts';

/** The whole board, at once and after each change; changes in between are skipped. */
export class JobsSource implements Source<StreamItem<'jobs.follow'>> {
  readonly #jobs: Jobs;
  readonly #leave: () => void;
  #dirty = true;
  #ready: () => void = () => {};

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
    this.#leave = jobs.changed.on(() => {
      this.#dirty = true;
      this.#ready();
    });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(): Promise<StreamItem<'jobs.follow'>[]> {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [{ jobs: this.#jobs.list() }];
  }

  close(): void {
    this.#leave();
  }
}
