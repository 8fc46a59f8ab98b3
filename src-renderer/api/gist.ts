import { isRecord } from '#shared/kit/record.ts';

/** The same in every event of a stream. */
const constant = ['type', 'specialist_id', 'request_id', 'session_id'];

/** What an event is, and what it says beside that: names and values as JSON. */
export function gist(data: string): { type: string; facts: [string, string][] } {
  const event = read(data);
  const facts = Object.entries(event).filter(([name]) => !constant.includes(name));
  return {
    type: typeof event.type === 'string' ? event.type : 'event',
    facts: facts.map(([name, value]) => [name, JSON.stringify(value)]),
  };
}

function read(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return isRecord(value) ? value : { data: value };
  } catch {
    return { data };
  }
}
