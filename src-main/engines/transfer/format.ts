import { z } from 'zod';
import { eventData } from '#shared/domain/events.ts';
import {
  Arrangement,
  EndState,
  FinishReason,
  HistoryWindow,
  Made,
  Parameters,
  ProblemShape,
  Seam,
  Speaker,
  Target,
  Timing,
  Usage,
} from '#shared/domain/things.ts';
import { isDeeper } from '#shared/kit/depth.ts';

/**
 * A session as a file of JSON, version 1; docs/export.md tells it in words. One object, its fields in the order of
 * `parts`, so that it can be written and read in one go however long the session is. Ids hold within the file alone.
 */
export const FORMAT = 'choragus.session';
/** Raised when an older Choragus would misread it. New fields that can be left out do not raise it. */
export const VERSION = 1;

/** The fields of the file after `format` and `version`. */
export const parts = ['session', 'queue', 'systems', 'nodes', 'summaries'] as const;
export type PartName = (typeof parts)[number];

/** Bounds that no session of our own passes, so that what comes in can be shown, sent along and exported again. */
export const bounds = {
  /** UTF-16 units of a message, as in a message that is sent. */
  message: 160_000,
  /** Of an answer; one of our own ends before. */
  answer: 400_000,
  system: 400_000,
  summary: 400_000,
  /** Messages and turns of one session. */
  nodes: 1_000_000,
  summaries: 100_000,
  systems: 100_000,
};

/** The end of the year 9999. */
const LATEST = 253_402_300_799_999;
const id = z.string().min(1).max(64);
/** Unix milliseconds. */
const at = z.number().int().min(0).max(LATEST);
const offset = z.number().int().nonnegative();
/** Whatever it holds, so many units of JSON. */
const small = <T extends z.ZodType>(schema: T, units: number) =>
  schema.refine(
    (value) => (JSON.stringify(value) ?? '').length <= units,
    `must be at most ${units} characters of JSON`,
  );
const problem = small(ProblemShape, 10_000);
const sent = eventData('turn.sent').omit({ turn: true });

const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => !isDeeper(value, 32) && JSON.stringify(value).length <= 16_384, {
    error: 'must be at most 16 kB as JSON, and 32 deep',
    abort: true,
  })
  .pipe(z.record(z.string(), z.json()))
  .optional();

export const Head = z.object({
  title: z.string().max(300),
  createdAt: at,
  /** Whom the last message was for, or the next one would be. */
  to: Target.nullable(),
  /** Null: a person began it. */
  made: z
    .object({
      ...Made.shape,
      by: z.literal('program'),
      lifetimeMs: Made.shape.lifetimeMs
        .unwrap()
        .max(100 * 365 * 86_400_000)
        .optional(),
      metadata,
    })
    .nullable(),
  arrangement: Arrangement,
  window: HistoryWindow,
  /** The session that it was copied from, and up to which of its events; it need not be there any more. */
  forked: z.object({ session: id, seq: offset }).nullable(),
  /** The last node of the branch that is shown. */
  head: id.nullable(),
  /** Nodes that are always sent along. */
  pinned: z.array(id).max(100_000),
  branchNames: z.array(z.object({ branch: id, name: z.string().trim().min(1).max(100) })).max(100_000),
});
export type Head = z.infer<typeof Head>;

/** A message that waits to be sent. */
export const Queued = z.object({ id, text: z.string().min(1).max(bounds.message), to: Target });
export type Queued = z.infer<typeof Queued>;

/** A system text that answers were given under; `sent.system` refers to it by its hash. */
export const System = z.object({ hash: z.string().length(43), at, text: z.string().max(bounds.system) });
export type System = z.infer<typeof System>;

const node = { id, at, to: Target };
const Message = z.object({
  kind: z.literal('message'),
  ...node,
  /** The message or turn before it; null: it begins the conversation. Earlier in the file. */
  parent: id.nullable(),
  text: z.string().max(bounds.message),
});
const Turn = z.object({
  kind: z.literal('turn'),
  ...node,
  /** The message that it answers. */
  parent: id,
  speaker: small(Speaker, 4_000),
  parameters: Parameters.optional(),
  /** What a program told beyond the persona. */
  system: z.string().max(bounds.message).optional(),
  /** The turn that it goes on from, and what of text, reasoning and seams was there then: they begin with that. */
  from: z.object({ turn: id, text: offset, reasoning: offset, seams: offset }).optional(),
  /** How often the provider was asked, and why an attempt was followed by another. */
  attempts: z
    .array(
      z.object({
        at,
        attempt: z.number().int().positive(),
        failed: z.object({ at, ms: z.number().nonnegative(), problem }).optional(),
      }),
    )
    .max(1_000),
  /** One that ran when the file was made is `interrupted`. */
  state: EndState,
  endedAt: at,
  text: z.string().max(bounds.answer),
  reasoning: z.string().max(bounds.answer),
  seams: z.array(small(Seam, 4_000)).max(10_000),
  finish: FinishReason.nullable(),
  problem: problem.nullable(),
  usage: Usage.nullable(),
  timing: Timing.nullable(),
  buffered: z.boolean(),
  /** When the text came: [offset in it, ms], flattened, each a difference to the one before. */
  track: z.array(z.number().int()).max(1_000_000),
  /** What was really sent, where it was recorded. */
  sent: sent.extend({ pinned: sent.shape.pinned.max(100_000) }).optional(),
});

/** In the order in which they were asked for: what one refers to stands before it. */
export const FileNode = z.discriminatedUnion('kind', [Message, Turn]);
export type FileNode = z.infer<typeof FileNode>;
export type FileTurn = z.infer<typeof Turn>;

/** The path up to a node in short. */
export const Summary = z.object({
  id,
  at,
  upTo: id,
  /** The summary that it goes on from. */
  after: id.nullable(),
  /** Nothing before this node is in it; absent: it tells from the beginning. */
  since: id.optional(),
  text: z.string().max(bounds.summary),
  by: small(Speaker, 4_000).nullable(),
});
export type Summary = z.infer<typeof Summary>;

/** A whole file of version 1. */
export const SessionFile = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  session: Head,
  queue: z.array(Queued).max(1_000),
  systems: z.array(System).max(bounds.systems),
  nodes: z.array(FileNode).max(bounds.nodes),
  summaries: z.array(Summary).max(bounds.summaries),
});
export type SessionFile = z.infer<typeof SessionFile>;
