import { z } from 'zod';
import { Keeping } from './keeping.ts';
import { Automatic, SpecialistDefinition } from './summary.ts';
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
} from './things.ts';

/**
 * Every fact of Choragus, by type: the newest version of its data. Events are never rewritten; `raise` lifts old
 * versions. Text offsets are UTF-16 units from the start of the turn's text.
 */
const id = z.string().min(1).max(64);
const offset = z.number().int().nonnegative();

const declaration = {
  /** A kind that this app does not know is kept and not used. */
  kind: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  /** Exactly these; it is asked for its models when absent. */
  models: z.array(z.string()).optional(),
};

const schemas = {
  'session.created': z.object({
    title: z.string(),
    to: Target.optional(),
    made: Made.optional(),
    /** The event of another session up to which this one is a copy. */
    forked: z.object({ session: id, seq: z.number().int().nonnegative() }).optional(),
    /** It is being filled: in no list, and it takes no commands, until `job.finished` says that it is whole. */
    job: id.optional(),
  }),
  /** The session is gone: no other event of it is in the log any more. Its id is never given again. */
  'session.deleted': z.object({}),
  'session.renamed': z.object({ title: z.string() }),
  /** What is absent stays as it is. */
  'session.arranged': Arrangement.partial(),
  'window.set': z.object({ window: HistoryWindow }),
  /** Of a message or an answer: it is always sent along, whatever the history window says. */
  'node.pinned': z.object({ node: id, pinned: z.boolean() }),
  /** `branch` is the node with which it begins; null: it has no name of its own any more. */
  'branch.named': z.object({ branch: id, name: z.string().nullable() }),
  /** A system text, kept when it is first used in the session; `turn.sent` refers to it. `hash` is its SHA-256, base64url. */
  'system.told': z.object({ hash: z.string(), text: z.string() }),
  /** The path from the root to `upTo` in short. It goes on from another summary, which it replaces from here on. */
  'history.summarized': z.object({
    summary: id,
    upTo: id,
    after: id.nullable(),
    text: z.string(),
    /** It tells nothing of what was before this node (see the history window); absent: it tells from the beginning. */
    since: id.optional(),
    /** Null: sentences picked by an offline model. */
    by: Speaker.nullable(),
  }),
  /** The branch `main` now ends at this node: another answer or another wording was chosen. */
  'head.moved': z.object({ head: id }),
  /** A person's message. It becomes the head. A sibling (same parent) is another wording of the same message. */
  'message.added': z.object({ message: id, parent: id.nullable(), text: z.string(), to: Target }),
  /** Written while a turn ran; sent when that turn is done. */
  'queue.added': z.object({ message: id, text: z.string(), to: Target }),
  'queue.edited': z.object({ message: id, text: z.string(), to: Target }),
  'queue.removed': z.object({ message: id, reason: z.enum(['sent', 'removed']) }),
  /**
   * One generation is wanted as an answer to `parent`. It becomes the head. A sibling is another try. `from` is there
   * when it continues a broken one: the new turn starts with that text and has a seam at its end.
   */
  'turn.requested': z.object({
    turn: id,
    parent: id,
    to: Target,
    speaker: Speaker,
    from: z.object({ turn: id, text: z.string(), reasoning: z.string(), seams: z.array(Seam) }).optional(),
    parameters: Parameters.optional(),
    /** System text that a program gave; it follows the persona. */
    system: z.string().optional(),
  }),
  /**
   * What was really sent for a turn, by reference: the path from `first` to the message that it answers, after what was
   * pinned before that. Counts are tokens.
   */
  'turn.sent': z.object({
    turn: id,
    provider: z.string(),
    model: z.string(),
    window: HistoryWindow,
    /** The limit that held: of the window, of the model, or assumed because nobody tells the model's. */
    budget: z.object({ tokens: z.number(), of: z.enum(['window', 'model', 'assumed']) }),
    system: z.object({ hash: z.string(), tokens: z.number() }).nullable(),
    summary: z.object({ summary: id, tokens: z.number() }).nullable(),
    pinned: z.array(z.object({ node: id, tokens: z.number() })),
    first: id,
    messages: z.number().int(),
    tokens: z.number(),
    /** How a broken answer is gone on with: its text as the beginning of the answer, or a wish to go on. */
    goesOn: z.enum(['prefill', 'asked']).nullable(),
    parameters: Parameters,
    /** Older ones that were not sent, and which limit kept them out; their tokens are always an estimate. */
    leftOut: z
      .object({
        messages: z.number().int(),
        tokens: z.number(),
        reason: z.enum(['exchanges', 'tokens', 'model', 'since']),
      })
      .nullable(),
    total: z.number(),
    /** Counted by an estimate (characters / 4), not by the model's tokenizer. */
    estimated: z.boolean(),
    /**
     * First 16 bytes of the SHA-256, base64url, of the request as canonical JSON (early records: all 32): what is put
     * together from the references is the same.
     */
    digest: z.string(),
  }),
  'turn.connecting': z.object({ turn: id, attempt: z.number().int().positive() }),
  /** An attempt failed before its first part; the next one follows after `ms`. */
  'turn.waiting': z.object({ turn: id, attempt: z.number().int().positive(), ms: z.number(), problem: ProblemShape }),
  /** A piece of the stream. Consecutive ones of a turn may arrive joined (see the envelope's `first`). */
  'turn.part': z.object({
    turn: id,
    offset,
    text: z.string(),
    reasoningOffset: offset.optional(),
    reasoning: z.string().optional(),
  }),
  /** The end, with all of the text: the parts before it may be deleted later. */
  'turn.finished': z.object({
    turn: id,
    state: EndState,
    text: z.string(),
    reasoning: z.string(),
    seams: z.array(Seam),
    finish: FinishReason.nullable(),
    problem: ProblemShape.nullable(),
    usage: Usage.nullable(),
    timing: Timing.nullable(),
    /** The AI could not stream; the answer came whole. */
    buffered: z.boolean(),
  }),
  /** When each part came: [sequence, text offset, ms since start] flattened, each a difference to the one before. */
  'turn.timed': z.object({ turn: id, track: z.array(z.number()) }),
  /** Session `system` only: found out at run time, remembered. */
  'model.observed': z.object({ provider: z.string(), model: z.string(), streams: z.boolean() }),
  /** Session `system` only. The key, if any, is in the secret store under the provider's id. */
  'provider.connected': z.object({ provider: id, ...declaration }),
  /** Session `system` only. The whole, as it is from now on; also for one that was found on this computer. */
  'provider.changed': z.object({ provider: id, ...declaration, enabled: z.boolean() }),
  'provider.removed': z.object({ provider: id }),
  /** Session `system` only. The whole, as it is from now on; one that is not shipped is made by this. */
  'specialist.changed': z.object({ specialist: id, definition: SpecialistDefinition }),
  /** Session `system` only. A shipped one is as it came again, one of the user's own is gone. */
  'specialist.removed': z.object({ specialist: id }),
  /** Session `system` only. Where specialists without a chosen model may find one. */
  'automatic.changed': z.object({ automatic: Automatic }),
  /** Session `system` only. What is kept for how long. */
  'keeping.changed': z.object({ keeping: Keeping }),
  /** Session `system` only. What the job filled is whole: all of it is there from now on. */
  'job.finished': z.object({ job: id }),
  /** Session `completions` only. What an answer cost that belongs to no session; nothing of its text is kept. */
  'completion.finished': z.object({
    speaker: Speaker,
    /** The access token of its own by which it was asked for; null for the user. */
    token: z.string().nullable(),
    /** In which it was asked for, such as `openai`. */
    dialect: z.string(),
    state: EndState,
    finish: FinishReason.nullable(),
    problem: ProblemShape.nullable(),
    usage: Usage.nullable(),
    timing: Timing.nullable(),
  }),
} as const;

