import type { Clock } from '#shared/kit/clock.ts';
import type { ProviderPart, Take } from './provider.ts';

/** Waits on the handed-in clock; throws the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Lets the event loop do what else is due; throws the signal's reason when it was aborted. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Waits for somebody; throws the signal's reason as soon as it is aborted. */
export function until(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    const go = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
    promise.then(go, go);
  });
}

/** Gives part by part, with the patience that is asked for; throws the signal's reason when it was aborted. */
export const giver =
  (take: Take, signal: AbortSignal) =>
  (part: ProviderPart): Promise<void> | undefined => {
    signal.throwIfAborted();
    const patience = take(part);
    return patience === undefined ? undefined : until(patience, signal);
  };
