import type { Event, NewEvent } from '#shared/domain/events.ts';
import type { Seam, Speaker } from '#shared/domain/things.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import type { Batch, Deferred } from '../../log/log.ts';
import type { ChatRequest, Provider } from '../../providers/provider.ts';

/** What of the log a turn needs. */
export interface TurnLog {
  append(batch: Batch): Promise<Event[]>;
  defer(source: Deferred): void;
}

/** Which AIs were found out to be unable to stream. */
export interface Observations {
  streams(provider: string, model: string): boolean;
  cannotStream(provider: string, model: string): void;
}

export interface TurnLimits {
  /** Turns that may run at once; the others are queued. */
  turns: number;
  /** Longest silence of a provider, in ms. */
  stallMs: number;
  /** Further attempts after the first, before the first part. */
  retries: number;
}

export interface TurnDependencies {
  log: TurnLog;
  clock: Clock;
  random: Random;
  limits: TurnLimits;
  observations: Observations;
  logger: { warn(fields: object, message: string): void };
}

export interface TurnSpec {
  session: string;
  turn: string;
  speaker: Speaker;
  provider: Provider;
  request: Omit<ChatRequest, 'stream'>;
  /** The text it goes on from; `overlap`: the provider may repeat its end, which is then removed. */
  from: { text: string; reasoning: string; seams: Seam[]; overlap: boolean } | undefined;
}

export type TurnEvent = Extract<NewEvent, { data: { turn: string } }>;
