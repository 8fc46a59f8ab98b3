import type { EventData } from '#shared/domain/events.ts';
import type { HistoryWindow } from '#shared/domain/things.ts';
import type { Answerer } from '../ports.ts';

/** How much may be sent, in tokens, and who says so. */
export type Budget = EventData<'turn.sent'>['budget'];

/** What a model takes of which nobody tells, in tokens. */
const ASSUMED = 32_000;
/** Kept free for the answer where nobody limits it, in tokens, but never more than a quarter of what the model takes. */
const ANSWER = 4096;
/** Of what the model takes: goes to what a provider puts around each message. */
const AROUND = 0.02;

/**
 * The limit that holds: of the window, or of the model less room for the answer, whichever is smaller. `maxTokens` is
 * the longest answer that is asked for.
 */
export function budgetOf(
  { tokens }: Pick<HistoryWindow, 'tokens'>,
  info: Answerer['info'],
  maxTokens: number | undefined,
): Budget {
  const takes = info?.contextWindow ?? ASSUMED;
  const answer = maxTokens ?? Math.min(info?.maxOutput ?? ANSWER, ANSWER, takes / 4);
  // An answer as long as all that the model takes leaves no room by the figures; half of it is for what is asked.
  const model = Math.floor(Math.max(takes - answer - takes * AROUND, takes / 2));
  if (tokens !== null && tokens <= model) return { tokens, of: 'window' };
  return { tokens: model, of: info?.contextWindow === undefined ? 'assumed' : 'model' };
}

/** The longest summary that goes along, in tokens. */
export const summaryTokens = ({ tokens }: Budget): number => Math.min(1500, Math.floor(tokens / 8));
