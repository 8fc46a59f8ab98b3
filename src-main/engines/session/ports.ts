import type { Event, EventData } from '#shared/domain/events.ts';
import type { Job } from '#shared/domain/jobs.ts';
import type { Node, TurnNode } from '#shared/domain/session.ts';
import type { Branch, ModelInfo } from '#shared/domain/summary.ts';
import type { Speaker, Target } from '#shared/domain/things.ts';
import type { Batch, PathPage, PathPiece, PathSummary, SessionShape } from '../../log/log.ts';
import type { Provider } from '../../providers/provider.ts';
import type { TurnSpec } from '../streaming/ports.ts';

export interface SessionLog {
  append(batch: Batch): Promise<Event[]>;
  delete(batch: Omit<Batch, 'events' | 'durable'>): Promise<Event[]>;
  read(range: { session: string; limit: number }): Promise<Event[]>;
  shape(session: string, nodes?: readonly (string | null)[]): Promise<SessionShape | null>;
  leaf(session: string, node: string): Promise<string | null>;
  branches(session: string, limit: number): Promise<{ branches: Branch[]; total: number }>;
  up(session: string, node: string, limit: number): Promise<PathPiece>;
  path(session: string, page: { to: string; from: number; limit: number }): Promise<PathPage | null>;
  nodes(session: string, nodes: readonly string[]): Promise<{ nodes: Node[]; seq: number }>;
  pinned(session: string, node: string): Promise<Node[]>;
  summaryOn(session: string, node: string): Promise<PathSummary | null>;
  summary(session: string, summary: string): Promise<EventData<'history.summarized'> | null>;
  systemText(session: string, hash: string): Promise<string | null>;
  sent(session: string, turn: string): Promise<EventData<'turn.sent'> | null>;
  turn(session: string, turn: string): Promise<TurnNode | null>;
  request(session: string, turn: string): Promise<EventData<'turn.requested'> | null>;
  oldCompletions(before: number): Promise<string[]>;
  filling(): Promise<{ session: string; job: string }[]>;
  eventCount(session: string): Promise<number>;
  unfinished(): Promise<{ session: string; turn: string }[]>;
}

/** Who answers, with everything that a turn needs. */
export interface Answerer {
  speaker: Speaker;
  provider: Provider;
  system: string | undefined;
  temperature: number | undefined;
  maxTokens: number | undefined;
  /** What its provider tells of the model; absent when it tells nothing. */
  info?: Pick<ModelInfo, 'contextWindow' | 'maxOutput'>;
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

/** Where long work is told; answers at once with the job's id. */
export interface JobBoard {
  start(
    kind: Job['kind'],
    about: string,
    unit: Job['unit'],
    work: (job: {
      readonly id: string;
      progress(done: number, of: number | null): void;
      readonly signal: AbortSignal;
    }) => Promise<Job['result']>,
  ): string;
}

/** Asks a model once, outside of any session. Rejects with a Problem when it cannot answer, or not to the end. */
export type AskOnce = (
  wish: { to: Target; system: string; text: string; maxTokens: number },
  signal: AbortSignal,
) => Promise<{ text: string; by: Speaker }>;
