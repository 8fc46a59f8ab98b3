import { isRecord } from '#shared/kit/record.ts';
import type { Exchange } from './send.ts';

/** Names of fields and what an answer gave for them, to try what comes next with it. */
export type Known = Readonly<Record<string, string>>;

/** What the answers so far have told about turns and sessions, this one on top. */
export function learn(known: Known, { status, body, events }: Exchange): Known {
  if (status === null || status >= 300) return known;
  const told = events.length > 0 ? events.map(({ data }) => read(data)) : [read(body)];
  const newest = (name: string) =>
    told.findLast((each) => typeof each[name] === 'string')?.[name] as string | undefined;
  const id = newest('id');
  const last = events.at(-1)?.id;
  const learned = {
    turn: newest('turn_id'),
    // A session tells its window; what a turn tells of its session may be of one that is in no list.
    session: told.some((each) => 'context_window' in each) ? id : undefined,
    'last-event-id': last || undefined,
    last_event_id: last || undefined,
  };
  return {
    ...known,
    ...Object.fromEntries(Object.entries(learned).filter(([, value]) => value !== undefined)),
  } as Known;
}

function read(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
