import type { TurnNode } from '#shared/domain/session.ts';
import { aboutTokens, type Figures, firstTokenMs, rate } from '../../../state/figures.ts';
import { counted, duration, perSecond } from '../../../ui/format.ts';

/** Under an answer that still comes. Tokens are counted from its letters until the provider has told. */
export function liveFacts(figures: Figures | undefined, units: number): string[] {
  const first = figures === undefined ? null : firstTokenMs(figures);
  const perS = figures === undefined ? null : rate(figures);
  return [
    ...(first === null ? [] : [`first token ${duration(first)}`]),
    ...(perS === null ? [] : [perSecond(perS)]),
    `about ${counted(aboutTokens(units), 'token')}`,
  ];
}

/** Under an answer that ran when the connection was lost. */
export const lastSeen = ({ state, text }: TurnNode): string[] => [
  `last seen ${state}`,
  ...(text === '' ? [] : [`about ${counted(aboutTokens(text.length), 'token')}`]),
];

/** Under an answer that has ended: how, if it was not by itself, and what it measured. */
export function endFacts({ state, finish, usage, timing, speaker, buffered, text, seams }: TurnNode): string[] {
  const counts =
    usage?.output === undefined ? '' : `${usage.estimated ? 'about ' : ''}${counted(usage.output, 'token')}`;
  // What came before a seam was counted under the answer that broke off.
  const continued = seams.length > 0;
  const tokens = counts !== '' && continued ? `${counts} after the seam` : counts;
  const after = tokens === '' || text === '' ? '' : continued ? ` ${tokens}` : ` after ${tokens}`;
  const end =
    state === 'stopped'
      ? [`stopped${after}`]
      : state === 'interrupted'
        ? [`interrupted${after}`]
        : finish === 'length'
          ? [`length limit reached${after}`]
          : finish === 'filter'
            ? ['ended by the provider’s filter']
            : [];
  const first = timing?.firstTokenMs;
  const perS = timing?.tokensPerSecond;
  if (speaker.offline) return [...end, ...(timing === null ? [] : [`done in ${duration(timing.durationMs)}`])];
  if (buffered && timing !== null)
    return [...end, `answered in ${duration(timing.durationMs)}`, ...(tokens ? [tokens] : [])];
  return [
    ...end,
    ...(first == null ? [] : [`first token ${duration(first)}`]),
    ...(perS == null ? [] : [perSecond(perS)]),
    ...(tokens === '' || end.length > 0 ? [] : [tokens]),
  ];
}
