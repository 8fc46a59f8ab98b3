import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { TurnEnd } from '../turn-end.ts';

/** In one pull. */
const MOST_ITEMS = 64;

/**
 * The items of a source as they come; the source is closed when the loop is left. `idle` is yielded whenever there is
 * nothing more at the moment. Throws what the signal aborts with.
 */
export async function* itemsOf<Item>(source: Source<Item>, signal: AbortSignal): AsyncGenerator<Item | 'idle', void> {
  let ready = false;
  let wake = () => {};
  source.onReady(() => {
    ready = true;
    wake();
  });
  const abort = () => wake();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      signal.throwIfAborted();
      ready = false;
      const items = await source.pull(MOST_ITEMS);
      if (items === null) return;
      yield* items;
      if (items.length > 0) continue;
      yield 'idle';
      if (!ready && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal.removeEventListener('abort', abort);
    source.close();
  }
}

export type TurnItem = StreamItem<'turn.follow'>;
type Begin = Extract<TurnItem, { kind: 'begin' }>;

/** What there is of a turn. */
export interface TurnSoFar {
  begin: Begin;
  text: string;
  /** Null: it runs. */
  end: TurnEnd | null;
  cursor: string;
}

/** Reads a turn to its end, or as far as it is now. */
export async function readTurn(
  source: Source<TurnItem>,
  signal: AbortSignal,
  until: 'now' | 'end',
): Promise<TurnSoFar> {
  let begin: Begin | undefined;
  let end: TurnEnd | null = null;
  let text = '';
  let cursor = '';
  for await (const item of itemsOf(source, signal)) {
    if (item === 'idle') {
      if (until === 'now' && begin !== undefined) break;
      continue;
    }
    cursor = item.cursor;
    if (item.kind === 'begin') begin = item;
    else if (item.kind === 'text') text = text.slice(0, item.offset) + item.text;
    else if (item.kind === 'end') {
      end = item;
      break;
    }
  }
  if (begin === undefined) throw new Problem('INTERNAL', 'A turn gave nothing.', 'Try again.');
  return { begin, text, end, cursor };
}
