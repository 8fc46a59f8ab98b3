import type { Event } from '#shared/domain/events.ts';

/** The text in an event, in UTF-16 units. */
export function units({ data }: Event): number {
  const body = 'from' in data ? data.from : data;
  if (body === undefined) return 0;
  return ('text' in body ? body.text.length : 0) + ('reasoning' in body ? (body.reasoning?.length ?? 0) : 0);
}
