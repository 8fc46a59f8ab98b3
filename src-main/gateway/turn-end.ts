import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';

export type TurnEnd = Extract<StreamItem<'turn.follow'>, { kind: 'end' }>;

/** Why a turn ended without being done. */
export function turnProblem({ state, problem }: TurnEnd): Problem {
  if (problem !== null) return new Problem(problem.code, problem.message, problem.next);
  if (state === 'stopped') return new Problem('STOPPED', 'This answer was stopped; what had come is kept.');
  return new Problem(
    'DISCONNECTED',
    'Choragus ended while this answer was given; what had come is kept.',
    'Ask again, or continue the answer in Choragus.',
  );
}