/** The shape of an event's data, in its newest version. */
export const eventData = <T extends EventType>(type: T): (typeof schemas)[T] => schemas[type];

export type EventType = keyof typeof schemas;
export type EventData<T extends EventType> = z.infer<(typeof schemas)[T]>;

/** What an engine wants to append. */
export type NewEvent = {
  [T in EventType]: {
    type: T;
    data: EventData<T>;
    /** When it happened, for a copy of what happened earlier; now when absent. */
    at?: number;
  };
}[EventType];

/** As it lies in the log and travels on the wire. */
export interface Envelope {
  /** Position in the one log; strictly growing, with gaps. */
  seq: number;
  /** First sequence that this (joined) event stands for; absent when it is just `seq`. */
  first?: number | undefined;
  session: string;
  /** Wall clock, Unix milliseconds, for show only. */
  at: number;
  version: number;
}

export type Event = { [T in EventType]: Envelope & { type: T; data: EventData<T> } }[EventType];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** The session of events that belong to no conversation. */
export const SYSTEM = 'system';
/** The session of what was answered outside of any conversation. */
export const COMPLETIONS = 'completions';
/** They look like ids of sessions and are none. */
export const reservedSessions: readonly string[] = [SYSTEM, COMPLETIONS];

/** The version in which each type is written today. Raise it together with a case in `lift` and a fixture. */
export const eventVersions: Record<EventType, number> = {
  ...(Object.fromEntries(Object.keys(schemas).map((type) => [type, 1])) as Record<EventType, number>),
  'provider.connected': 2,
};

/** The loose form: anything that may be in a log or arrive over a wire, known to this version or not. */
export const RawEvent = z.object({
  seq: z.number().int().nonnegative(),
  first: z.number().int().nonnegative().optional(),
  session: z.string(),
  at: z.number(),
  type: z.string(),
  version: z.number().int().positive(),
  data: z.record(z.string(), z.unknown()),
});
export type RawEvent = z.infer<typeof RawEvent>;

/** Pure lifts, by `type@version`: data of that version to data of the next. */
const lift: Record<string, (data: Record<string, unknown>) => Record<string, unknown>> = {
  // It knew four kinds and no models named by hand.
  'provider.connected@1': (data) => data,
};

/**
 * Reads a raw event: lifts old versions, checks the shape. Undefined for a type, or a version, that this app does
 * not know: such events are kept in the log and skipped by readers. Throws when a known event has a wrong shape.
 */
export function readEvent(raw: RawEvent): Event | undefined {
  if (!Object.hasOwn(schemas, raw.type)) return undefined;
  const type = raw.type as EventType;
  let { data, version } = raw;
  for (; version < eventVersions[type]; version++) {
    const step = lift[`${type}@${version}`];
    if (step === undefined) throw new Error(`No way to read ${type} version ${version} (event ${raw.seq}).`);
    data = step(data);
  }
  if (version > eventVersions[type]) return undefined;
  return { ...raw, version, data: schemas[type].parse(data) } as Event;
}
