import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { SseEvent } from '../sse.ts';
import { endProblem, speakerId, tokensUsed } from './answers.ts';
import { failureOf } from './errors.ts';
import type { TurnItem } from './follow.ts';
import type { StreamEvent } from './schemas.ts';

export interface EventsOptions {
  turn: string;
  requestId: string;
  /** Told with each event of an answer in a session. */
  session?: string;
  /** The stream was to go on after a cursor. */
  resumed?: boolean;
  /** How much of the session there is when the answer is done. */
  counts?: () => Promise<{ message_count: number; context_used: number }>;
}

/** A turn's stream as the events of v2. The id of each is the cursor behind it. */
export class TurnEvents implements Source<SseEvent> {
  readonly #turns: Source<TurnItem>;
  readonly #options: EventsOptions;
  #specialist = '';

  constructor(turns: Source<TurnItem>, options: EventsOptions) {
    this.#turns = turns;
    this.#options = options;
  }

  onReady(ready: () => void): void {
    this.#turns.onReady(ready);
  }

  async pull(max: number): Promise<SseEvent[] | null> {
    for (;;) {
      const items = await this.#turns.pull(max);
      if (items === null) return null;
      const events: SseEvent[] = [];
      for (const item of items) {
        const event = await this.#event(item);
        if (event !== null) events.push({ id: item.cursor, data: JSON.stringify(event) });
      }
      // What was only thought is nothing to send, and no reason to wait.
      if (events.length > 0 || items.length === 0) return events;
    }
  }

  close(): void {
    this.#turns.close();
  }

  /** What is told when the stream itself fails, and not its turn: from another connection it may go on. */
  failed(problem: Problem): SseEvent {
    return { data: JSON.stringify(this.#error(problem, problem.code === 'DISCONNECTED')) };
  }

  async #event(item: TurnItem): Promise<StreamEvent | null> {
    const { turn, resumed = false, counts } = this.#options;
    switch (item.kind) {
      case 'begin': {
        this.#specialist = speakerId(item.speaker);
        const started = { type: 'start', ...this.#about(), turn_id: turn } as const;
        return resumed ? { ...started, recovered: item.recovered } : started;
      }
      case 'text':
        return { type: 'content', ...this.#about(), data: item.text, offset: item.offset };
      case 'reasoning':
        return null;
      case 'waiting': {
        const { code, message, next } = item.problem;
        const told = this.#error(new Problem(code, message, next), true);
        const retry = { attempt: item.attempt, retry_in: item.ms / 1000 };
        return { ...told, details: { ...told.details, ...retry } };
      }
      case 'end':
        if (item.state !== 'done') return this.#error(endProblem(item, turn), item.state === 'interrupted');
        return {
          type: 'done',
          ...this.#about(),
          tokens_used: tokensUsed(item.usage),
          finish_reason: item.finish,
          ...(await counts?.()),
        };
    }
  }

  #error(problem: Problem, recoverable: boolean): Extract<StreamEvent, { type: 'error' }> {
    const { code, message, details } = failureOf(problem);
    return { type: 'error', ...this.#about(), turn_id: this.#options.turn, code, message, recoverable, details };
  }

  #about() {
    const { requestId, session } = this.#options;
    const about = { specialist_id: this.#specialist, request_id: requestId };
    return session === undefined ? about : { ...about, session_id: session };
  }
}
