import type { Event, EventData } from '#shared/domain/events.ts';
import type { Node, TurnNode } from '#shared/domain/session.ts';
import type { Speaker, Target } from '#shared/domain/things.ts';
import type { Batch, SessionShape } from '../../log/log.ts';
import type { Provider } from '../../providers/provider.ts';
import type { TurnSpec } from '../streaming/ports.ts';

export interface SessionLog {
  append(batch: Batch): Promise<Event[]>;
  delete(batch: Omit<Batch, 'events' | 'durable'>): Promise<Event[]>;
  read(range: { session: string; limit: number }): Promise<Event[]>;
  shape(session: string): Promise<SessionShape | null>;
  path(session: string, node: string): Promise<Node[]>;
  turn(session: string, turn: string): Promise<TurnNode | null>;
  request(session: string, turn: string): Promise<EventData<'turn.requested'> | null>;
  oldCompletions(before: number): Promise<string[]>;
  unfinished(): Promise<{ session: string; turn: string }[]>;
}

/** Who answers, with everything that a turn needs. */
export interface Answerer {
  speaker: Speaker;
  provider: Provider;
  system: string | undefined;
  temperature: number | undefined;
  maxTokens: number | undefined;
}

export interface Directory {
  /** Resolves when it is known who can answer for this target: soon after a start, at once later. */
  known(target: Target): Promise<void>;
  /** Throws NOT_FOUND or NEEDS_MODEL. */
  resolve(target: Target): Answerer;
}

export interface TurnRunner {
  start(spec: TurnSpec): void;
  /** False: it does not run here. Otherwise resolves when its end is on disk. */
  stop(turn: string): Promise<boolean>;
}
