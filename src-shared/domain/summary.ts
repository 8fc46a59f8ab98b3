import { z } from 'zod';
import { Arrangement, Look, Speaker, Target, TurnState } from './things.ts';

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
  arrangement: Arrangement,
  /** When it went into the trash; null when it is not there. */
  trashedAt: z.number().nullable(),
  /** UTF-16 units of text in it. */
  units: z.number().nonnegative(),
  /** The session that it is a copy of. */
  forked: z.string().nullable(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

/** What of the list is wanted; all of it that is neither archived nor in the trash when nothing is said. */
export const SessionFilter = z.object({
  archived: z.boolean().default(false),
  trashed: z.boolean().default(false),
  pinned: z.boolean().optional(),
  /** Null: those in no folder. */
  folder: z.string().nullable().optional(),
  tag: z.string().optional(),
  /** Somebody of the roster has answered in it. */
  specialist: z.string().optional(),
  /** In the title, in any case of letters. */
  title: z.string().max(300).optional(),
  /** `program`: made by a program; `person`: by nobody else. */
  by: z.enum(['program', 'person']).optional(),
});
export type SessionFilter = z.output<typeof SessionFilter>;

export const SessionSort = z.enum(['updated', 'created', 'title']);
export type SessionSort = z.infer<typeof SessionSort>;

/** A line of a session's tree: it begins beside an older sibling, or at the root, and goes on through oldest children. */
export const Branch = z.object({
  /** The node with which it begins. */
  branch: z.string(),
  name: z.string().nullable(),
  /** Its newest end. */
  head: z.string(),
  /** The node that it leaves from; null: it begins at the root. */
  parent: z.string().nullable(),
  /** Steps from the root to its first node. */
  depth: z.number().int(),
  /** Nodes of its own. */
  nodes: z.number().int(),
  updatedAt: z.number(),
  /** It is the end of what the session shows. */
  shown: z.boolean(),
});
export type Branch = z.infer<typeof Branch>;

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
