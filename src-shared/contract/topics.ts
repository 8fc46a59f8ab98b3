import { z } from 'zod';
import { ConnectionInfo } from '../domain/connections.ts';
import { type EventType, eventData } from '../domain/events.ts';

/**
 * What happens, by topic. There are two sorts. What is *kept* comes from the log: in order, each once, and from a cursor
 * on also what happened while nobody listened. What is *present* tells how things are now: all of it at the beginning of
 * a follow, then each change; what changed while nobody listened is not told twice.
 */
const inSession = <T extends EventType>(type: T) => eventData(type).extend({ session: z.string() });

/** Topic to the event of the log that it tells. */
export const keptTopics = {
  'session.created': 'session.created',
  'session.renamed': 'session.renamed',
  'session.deleted': 'session.deleted',
  'session.arranged': 'session.arranged',
  'session.window': 'window.set',
  'session.moved': 'head.moved',
  'session.message': 'message.added',
  'session.queued': 'queue.added',
  'session.requeued': 'queue.edited',
  'session.unqueued': 'queue.removed',
  'turn.requested': 'turn.requested',
  'turn.connecting': 'turn.connecting',
  'turn.waiting': 'turn.waiting',
  'turn.part': 'turn.part',
  'turn.finished': 'turn.finished',
} as const satisfies Record<string, EventType>;

export const topics = {
  /** Of what is copied or imported this is all that is told: when it is whole, with that cursor. */
  'session.created': inSession('session.created'),
  'session.renamed': inSession('session.renamed'),
  'session.deleted': inSession('session.deleted'),
  /** Pinned, put in a folder, tagged, archived, put in the trash or taken out of it. */
  'session.arranged': inSession('session.arranged'),
  'session.window': inSession('window.set'),
  /** Another answer or wording is shown. */
  'session.moved': inSession('head.moved'),
  'session.message': inSession('message.added'),
  'session.queued': inSession('queue.added'),
  'session.requeued': inSession('queue.edited'),
  'session.unqueued': inSession('queue.removed'),
  'turn.requested': inSession('turn.requested'),
  'turn.connecting': inSession('turn.connecting'),
  'turn.waiting': inSession('turn.waiting'),
  /** Of a turn that has ended since the cursor they may be missing: its end has all their text. */
  'turn.part': inSession('turn.part'),
  'turn.finished': inSession('turn.finished'),

  /** Present: with whom a specialist works now, or why with nobody. */
  'specialist.status': z.object({
    specialist: z.string(),
    name: z.string(),
    /** `gone`: it was one of the user's own, and was removed. */
    status: z.enum(['ready', 'unreachable', 'needs-model', 'gone']),
    provider: z.string().nullable(),
    model: z.string().nullable(),
  }),
  /** Present. */
  'connection.opened': ConnectionInfo,
  'connection.closed': z.object({ id: z.string() }),
  /** Present: something the user should know. */
  'system.notice': z.object({ message: z.string(), next: z.string().optional() }),
  /** The cursor could not be served from: what happened since is not told. Take snapshots, and go on from here. */
  'system.reset': z.object({}),
} as const;

export type Topic = keyof typeof topics;
export const topicNames = Object.keys(topics) as [Topic, ...Topic[]];
/** What may be followed: one topic, or all whose names begin alike, such as `turn.*`; `*` is all that the caller may follow. */
export const TopicPattern = z.enum([
  ...topicNames,
  '*',
  'session.*',
  'turn.*',
  'specialist.*',
  'connection.*',
  'system.*',
]);
export type TopicPattern = z.infer<typeof TopicPattern>;

/** The topics that are meant. */
export const topicsOf = (pattern: TopicPattern): Topic[] =>
  topicNames.filter((topic) => pattern === '*' || pattern === topic || pattern === `${topic.split('.')[0]}.*`);

/** `data` is what `topics` says; it is checked by its schema where it is made. Follow again from the last `cursor`. */
export const TopicItem = z.object({
  topic: z.enum(topicNames),
  cursor: z.string(),
  /** Wall clock. */
  at: z.number(),
  data: z.record(z.string(), z.unknown()),
});
export type TopicItem = z.infer<typeof TopicItem>;
