import type { Log } from '../log/log.ts';

/** The sequence that a cursor stands for; undefined when it is of another epoch, or beyond the log. */
export function sequenceOf(log: Pick<Log, 'epoch' | 'position'>, cursor: string): number | undefined {
  const [epoch, sequence] = cursor.split(':');
  const after = Number(sequence);
  return epoch === log.epoch && after <= log.position ? after : undefined;
}
