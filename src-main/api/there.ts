import { Problem } from '#shared/domain/problem.ts';
import type { Log } from '../log/log.ts';

/** Throws NOT_FOUND for a session that is not there, or not whole yet. */
export async function mustBeThere(log: Pick<Log, 'shape'>, session: string): Promise<void> {
  const shape = await log.shape(session);
  if (shape === null || shape.job !== null) throw noSession(session);
}

export const noSession = (session: string) =>
  new Problem('NOT_FOUND', `There is no session ${session}.`, 'Choose one from the list.');
