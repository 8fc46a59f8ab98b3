import type { Bar } from '../../state/timeline/bar.ts';
import type { Item, Lane } from '../../state/timeline/lanes.ts';
import type { Timeline } from '../../state/timeline/model.ts';
import { momentOf } from '../../state/timeline/moment.ts';
import { counted, duration, ordinal, perSecond } from '../../ui/format.ts';
import { actWords } from './words.ts';

/** What the state of a turn is called. */
export const stateWords: Record<Bar['state'], string> = {
  queued: 'in the queue',
  connecting: 'to first token',
  streaming: 'streaming',
  done: 'done',
  failed: 'failed',
  stopped: 'stopped',
  interrupted: 'interrupted',
};

/** What a screen reader calls a bar or mark; `now` is when a running one is looked at. */
export function nameOf(timeline: Timeline, item: Item, now: number): string {
  if (item.kind === 'turn') return turnName(item, now);
  return item.kind === 'message' ? `You, message: ${item.words}` : `You, ${actWords(timeline.events[item.index]!)}`;
}

function turnName(bar: Bar, now: number): string {
  const { speaker, nth, state, first, start, end, timing, seams, buffered, problem, waits } = bar;
  const rate = timing?.tokensPerSecond ?? momentOf(bar, now)?.rate ?? null;
  const facts = [
    state === 'streaming'
      ? `streaming ${duration(Math.max(0, now - (first ?? start)))}`
      : end === null
        ? `${stateWords[state]} ${duration(Math.max(0, now - start))}`
        : `${stateWords[state]} after ${duration(end - start)}`,
    ...(rate === null || speaker.offline || buffered ? [] : [perSecond(rate)]),
    ...(buffered ? ['buffered'] : []),
    ...(waits.length > 0 ? [counted(waits.length, 'retry', 'retries')] : []),
    ...(seams.length > 0 ? [counted(seams.length, 'seam')] : []),
    ...(problem === null ? [] : [problem.message]),
  ];
  return `${speaker.name}, ${ordinal(nth)} turn, ${facts.join(', ')}`;
}

/** What stands below the name of a lane. */
export function laneFacts({ speaker, items, retries, seams, broken }: Lane): string {
  if (speaker === null)
    return counted(
      items.reduce((sum, { kind }) => sum + (kind === 'message' ? 1 : 0), 0),
      'message',
    );
  const failed = broken.reduce((sum, { state }) => sum + (state === 'failed' ? 1 : 0), 0);
  return [
    counted(items.length, 'turn'),
    ...(retries > 0 ? [counted(retries, 'retry', 'retries')] : []),
    ...(seams > 0 ? [counted(seams, 'seam')] : []),
    ...(failed > 0 && retries === 0 ? [`${failed} failed`] : []),
  ].join(', ');
}
