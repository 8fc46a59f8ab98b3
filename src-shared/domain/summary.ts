import { z } from 'zod';
import { Speaker, Target, TurnState } from './things.ts';

/** A session as a row of the list. */
export const SessionSummary = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.number(),
  /** Wall clock of the last message, request or end of a turn. */
  updatedAt: z.number(),
  messages: z.number().int().nonnegative(),
  to: Target.nullable(),
  /** Newest turn: who, and how it stands. */
  last: z.object({ speaker: Speaker, state: TurnState }).nullable(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

export const ModelInfo = z.object({
  id: z.string(),
  contextWindow: z.number().optional(),
  /** False once a run has shown that it cannot stream. */
  streams: z.boolean().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

export const ProviderInfo = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  baseUrl: z.string().nullable(),
  offline: z.boolean(),
  /** `config`: declared in the configuration file, not to be changed here. */
  origin: z.enum(['built-in', 'config', 'user']),
  state: z.enum(['unknown', 'ready', 'unreachable', 'refused']),
  problem: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
  models: z.array(ModelInfo),
});
export type ProviderInfo = z.infer<typeof ProviderInfo>;

export const SpecialistInfo = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  primary: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Null: needs a model. */
  binding: z
    .object({ provider: z.string(), providerName: z.string(), model: z.string(), offline: z.boolean() })
    .nullable(),
});
export type SpecialistInfo = z.infer<typeof SpecialistInfo>;

export const Roster = z.object({ specialists: z.array(SpecialistInfo), providers: z.array(ProviderInfo) });
export type Roster = z.infer<typeof Roster>;
