import { z } from 'zod';
import type { Event } from './events.ts';

/**
 * An event of a session as the timeline is told of it: texts are lengths (`units`, UTF-16), beside the first words of
 * messages and ends (`words`).
 */
export const TimelineEvent = z.object({
  seq: z.number().int().nonnegative(),
  at: z.number(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** First words that are told, in UTF-16 units. */
export const MOST_WORDS = 120;
const long = new Set(['text', 'reasoning', 'system', 'from']);
/** `system` of what was sent is no text but a reference. */
const isLong = (key: string, value: unknown): boolean =>
  long.has(key) && (key !== 'system' || typeof value === 'string');

/** Without its texts. Pure. */
export function slim({ seq, at, type, data }: Event): TimelineEvent {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) if (!isLong(key, value)) kept[key] = value;
  if ('text' in data) {
    kept.units = data.text.length;
    if (type !== 'turn.part' && type !== 'system.told') kept.words = data.text.slice(0, MOST_WORDS).toWellFormed();
  }
  if ('reasoning' in data && data.reasoning) kept.reasoningUnits = data.reasoning.length;
  if (type === 'turn.requested' && data.from !== undefined) {
    kept.from = data.from.turn;
    kept.units = data.from.text.length;
  }
  return { seq, at, type, data: kept };
}
