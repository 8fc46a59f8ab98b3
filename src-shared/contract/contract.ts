import { z } from 'zod';
import { ConnectionInfo, Presence } from '../domain/connections.ts';
import { eventData, RawEvent, reservedSessions } from '../domain/events.ts';
import { GatewayInfo, Scope } from '../domain/gateway.ts';
import { Job } from '../domain/jobs.ts';
import { Backup, Keeping } from '../domain/keeping.ts';
import { providerKinds } from '../domain/providers.ts';
import { Hit, Query } from '../domain/search.ts';
import type { Node, SessionView } from '../domain/session.ts';
import {
  Automatic,
  Branch,
  Roster,
  SessionFilter,
  SessionSort,
  SessionSummary,
  SpecialistDefinition,
} from '../domain/summary.ts';
import {
  Arrangement,
  EndState,
  FinishReason,
  HistoryWindow,
  Made,
  Parameters,
  ProblemShape,
  Speaker,
  Target,
  Timing,
  TurnState,
  Usage,
} from '../domain/things.ts';
import { TimelineEvent } from '../domain/timeline.ts';
import { isDeeper } from '../kit/depth.ts';
import { TopicItem, TopicPattern } from './topics.ts';

/**
 * The one table of what can be asked. A call answers once; a stream gives items until it ends or is cancelled.
 * Every call with a `command` is safe to send again with the same id: it takes effect once and answers the same.
 */

/** Raised when old clients would misread new servers. */
export const PROTOCOL = 1;
/** Longest frame, in bytes of UTF-8, on every pipe. */
export const MAX_FRAME = 1024 * 1024;
/** Longest text of one message, in UTF-16 units: fits a frame even when every unit is escaped. */
export const MAX_TEXT = 160_000;

/** No name that every object knows: ids are keys of objects. */
const id = z
  .string()
  .regex(/^[\w.-]{1,64}$/)
  .refine((value) => !(value in Object.prototype), 'is no usable id');
/** What belongs to no session has a place of its own among them. */
const session = id.refine((value) => !reservedSessions.includes(value), 'is taken');
/** UUID version 7: made by the client, carries its time, so that a forgotten id is told from a new one. */
const command = z.uuidv7();
const text = z.string().min(1).max(MAX_TEXT);
/** `epoch:sequence`. */
const cursor = z.string().regex(/^[\w-]+:\d+$/);
/** Keys are secrets and addresses are not: a name and password within an address would be shown and kept with it. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(
    /^https?:\/\/[^\s/?#@\\]+(?:[/?#]|$)/i,
    'must hold no user name and no password: give the key in its own field',
  );
const name = z.string().trim().min(1).max(100);
/** What is pasted often has the end of a line with it. */
const key = z.string().trim().max(2000);
/** Of a web page elsewhere: scheme, host and port, no path. */
const origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^\s/?#@\\]+$/i, 'must be an origin, such as https://example.org');
const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => !isDeeper(value, 32) && JSON.stringify(value).length <= 16_384, {
    error: 'must be at most 16 kB as JSON, and 32 deep',
    abort: true,
  })
  .pipe(z.record(z.string(), z.json()))
  .optional();
/** A hundred years: its end must be a date. */
const lifetimeMs = Made.shape.lifetimeMs
  .unwrap()
  .max(100 * 365 * 86_400_000)
  .optional();
const made = z.object({ ...Made.shape, lifetimeMs, metadata });
/** Named by hand, where a provider cannot list them. */
const models = z.array(z.string().trim().min(1).max(300)).max(200).optional();
const done = z.object({});

/** Checked loosely: it is folded by the function that made it. */
const View = z.custom<SessionView>(
  (value) => typeof value === 'object' && value !== null && 'nodes' in value && 'head' in value,
);

/** The same for one node. */
const ViewNode = z.custom<Node>((value) => typeof value === 'object' && value !== null && 'id' in value);
/** A piece of a file, in base64. */
const piece = z.base64().max(700_000);
const fileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\0]+$/, 'must be a name without a path');
const job = z.object({ job: id });
/** The end of what a text is cut to; the rest is asked for by itself. */
const offset = z.number().int().nonnegative();

