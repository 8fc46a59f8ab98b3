import fc from 'fast-check';

const times = process.env.CHORAGUS_LONG === '1' ? 4 : 1;
const seed = process.env.CHORAGUS_SEED === undefined ? undefined : Number(process.env.CHORAGUS_SEED);
/** No test takes nearly as long. By then the smallest input that was found to fail is told, with its seed. */
const mostMs = 20_000 * times;

/** For a test that calls `fuzz` once. */
export const timeout = mostMs * 3;

/**
 * Tries so many inputs, four times as many with CHORAGUS_LONG=1. What fails is told with its seed; CHORAGUS_SEED tries the
 * same again.
 */
export async function fuzz<T>(
  inputs: fc.Arbitrary<T>,
  runs: number,
  attempt: (input: T) => Promise<unknown>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => void (await attempt(input))),
    {
      numRuns: runs * times,
      interruptAfterTimeLimit: mostMs,
      markInterruptAsFailure: true,
      ...(seed !== undefined && { seed }),
    },
  );
}
