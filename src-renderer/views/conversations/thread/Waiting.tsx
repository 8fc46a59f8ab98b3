import type { ProblemCode } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import { useAfter, useCountdown } from '../../../state/use.ts';
import { Running } from '../../../ui/Sign.tsx';

const words: Partial<Record<ProblemCode, string>> = {
  PROVIDER_RATE_LIMITED: 'rate limited',
  PROVIDER_UNREACHABLE: 'not reachable',
  PROVIDER_FAILED: 'the provider failed',
  PROVIDER_EMPTY: 'an empty answer',
};

const wait = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`);

/** Before the first token: what it waits for, said after a moment; or why and when it is tried again. */
export function Waiting({ node: { state, waiting, speaker, attempt } }: { node: TurnNode }) {
  const late = useAfter(300);
  const seconds = useCountdown(waiting === null ? undefined : waiting.at + waiting.ms);
  if (waiting !== null) {
    const why = words[waiting.problem.code] ?? 'no answer';
    return (
      <p className="waiting" title={waiting.problem.message}>
        <Running />
        <span>
          <span className="warn">{why}</span>; next try {seconds ? `in ${wait(seconds)}` : 'now'}
        </span>
      </p>
    );
  }
  const word =
    state === 'queued'
      ? 'waiting for a free place'
      : attempt > 1
        ? `connecting, try ${attempt}`
        : speaker.offline
          ? 'at work'
          : 'connecting';
  return (
    <p className="waiting">
      <Running />
      {late && word}
    </p>
  );
}
