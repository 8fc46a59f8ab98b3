import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Job } from '#shared/domain/jobs.ts';
import type { Client } from '#shared/wire/client.ts';

export interface KnownJobs {
  /** Those that run, and those that ended a short while ago; the oldest first. */
  jobs: readonly Job[];
  /** Ended jobs whose end somebody has seen, or that had ended before this window was there. */
  seen: ReadonlySet<string>;
}

/**
 * Long work, followed as long as the window is there: nothing comes while nothing runs. Whoever waits for the end of one
 * is told by `ended`.
 */
export class FollowedJobs {
  readonly store: StoreApi<KnownJobs> = createStore<KnownJobs>(() => ({ jobs: [], seen: new Set() }));
  readonly #client: Client;
  readonly #ended = new Map<string, ((job: Job) => void)[]>();
  #first = true;
  #shown = 0;
  #follow: { close(): void } | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Somebody shows them until the returned function is called. */
  show(): () => void {
    this.#shown++;
    this.#follow ??= this.#client.follow(
      'jobs.follow',
      () => ({}),
      (items) => {
        const newest = items.at(-1);
        if (newest !== undefined) this.#told(newest.jobs);
      },
    );
    return () => {
      if (--this.#shown > 0) return;
      this.#follow?.close();
      this.#follow = undefined;
    };
  }

  job(id: string): Job | undefined {
    return this.store.getState().jobs.find((job) => job.id === id);
  }

  /** Resolves when it has ended. */
  ended(id: string): Promise<Job> {
    const job = this.job(id);
    if (job !== undefined && job.state !== 'running') return Promise.resolve(job);
    return new Promise((resolve) => this.#ended.set(id, [...(this.#ended.get(id) ?? []), resolve]));
  }

  /** Their ends are news no more. */
  see(): void {
    this.store.setState(({ jobs }) => ({ seen: endedOf(jobs) }));
  }

  #told(jobs: readonly Job[]): void {
    const { seen } = this.store.getState();
    // What had ended before is no news for who comes later.
    this.store.setState({ jobs, seen: this.#first ? endedOf(jobs) : seen });
    this.#first = false;
    for (const job of jobs) {
      if (job.state === 'running') continue;
      for (const resolve of this.#ended.get(job.id) ?? []) resolve(job);
      this.#ended.delete(job.id);
    }
  }
}

const endedOf = (jobs: readonly Job[]) => new Set(jobs.filter(({ state }) => state !== 'running').map(({ id }) => id));
