import type { Event, NewEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession, type SessionView } from '#shared/domain/session.ts';
import { countedIds } from '#shared/kit/testing/ids.ts';
import { EventsOf } from '../events-of.ts';
import type { SessionFile } from '../format.ts';
import { SessionReading } from '../reading.ts';
import { JsonWriter } from '../worker/json-writer.ts';

/** As the log would have them. */
export const committed = (session: string, events: readonly NewEvent[]): Event[] =>
  events.map((event, index) => ({ at: 0, ...event, session, seq: index + 1, version: 1 }) as Event);

export const folded = (events: readonly Event[]): SessionView =>
  events.reduce(foldSession, emptySession(events[0]?.session ?? ''));

/** The file of a session with these events, written in pages of `page`. */
export function textOf(events: readonly Event[], page = events.length): string {
  const writer = new JsonWriter();
  let text = writer.begin(folded(events));
  for (const part of ['systems', 'nodes', 'summaries'] as const)
    for (let at = 0; at < events.length; at += page) text += writer.add(part, events.slice(at, at + page));
  return text + writer.end();
}

/** What an import makes of a file, read in chunks of `chunk` bytes. */
export function eventsIn(
  file: string | Buffer,
  chunk = Number.POSITIVE_INFINITY,
): { events: NewEvent[]; unknown: string[] } {
  const made = new EventsOf(countedIds());
  const events: NewEvent[] = [];
  const reading = new SessionReading({
    head: (head) => void events.push(...made.head(head, 'job')),
    queued: (message) => made.queued(message),
    system: (system) => void events.push(...made.system(system)),
    node: (node) => void events.push(...made.node(node)),
    summary: (summary) => void events.push(...made.summary(summary)),
  });
  const bytes = Buffer.from(file as string);
  for (let at = 0; at < bytes.length; at += chunk) reading.push(bytes.subarray(at, at + chunk));
  reading.end();
  events.push(...made.end());
  return { events, unknown: [...reading.unknown] };
}

export const parsed = (text: string): SessionFile => JSON.parse(text) as SessionFile;
