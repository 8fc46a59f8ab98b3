import { z } from 'zod';
import { Look, Speaker, Target, TurnState } from './things.ts';

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

export const features = ['tools', 'vision', 'reasoning', 'audio'] as const;

export const ModelInfo = z.object({
  id: z.string(),
  /** In tokens, as the provider tells; absent when it does not. */
  contextWindow: z.number().optional(),
  /** Longest answer in tokens, as the provider tells. */
  maxOutput: z.number().optional(),
  /** What the provider says that it can; absent when it says nothing, empty when it says that it can none of these. */
  features: z.array(z.enum(features)).optional(),
  /** False once a run has shown that it cannot stream. */
  streams: z.boolean().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** How a key lies: `environment` by way of the configuration file; `locked`: sealed by a host that is not this one. */
export const KeyState = z.enum(['none', 'stored', 'environment', 'locked']);
export type KeyState = z.infer<typeof KeyState>;

export const ProviderInfo = z.object({
  id: z.string(),
  /** One of the provider kinds, or `offline`, `simulator`. */
  kind: z.string(),
  name: z.string(),
  baseUrl: z.string().nullable(),
  offline: z.boolean(),
  /** Its address is on this computer: what is sent there goes to nobody else. */
  local: z.boolean(),
  /** `config`: declared in the configuration file, not to be changed here. `found`: runs on this computer. */
  origin: z.enum(['built-in', 'config', 'user', 'found']),
  /** False: switched off by the user; nobody asks it for anything. */
  enabled: z.boolean(),
  key: KeyState,
  state: z.enum(['unknown', 'ready', 'unreachable', 'refused']),
  problem: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
  models: z.array(ModelInfo),
  /** Its models were named by hand; it is not asked for them. */
  fixedModels: z.boolean(),
});
export type ProviderInfo = z.infer<typeof ProviderInfo>;

export const SpecialistInfo = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  look: Look,
  primary: z.array(z.object({ id: z.string(), title: z.string() })),
  /** `shipped`: as it came. `changed`: shipped, with the user's changes. `own`: made by the user. */
  origin: z.enum(['shipped', 'changed', 'own']),
  /** Chosen by hand; null: the best at hand. What is chosen and not there leaves it without a model. */
  chosen: z.object({ provider: z.string(), model: z.string() }).nullable(),
  /** Null: needs a model. */
  binding: z
    .object({ provider: z.string(), providerName: z.string(), model: z.string(), offline: z.boolean() })
    .nullable(),
});
export type SpecialistInfo = z.infer<typeof SpecialistInfo>;

/** Where a specialist without a chosen model may find one: anywhere, or on this computer only. */
export const Automatic = z.enum(['any', 'local']);
export type Automatic = z.infer<typeof Automatic>;

export const Roster = z.object({
  specialists: z.array(SpecialistInfo),
  providers: z.array(ProviderInfo),
  automatic: Automatic,
});
export type Roster = z.infer<typeof Roster>;

/** Everything of a specialist that a user can change. */
export const SpecialistDefinition = z.object({
  name: z.string().trim().min(1).max(60),
  role: z.string().trim().max(300),
  /** System text of every turn. */
  persona: z.string().max(20_000),
  look: Look,
  temperature: z.number().min(0).max(2).nullable(),
  /** Of an answer, in tokens. */
  maxTokens: z.number().int().positive().max(1_000_000).nullable(),
  model: z.object({ provider: z.string().min(1).max(100), model: z.string().min(1).max(300) }).nullable(),
});
export type SpecialistDefinition = z.infer<typeof SpecialistDefinition>;