export const calls = {
  'server.hello': {
    params: z.object({
      protocol: z.number().int(),
      client: z.object({ name: z.string().max(100), version: z.string().max(50) }),
    }),
    result: z.object({
      protocol: z.number().int(),
      version: z.string(),
      epoch: z.string(),
      /** The peer pings after this many ms of silence and gives up after twice as many. */
      heartbeatMs: z.number().positive(),
      limits: z.object({ frame: z.number(), text: z.number() }),
      /** What only a desktop can do; null in a browser. */
      host: z.object({ kind: z.literal('desktop'), platform: z.string() }).nullable(),
      /** Something the user should know about this start, such as a damaged file that was set aside. */
      notices: z.array(z.object({ message: z.string(), next: z.string().optional() })),
    }),
  },
  'server.ping': { params: z.object({}), result: done },

  /** Titles are made from the first message until somebody renames the session. */
  'sessions.create': {
    params: z.object({
      command,
      session,
      title: z.string().max(300).optional(),
      to: Target.optional(),
      made: made.optional(),
    }),
    result: done,
  },
  /**
   * A session that begins with a conversation that was led elsewhere; its last message is a person's and is answered.
   * The answers in it count as given by who answers now. CONFLICT when there is such a session.
   */
  'sessions.begin': {
    params: z.object({
      command,
      session,
      history: z
        .array(z.object({ role: z.enum(['user', 'assistant']), text }))
        .min(1)
        .max(1000),
      /** Follows the persona of who answers. */
      system: z.string().max(MAX_TEXT).optional(),
      to: Target,
      parameters: Parameters.optional(),
      made: made.optional(),
    }),
    result: z.object({ turn: id }),
  },
  /** For good: all text of it leaves the log. A running turn is stopped first. */
  'sessions.delete': { params: z.object({ command, session }), result: done },
  'sessions.rename': {
    params: z.object({ command, session, title: z.string().trim().min(1).max(300) }),
    result: done,
  },
  /** Shows another try or wording: the branch moves to the newest leaf below `node`. */
  'sessions.select': { params: z.object({ command, session, node: id }), result: done },
  /** What is absent stays as it is. */
  'sessions.arrange': {
    params: z.object({ command, session, ...Arrangement.partial().shape }),
    result: done,
  },
  /** Deletes for good all that is in the trash, as a job. */
  'sessions.emptyTrash': { params: z.object({ command }), result: job },
  /** From now on; turns that run stay as they are. */
  'sessions.setWindow': { params: z.object({ command, session, window: HistoryWindow }), result: done },
  /** A message or an answer that is always sent along. */
  'sessions.pinNode': { params: z.object({ command, session, node: id, pinned: z.boolean() }), result: done },
  'sessions.nameBranch': {
    params: z.object({ command, session, branch: id, name: z.string().trim().min(1).max(100).nullable() }),
    result: done,
  },
  /** The newest first, 200 at most. */
  'sessions.branches': {
    params: z.object({ session }),
    result: z.object({ branches: z.array(Branch), total: z.number().int() }),
  },
  /**
   * A copy of what the session showed after an event, or of the path to a node, as a session of its own: new ids, the
   * same words and times. A turn that ran then is in it as far as it had come. `session` is there once it is whole; the
   * job tells how far it is.
   */
  'sessions.fork': {
    params: z.object({
      command,
      session,
      into: session,
      at: z.union([z.strictObject({ node: id }), z.strictObject({ seq: z.number().int().positive() })]),
      title: z.string().trim().min(1).max(300).optional(),
    }),
    result: job,
  },
  /**
   * Nodes of one path, root to head, by their place on it. `to`: the path's end, the session's head when absent.
   * `around`: a page with this node in its middle; when it is not on that path, of the path to the newest leaf below it.
   * Otherwise from `from` on; the newest page when absent.
   */
  'sessions.path': {
    params: z.object({
      session,
      to: id.optional(),
      around: id.optional(),
      from: z.number().int().nonnegative().optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    result: z.object({
      head: id,
      /** Nodes on the whole path. */
      length: z.number().int(),
      /** Steps from the root to the first of these. */
      from: z.number().int(),
      /** Maybe fewer than asked for: they fit a frame. */
      nodes: z.array(ViewNode),
      /** For each of them that has other tries or wordings beside it: all of these and itself, oldest first. */
      families: z.record(z.string(), z.array(id)),
      /** The sequence for which it is true. */
      seq: z.number().int(),
    }),
  },
  /** These nodes, whole; those that are not there are left out, and so are the last that would not fit a frame. */
  'sessions.nodes': {
    params: z.object({ session, nodes: z.array(id).min(1).max(50) }),
    result: z.object({ nodes: z.array(ViewNode), seq: z.number().int() }),
  },
  /** What would be sent along with a message to somebody, now. */
  'sessions.context': {
    params: z.object({ session, to: Target, text: z.string().max(MAX_TEXT).default('') }),
    result: z.object({
      budget: eventData('turn.sent').shape.budget,
      system: z.number(),
      summary: z.number(),
      pinned: z.object({ nodes: z.number().int(), tokens: z.number() }),
      history: z.object({ messages: z.number().int(), exchanges: z.number().int(), tokens: z.number() }),
      /** The oldest message of that history; null when there is none. */
      first: id.nullable(),
      leftOut: eventData('turn.sent').shape.leftOut,
      total: z.number(),
      estimated: z.boolean(),
    }),
  },
  /**
   * What was really sent for a turn, put together again from what the log refers to, a page of its messages. NOT_FOUND
   * for a turn of before this was recorded.
   */
  'turns.sent': {
    params: z.object({
      session,
      turn: id,
      from: offset.default(0),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    result: z.object({
      sent: eventData('turn.sent'),
      /** It is the same, sign by sign: its digest is. False: a text that it refers to is gone or differs. */
      exact: z.boolean(),
      system: z.string().nullable(),
      /** Messages in the request. */
      total: z.number().int(),
      messages: z.array(
        z.object({
          role: z.enum(['user', 'assistant', 'system']),
          text: z.string(),
          tokens: z.number(),
          /** Where it comes from; null for what Choragus itself added. */
          node: z.string().nullable(),
          why: z.enum(['history', 'pinned', 'summary', 'question', 'continued']),
        }),
      ),
    }),
  },
  /**
   * One page of the list, in the order of `sort`, newest first, titles from A on. `before`: the last row of the page
   * before; sorted by creation, its `createdAt` stands at `updatedAt`.
   */
  'sessions.list': {
    params: z.object({
      filter: SessionFilter.prefault({}),
      sort: SessionSort.default('updated'),
      before: z.object({ updatedAt: z.number(), id, title: z.string().optional() }).optional(),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    result: z.object({ sessions: z.array(SessionSummary), more: z.boolean() }),
  },
  /** Folders and tags that are in use, by name; what is in the trash does not count. */
  'sessions.groups': {
    params: z.object({}),
    result: z.object({
      folders: z.array(z.object({ name: z.string(), sessions: z.number().int() })),
      tags: z.array(z.object({ name: z.string(), sessions: z.number().int() })),
      archived: z.number().int(),
      trashed: z.number().int(),
    }),
  },
  /** All sessions of a folder go into another; `to: null`: into none. */
  'folders.rename': {
    params: z.object({ command, from: z.string().min(1).max(100), to: Arrangement.shape.folder }),
    result: z.object({ sessions: z.number().int() }),
  },
  /** Full-text search over every message and every answer; the index lags a second at most. */
  'search.find': {
    params: z.object({
      ...Query.shape,
      limit: z.number().int().min(1).max(100).default(30),
      /** `more` of the page before, with the same query. */
      after: z.string().max(200).optional(),
    }),
    result: z.object({ hits: z.array(Hit), more: z.string().nullable() }),
  },
  /** One event, whole. */
  'timeline.event': {
    params: z.object({ session, seq: z.number().int().positive() }),
    result: z.object({ event: RawEvent }),
  },

  /** A file that comes in pieces, such as one to import; forgotten an hour after its last piece. */
  'files.begin': {
    params: z.object({ name: fileName, bytes: z.number().int().nonnegative().max(20_000_000_000) }),
    result: z.object({ file: id }),
  },
  /** Pieces come in order; one that came already is no error. */
  'files.write': { params: z.object({ file: id, offset, piece }), result: done },
  'files.read': {
    params: z.object({ file: id, offset, bytes: z.number().int().min(1).max(500_000).default(500_000) }),
    result: z.object({ piece: z.string(), end: z.boolean() }),
  },
  'files.forget': { params: z.object({ file: id }), result: done },
  /** Sessions from a file of ours (JSON, or a zip of them): all of them or, when it is cancelled or fails, none. */
  'imports.start': { params: z.object({ file: id }), result: job },
  /** Absent `sessions`: all that are not in the trash. One session gives one file, several a zip. */
  'exports.start': {
    params: z.object({
      sessions: z.array(session).min(1).max(100_000).optional(),
      /** JSON has the whole tree and can be imported; the others have the branch that is shown. */
      format: z.enum(['json', 'markdown', 'html']),
    }),
    result: job,
  },
  'jobs.cancel': { params: z.object({ job: id }), result: done },

  'keeping.get': { params: z.object({}), result: z.object({ keeping: Keeping }) },
  'keeping.set': { params: z.object({ command, keeping: Keeping }), result: done },
  /** What these rules would delete now. */
  'keeping.preview': {
    params: z.object({ keeping: Keeping }),
    result: z.object({
      sessions: z.number().int(),
      messages: z.number().int(),
      /** UTF-16 units of text. */
      units: z.number(),
      /** The first twenty that would go. */
      first: z.array(SessionSummary),
    }),
  },
  'data.usage': {
    params: z.object({}),
    result: z.object({
      sessions: z.number().int(),
      messages: z.number().int(),
      /** Of the log file and its journal; of what is free in it; of all backups; of files that were set aside. */
      bytes: z.object({ log: z.number(), free: z.number(), backups: z.number(), setAside: z.number() }),
    }),
  },
  'data.backups': {
    params: z.object({}),
    result: z.object({ folder: z.string(), backups: z.array(Backup), problem: ProblemShape.nullable() }),
  },
  'data.backup': { params: z.object({}), result: job },
  'data.removeBackups': { params: z.object({ files: z.array(fileName).min(1).max(1000) }), result: done },
  /**
   * Puts a backup in the place of the log, which is kept as a backup itself, and starts the engines anew: every
   * connection ends soon after the answer. Clients get snapshots, for it is another epoch.
   */
  'data.restore': { params: z.object({ file: fileName }), result: done },
  /** Reads the whole file and compares what is computed with what it is computed from. */
  'data.check': { params: z.object({}), result: job },
  /** Packs cold pages and gives what is free in the file back to the disk. */
  'data.compact': { params: z.object({}), result: job },
  /** Nodes older than `before` (a sequence), newest page first, as the events that fold to them. */
  'sessions.older': {
    params: z.object({
      session,
      before: z.number().int().positive(),
      limit: z.number().int().min(1).max(200).default(100),
    }),
    result: z.object({ events: z.array(RawEvent), more: z.boolean() }),
  },

  /**
   * A person's message. While a turn of the session runs: `queue` (the default) keeps it until that turn is done,
   * `steer` stops the turn, keeps what came, and sends it now, `refuse` leaves everything as it is: BUSY. Only with
   * `queue` may the turn be null.
   */
  'messages.send': {
    params: z.object({
      command,
      session,
      message: id,
      text,
      to: Target,
      whileRunning: z.enum(['queue', 'steer', 'refuse']).default('queue'),
      /** For its own turn; one that was queued is answered as the specialist is set. */
      parameters: Parameters.optional(),
    }),
    result: z.object({ turn: id.nullable() }),
  },
  /** The same message in other words: a sibling of `replaces`, answered anew. */
  'messages.edit': {
    params: z.object({ command, session, replaces: id, message: id, text, to: Target }),
    result: z.object({ turn: id }),
  },
  'queue.edit': { params: z.object({ command, session, message: id, text, to: Target }), result: done },
  'queue.remove': { params: z.object({ command, session, message: id }), result: done },
  /** Now: stops a running turn first (a steer), or sends what a failed turn had left waiting. */
  'queue.send': { params: z.object({ command, session, message: id }), result: z.object({ turn: id }) },

  /** Reaches the provider's socket. A turn that has ended already is no error. */
  'turns.stop': { params: z.object({ command, session, turn: id }), result: done },
  /** Another try for the same message, by the same AI unless `to` names another. */
  'turns.retry': {
    params: z.object({ command, session, turn: id, to: Target.optional() }),
    result: z.object({ turn: id }),
  },
  /** Goes on where a failed, stopped, interrupted or length-limited turn broke off. */
  'turns.continue': { params: z.object({ command, session, turn: id }), result: z.object({ turn: id }) },

  /** Asks the provider for its models with a real request, then keeps it. A key goes to the secret store, never back. */
  'providers.connect': {
    params: z.object({ command, kind: z.enum(providerKinds), name, baseUrl, key: key.optional(), models }),
    result: z.object({ provider: id }),
  },
  /**
   * What is absent stays as it is. `key: ''` deletes the key. Another host in the address wants the key again, so that
   * it cannot be sent elsewhere by mistake. `models: []` lets the provider be asked again.
   */
  'providers.change': {
    params: z.object({
      command,
      provider: id,
      name: name.optional(),
      baseUrl: baseUrl.optional(),
      key: key.optional(),
      models,
      enabled: z.boolean().optional(),
    }),
    result: done,
  },
  'providers.remove': { params: z.object({ command, provider: id }), result: done },
  /** Asks the provider for its models again. */
  'providers.check': { params: z.object({ provider: id }), result: done },
  /** A real request: its models, then a short answer of one of them. What goes wrong is part of the result. */
  'providers.test': {
    params: z.object({ provider: id, model: z.string().min(1).max(300).optional() }),
    result: z.object({
      /** Null: the list could not be had. */
      models: z.object({ count: z.number().int().nonnegative(), ms: z.number().nonnegative() }).nullable(),
      answer: z
        .object({
          model: z.string(),
          firstTokenMs: z.number().nonnegative(),
          /** Null: too short to tell. */
          tokensPerSecond: z.number().nonnegative().nullable(),
          /** The answer came in one piece. */
          buffered: z.boolean(),
        })
        .nullable(),
      problem: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
    }),
  },
  /** Looks now for AI services that run on this computer. */
  'providers.look': { params: z.object({}), result: done },

  'specialists.get': {
    params: z.object({ specialist: id }),
    result: z.object({
      definition: SpecialistDefinition,
      /** As it came; null for one of the user's own. */
      shipped: SpecialistDefinition.nullable(),
    }),
  },
  'specialists.create': {
    params: z.object({ command, definition: SpecialistDefinition }),
    result: z.object({ specialist: id }),
  },
  'specialists.change': {
    params: z.object({ command, specialist: id, definition: SpecialistDefinition }),
    result: done,
  },
  /** A shipped one is as it came again; one of the user's own is gone. */
  'specialists.remove': { params: z.object({ command, specialist: id }), result: done },
  'automatic.set': { params: z.object({ command, automatic: Automatic }), result: done },

  /** What runs here, and where it keeps what. */
  'app.info': {
    params: z.object({}),
    result: z.object({
      version: z.string(),
      platform: z.string(),
      /** Name to version of what it is built on, such as Node and Electron. */
      versions: z.record(z.string(), z.string()),
      /** `config`: where the configuration file lies, or would lie. */
      data: z.object({ folder: z.string(), bytes: z.number().nonnegative(), config: z.string() }),
      secrets: z.object({
        /** Such as `GNOME Keyring` or `a file that only you can read`. */
        place: z.string(),
        /** False: whoever can read the file can read the keys. */
        sealed: z.boolean(),
        warning: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
      }),
    }),
  },
  'app.licences': {
    params: z.object({}),
    result: z.object({
      licences: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })),
    }),
  },
  /** Opens the data folder in the computer's file manager. UNSUPPORTED without a desktop. */
  'app.openDataFolder': { params: z.object({}), result: done },

  'gateway.get': { params: z.object({}), result: GatewayInfo },
  /** Answers when it listens, or when it is known why it cannot. */
  'gateway.set': {
    params: z.object({
      enabled: z.boolean(),
      port: z.number().int().min(0).max(65_535),
      /** As they are when absent. */
      origins: z.array(origin).max(20).optional(),
    }),
    result: GatewayInfo,
  },
  /** The token is told this once; only its hash is kept. */
  'gateway.addToken': {
    params: z.object({ name, scopes: z.array(Scope).min(1).default(['chat', 'read']) }),
    result: z.object({ id, token: z.string() }),
  },
  'gateway.removeToken': { params: z.object({ id }), result: done },

  /** Hangs up. A window or a program that wants to may come back; a request that streams has ended. */
  'connections.close': { params: z.object({ connection: id }), result: done },
} as const;

export const streams = {
  /**
   * A session from a cursor on, then live. Without a cursor, below the log's floor or from another epoch it starts with
   * a snapshot, which stands for all events up to its cursor. Folding what came equals folding the log.
   */
  'session.follow': {
    params: z.object({ session, cursor: cursor.optional() }),
    item: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('snapshot'),
        cursor,
        /** False when a cursor was given and could not be served from. */
        recovered: z.boolean(),
        /** Older nodes exist; ask `sessions.path`. */
        more: z.boolean(),
        view: View,
      }),
      z.object({ kind: z.literal('event'), cursor, event: RawEvent }),
    ]),
  },
  /**
   * One turn from a cursor on, to its end: after a restart too, and long after its parts were deleted. Joined pieces
   * may come; each says its offset. Without a usable cursor it begins at the beginning.
   */
  'turn.follow': {
    params: z.object({ turn: id, cursor: cursor.optional() }),
    item: z.discriminatedUnion('kind', [
      /** Always the first. `recovered` is false when a cursor was given and could not be served from. */
      z.object({
        kind: z.literal('begin'),
        cursor,
        session: z.string(),
        turn: z.string(),
        speaker: Speaker,
        state: TurnState,
        recovered: z.boolean(),
      }),
      z.object({ kind: z.literal('text'), cursor, offset: z.number().int().nonnegative(), text: z.string() }),
      z.object({ kind: z.literal('reasoning'), cursor, offset: z.number().int().nonnegative(), text: z.string() }),
      /** It waits before the next attempt. */
      z.object({
        kind: z.literal('waiting'),
        cursor,
        attempt: z.number().int(),
        ms: z.number(),
        problem: ProblemShape,
      }),
      /** The last. */
      z.object({
        kind: z.literal('end'),
        cursor,
        state: EndState,
        finish: FinishReason.nullable(),
        problem: ProblemShape.nullable(),
        usage: Usage.nullable(),
        timing: Timing.nullable(),
        buffered: z.boolean(),
      }),
    ]),
  },
  /**
   * What happened in a session, in order and then live, without the texts: `begin` first, then pages. For the end of a
   * turn its parts may be missing; `turn.timed` tells when they came.
   */
  'timeline.follow': {
    params: z.object({ session, cursor: cursor.optional() }),
    item: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('begin'),
        cursor,
        /** False: all is told from the beginning, although a cursor was given. */
        recovered: z.boolean(),
        title: z.string(),
        /** Events that are there now, about. */
        total: z.number().int(),
      }),
      z.object({ kind: z.literal('events'), cursor, events: z.array(TimelineEvent) }),
    ]),
  },
  /**
   * Jobs that run, and those that ended in the last ten minutes: the whole, at once and after each change. A program is
   * told of those that its access token made.
   */
  'jobs.follow': { params: z.object({}), item: z.object({ jobs: z.array(Job) }) },
  /** Who has this session open: everybody, at once and after each change. */
  'session.presence': { params: z.object({ session }), item: z.object({ here: z.array(Presence) }) },
  /** What happens, by topic: see topics.ts. From now on when there is no cursor. */
  'topics.follow': {
    params: z.object({
      topics: z.array(TopicPattern).min(1).max(50),
      /** Of `session.*` and `turn.*` those of this session only. */
      session: session.optional(),
      cursor: cursor.optional(),
    }),
    item: TopicItem,
  },
  /**
   * Who is connected: at once, and after each change, at most twice a second. Oldest first, 200 at most, with the one
   * that asks (`you`) among them; `total` counts them all.
   */
  'connections.follow': {
    params: z.object({}),
    item: z.object({ you: id, total: z.number().int(), connections: z.array(ConnectionInfo) }),
  },
  /** The newest sessions, then each one that changed or was deleted. */
  'sessions.follow': {
    params: z.object({}),
    item: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('list'), sessions: z.array(SessionSummary), more: z.boolean() }),
      z.object({ kind: z.literal('changed'), session: SessionSummary }),
      z.object({ kind: z.literal('gone'), session: z.string() }),
    ]),
  },
  /** Specialists, providers and models: the whole, at once and after each change. */
  'roster.follow': { params: z.object({}), item: Roster },
  /** What the menus of a desktop ask of this window. Nothing ever comes without a desktop. */
  'host.follow': {
    params: z.object({}),
    item: z.object({ ask: z.enum(['new-conversation', 'settings', 'commands', 'search', 'switch', 'shortcuts']) }),
  },
} as const;

export type CallName = keyof typeof calls;
export type StreamName = keyof typeof streams;
export type CallParams<M extends CallName> = z.input<(typeof calls)[M]['params']>;
export type CallResult<M extends CallName> = z.output<(typeof calls)[M]['result']>;
export type StreamItem<S extends StreamName> = z.output<(typeof streams)[S]['item']>;
