import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams, CallResult } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Hit } from '#shared/domain/search.ts';
import type { Clock } from '#shared/kit/clock.ts';

export const spans = ['any', 'today', 'week', 'month', 'year'] as const;
export type Span = (typeof spans)[number];

/** What is looked for, as it stands in the panel. */
export interface Asked {
  text: string;
  order: 'best' | 'newest';
  role: 'message' | 'answer' | null;
  /** Answers of this specialist only, by its id. */
  specialist: string | null;
  span: Span;
  /** In this session only. */
  session: string | null;
  trashed: boolean;
}

export const everything: Omit<Asked, 'text' | 'order'> = {
  role: null,
  specialist: null,
  span: 'any',
  session: null,
  trashed: false,
};

interface Found {
  asked: Asked;
  hits: readonly Hit[];
  /** For which question the hits are; null: for none. */
  answered: Asked | null;
  /** The newest question has no answer yet. */
  waiting: boolean;
  /** Where the next page begins; null: there is none. */
  more: string | null;
  loading: boolean;
  problem: ProblemBody | null;
}

type Params = CallParams<'search.find'>;
type Find = (params: Params) => Promise<CallResult<'search.find'>>;

const PAGE = 30;
const DAY = 86_400_000;
const days: Partial<Record<Span, number>> = { week: 7, month: 30, year: 365 };

const nothing: Found = {
  asked: { text: '', order: 'best', ...everything },
  hits: [],
  answered: null,
  waiting: false,
  more: null,
  loading: false,
  problem: null,
};

/**
 * Looks for messages as one types: one question is under way at a time, and of those that come meanwhile only the newest
 * is asked. What was found before stays until the newest answer is here.
 */
export class Search {
  readonly store: StoreApi<Found> = createStore(() => nothing);
  readonly #find: Find;
  readonly #clock: Clock;
  /** What the hits were asked for, with the moment from which on. */
  #params: Params | undefined;
  #asking = false;

  constructor(find: Find, clock: Clock) {
    this.#find = find;
    this.#clock = clock;
  }

  ask(change: Partial<Asked>): void {
    const { asked } = this.store.getState();
    const next = { ...asked, ...change };
    if (next.text.trim() === '') {
      this.store.setState({ ...nothing, asked: next });
      return;
    }
    if (sameQuestion(next, asked) && this.store.getState().problem === null) {
      this.store.setState({ asked: next });
      return;
    }
    this.store.setState({ asked: next, waiting: true });
    void this.#work();
  }

  /** The same once more: something may have been said since, or something went wrong. */
  again(): void {
    if (this.store.getState().asked.text.trim() === '') return;
    this.store.setState({ waiting: true });
    void this.#work();
  }

  /** The next page; one at a time. */
  async loadMore(): Promise<void> {
    const { more, loading, waiting, hits } = this.store.getState();
    const params = this.#params;
    if (more === null || loading || waiting || params === undefined) return;
    this.store.setState({ loading: true });
    // Whoever asks something else meanwhile gets other hits.
    const stale = () => this.store.getState().hits !== hits;
    try {
      const page = await this.#find({ ...params, after: more });
      if (!stale()) this.store.setState({ hits: [...hits, ...page.hits], more: page.more, problem: null });
    } catch (error) {
      if (!stale()) this.store.setState({ problem: Problem.of(error).toBody() });
    } finally {
      this.store.setState({ loading: false });
    }
  }

  async #work(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (;;) {
      const { asked, waiting } = this.store.getState();
      if (!waiting) break;
      const params = paramsOf(asked, this.#clock.now());
      let answer: Partial<Found>;
      try {
        const { hits, more } = await this.#find(params);
        answer = { hits, more, answered: asked, problem: null };
      } catch (error) {
        answer = { problem: Problem.of(error).toBody() };
      }
      const now = this.store.getState();
      // What is asked by now is something else, or nothing.
      if (!now.waiting) break;
      if (!sameQuestion(now.asked, asked)) continue;
      if (answer.hits !== undefined) this.#params = params;
      this.store.setState({ ...answer, waiting: false });
    }
    this.#asking = false;
  }
}

function paramsOf({ text, order, role, specialist, span, session, trashed }: Asked, now: number): Params {
  const from = beginningOf(span, now);
  return {
    text: text.trim(),
    order,
    trashed,
    limit: PAGE,
    ...(role === null ? {} : { role }),
    ...(specialist === null ? {} : { specialist }),
    ...(session === null ? {} : { session }),
    ...(from === undefined ? {} : { from }),
  };
}

/** The first moment of the days that are meant, today among them. */
function beginningOf(span: Span, now: number): number | undefined {
  if (span === 'any') return undefined;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return new Date(midnight - ((days[span] ?? 1) - 1) * DAY).setHours(0, 0, 0, 0);
}

export const isNarrowed = ({ role, specialist, span, session }: Asked): boolean =>
  role !== null || specialist !== null || span !== 'any' || session !== null;

const sameQuestion = (a: Asked, b: Asked) =>
  a.text.trim() === b.text.trim() &&
  (['order', 'role', 'specialist', 'span', 'session', 'trashed'] as const).every((key) => a[key] === b[key]);
