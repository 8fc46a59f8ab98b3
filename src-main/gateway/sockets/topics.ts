import { opens } from '#shared/contract/scopes.ts';
import { type Topic, type TopicItem, type TopicPattern, topicsOf } from '#shared/contract/topics.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Caller, Guest } from '../../compose.ts';
import type { Flow } from './flow.ts';

export interface FollowedOptions {
  guest: Pick<Guest, 'open' | 'signal'>;
  scopes: Caller['scopes'];
  flow: Flow;
  tell: (item: TopicItem) => void;
  /** A follow failed: these topics are followed no more. Everything up to `cursor` was told. */
  failed: (problem: Problem, topics: Topic[], cursor: string | undefined) => void;
}

interface Follow {
  topics: Set<Topic>;
  end: AbortController;
}

/** The topics that a socket follows, each once. */
export class Followed {
  readonly #options: FollowedOptions;
  readonly #follows = new Set<Follow>();

  constructor(options: FollowedOptions) {
    this.#options = options;
  }

  get topics(): Topic[] {
    return [...this.#follows].flatMap(({ topics }) => [...topics]);
  }

  /** Those of them that are not followed yet. Returns what begins the telling. */
  async add(patterns: readonly TopicPattern[], cursor: string | undefined): Promise<() => void> {
    const { guest } = this.#options;
    const topics = this.#named(patterns).filter((topic) => !this.topics.includes(topic));
    if (topics.length === 0) return () => {};
    const follow = { topics: new Set(topics), end: new AbortController() };
    this.#follows.add(follow);
    try {
      const source = await guest.open('topics.follow', { topics, ...(cursor !== undefined && { cursor }) });
      return () => void this.#read(source, follow);
    } catch (error) {
      this.#follows.delete(follow);
      throw error;
    }
  }

  remove(patterns: readonly TopicPattern[]): void {
    for (const follow of this.#follows) {
      for (const topic of patterns.flatMap(topicsOf)) follow.topics.delete(topic);
      if (follow.topics.size > 0) continue;
      follow.end.abort();
      this.#follows.delete(follow);
    }
  }

  async #read(source: Source<TopicItem>, follow: Follow): Promise<void> {
    const { flow, guest, tell, failed } = this.#options;
    let cursor: string | undefined;
    try {
      await flow.read(source, AbortSignal.any([guest.signal, follow.end.signal]), (item) => {
        cursor = item.cursor;
        if (follow.topics.has(item.topic) || item.topic === 'system.reset') tell(item);
      });
    } catch (error) {
      this.#follows.delete(follow);
      failed(Problem.of(error), [...follow.topics], cursor);
    }
  }

  #named(patterns: readonly TopicPattern[]): Topic[] {
    const mayFollowConnections = opens('connections.follow', this.#options.scopes);
    const named = patterns.flatMap((pattern) =>
      topicsOf(pattern).filter((topic) => pattern !== '*' || mayFollowConnections || !topic.startsWith('connection.')),
    );
    return [...new Set(named)];
  }
}
