import { z } from 'zod';
import { type ProblemCode, problems } from './problem.ts';

/** Who a message is for: a specialist by id, or a plain model of a provider (a specialist without a persona). */
export const Target = z.union([
  z.strictObject({ specialist: z.string().min(1).max(100) }),
  z.strictObject({ provider: z.string().min(1).max(100), model: z.string().min(1).max(300) }),
]);
export type Target = z.infer<typeof Target>;

/** The 18 colours and glyphs, each called by the shipped specialist that has it. */
export const looks = [
  'apollo',
  'athena',
  'engram',
  'ergon',
  'harmonia',
  'hephaestus',
  'hermes',
  'metis',
  'noesis',
  'numa',
  'penia',
  'prometheus',
  'rhetor',
  'sophia',
  'synthesis',
  'tekton',
  'telos',
  'terma',
] as const;

/** How one knows somebody at a glance: a colour and a glyph, never one without the other. */
export const Look = z.object({ colour: z.enum(looks), glyph: z.enum(looks) });
export type Look = z.infer<typeof Look>;

/** Who answers, fixed when the turn is requested, so that an old turn still says who it was. */
export const Speaker = z.object({
  /** Roster id; absent for a plain model. */
  specialist: z.string().optional(),
  /** What it looked like then, for a specialist that is gone since; absent for a plain model, and in old events. */
  look: Look.optional().catch(undefined),
  name: z.string(),
  provider: z.string(),
  providerName: z.string(),
  model: z.string(),
  /** True: no language model is at work. */
  offline: z.boolean(),
});
export type Speaker = z.infer<typeof Speaker>;

/** What of a request differs from how the specialist is set; absent: as it is set. */
export const Parameters = z.object({
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.number().int().positive().max(1_000_000).optional(),
});
export type Parameters = z.infer<typeof Parameters>;

/** How a session came to be when no person began it in a window. */
export const Made = z.object({
  /** `completion`: for one answer, and in no list. `program`: a program's conversation, in the list like any other. */
  by: z.enum(['completion', 'program']),
  /** Exchanges (a message and its answers) that are sent along; all when absent or 0. */
  window: z.number().int().nonnegative().max(10_000).optional(),
  /** So long after the last thing that happened in it, it takes no more messages. Forever when absent. */
  lifetimeMs: z.number().int().positive().optional(),
  /** The program's own, kept as it came; up to 16 kB as JSON. */
  metadata: z.record(z.string(), z.json()).optional(),
});
export type Made = z.infer<typeof Made>;

/**
 * What of a session's history goes along with a message. Every limit counts; what was pinned is always in, and the
 * message itself.
 */
export const HistoryWindow = z.object({
  /** The newest exchanges, each a message with its answers; null: as many as fit. */
  exchanges: z.number().int().min(1).max(10_000).nullable(),
  /** Of the whole request, in tokens; null: what the model takes. */
  tokens: z.number().int().min(200).max(10_000_000).nullable(),
  /** What falls out is told in short. */
  summary: z.boolean(),
  /** Who makes the summary; null: an offline model, which picks sentences. */
  summarizer: Target.nullable(),
  /** Nothing before this node is sent along; null: from the beginning. */
  since: z.string().nullable(),
});
export type HistoryWindow = z.infer<typeof HistoryWindow>;

export const usualWindow: HistoryWindow = {
  exchanges: null,
  tokens: null,
  summary: true,
  summarizer: null,
  since: null,
};

/** What a program asked for when it made the session: exactly so many exchanges, and nothing beside. */
export const windowOf = (made: Made | null): HistoryWindow =>
  made === null ? usualWindow : { ...usualWindow, exchanges: made.window || null, summary: false };

/** Where a user keeps a session. */
export const Arrangement = z.object({
  pinned: z.boolean(),
  /** Name of the folder; null: in none. */
  folder: z.string().trim().min(1).max(100).nullable(),
  tags: z.array(z.string().trim().min(1).max(50)).max(20),
  archived: z.boolean(),
  /** In the trash, from which it can be taken again until that is emptied. */
  trashed: z.boolean(),
});
export type Arrangement = z.infer<typeof Arrangement>;

export const usualArrangement: Arrangement = {
  pinned: false,
  folder: null,
  tags: [],
  archived: false,
  trashed: false,
};

export const ProblemShape = z.object({
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  message: z.string(),
  next: z.string().optional(),
});

/** Where a continued answer was joined: an offset in UTF-16 units into the text, and why it had broken off. */
export const Seam = z.object({ offset: z.number().int().nonnegative(), reason: z.string() });
export type Seam = z.infer<typeof Seam>;

/** Tokens as the provider counts them; `estimated` when it said nothing and we counted characters / 4. */
export const Usage = z.object({
  input: z.number().nonnegative().optional(),
  output: z.number().nonnegative().optional(),
  reasoning: z.number().nonnegative().optional(),
  estimated: z.boolean().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Measured on the monotonic clock, in milliseconds from the moment the turn left the queue. */
export const Timing = z.object({
  queuedMs: z.number().nonnegative(),
  firstTokenMs: z.number().nonnegative().nullable(),
  durationMs: z.number().nonnegative(),
  tokensPerSecond: z.number().nonnegative().nullable(),
});
export type Timing = z.infer<typeof Timing>;

export const FinishReason = z.enum(['stop', 'length', 'tool-calls', 'filter', 'other']);
export type FinishReason = z.infer<typeof FinishReason>;

/** queued: waits for its place. connecting: to the first part. The last four are ends. */
export const TurnState = z.enum(['queued', 'connecting', 'streaming', 'done', 'failed', 'stopped', 'interrupted']);
export type TurnState = z.infer<typeof TurnState>;
export const EndState = TurnState.extract(['done', 'failed', 'stopped', 'interrupted']);
export type EndState = z.infer<typeof EndState>;

export const isRunning = (state: TurnState) => state === 'queued' || state === 'connecting' || state === 'streaming';
