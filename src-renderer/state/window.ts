import type { CallResult } from '#shared/contract/contract.ts';
import type { HistoryWindow } from '#shared/domain/things.ts';
import { count, counted } from '../ui/format.ts';

/** What of a history goes along, as one chooses it; tokens and exchanges together are a program's choice. */
export type WindowKind = 'all' | 'exchanges' | 'tokens';

/** Where one begins who chooses a number. */
const USUAL = { exchanges: 12, tokens: 8000 };
/** What the contract takes. */
export const RANGE = { exchanges: { min: 1, max: 10_000 }, tokens: { min: 200, max: 10_000_000 } } as const;

export const kindOf = ({ exchanges, tokens }: HistoryWindow): WindowKind =>
  exchanges !== null ? 'exchanges' : tokens !== null ? 'tokens' : 'all';

/** The same window by another rule. */
export function withKind(window: HistoryWindow, kind: WindowKind): HistoryWindow {
  if (kind === kindOf(window)) return window;
  return {
    ...window,
    exchanges: kind === 'exchanges' ? USUAL.exchanges : null,
    tokens: kind === 'tokens' ? USUAL.tokens : null,
  };
}

/** A number that was typed, within what is taken; null: it is none. */
export function within(kind: keyof typeof RANGE, typed: string): number | null {
  const value = Number(typed.trim().replace(/[,\s]/g, ''));
  if (typed.trim() === '' || !Number.isFinite(value)) return null;
  return Math.min(RANGE[kind].max, Math.max(RANGE[kind].min, Math.round(value)));
}

/** `last 12 exchanges`. */
export function windowText({ exchanges, tokens }: HistoryWindow): string {
  const last = exchanges === 1 ? 'the message alone' : exchanges === null ? '' : `last ${count(exchanges)} exchanges`;
  const most = tokens === null ? '' : `${count(tokens)} tokens`;
  return [last, most].filter(Boolean).join(', ') || 'all that fits';
}

export type Context = CallResult<'sessions.context'>;

/** One part of what is sent. */
export interface Part {
  kind: 'system' | 'summary' | 'pinned' | 'history' | 'message';
  label: string;
  tokens: number;
}

/** What is sent, part by part, in order; what is not there is left out. */
export function partsOf({ system, summary, pinned, history, total }: Context): Part[] {
  const message = total - system - summary - pinned.tokens - history.tokens;
  const parts: Part[] = [
    { kind: 'system', label: 'System text', tokens: system },
    { kind: 'summary', label: 'What was before, in short', tokens: summary },
    { kind: 'pinned', label: `Pinned, ${counted(pinned.nodes, 'message')}`, tokens: pinned.tokens },
    { kind: 'history', label: `History, ${counted(history.exchanges, 'exchange')}`, tokens: history.tokens },
    { kind: 'message', label: 'Your message', tokens: message },
  ];
  return parts.filter(({ tokens }) => tokens > 0);
}

/** Why older messages are not sent. */
export const leftOutBecause: Record<NonNullable<Context['leftOut']>['reason'], string> = {
  exchanges: 'The history window ends there.',
  tokens: 'The token budget is used up.',
  model: 'The model takes no more.',
  since: 'They were forgotten.',
};
