import type { Clock } from '#shared/kit/clock.ts';

/** Does the work, whose signal is aborted after `ms`; then, whatever it says, what `late` gives is thrown. */
export async function within<T>(
  clock: Clock,
  ms: number,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.after(ms, () => controller.abort());
  const { signal } = controller;
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(late()), { once: true });
  });
  try {
    return await Promise.race([work(signal), ended]);
  } finally {
    cancel();
  }
}
