/**
 * Ours, limit, ours, limit, ...: what disturbs the machine for a while disturbs both. The first round of each warms up and
 * does not count.
 */
export async function interleave<O, L>(
  rounds: number,
  ours: () => Promise<O>,
  limit: () => Promise<L>,
): Promise<{ ours: O[]; limit: L[] }> {
  await ours();
  await limit();
  const measured: { ours: O[]; limit: L[] } = { ours: [], limit: [] };
  for (let round = 0; round < rounds; round++) {
    measured.ours.push(await ours());
    measured.limit.push(await limit());
  }
  return measured;
}

/** The same for any number of peers, which take turns in every round. */
export async function takeTurns<K extends string, T>(
  rounds: number,
  peers: Record<K, () => Promise<T>>,
): Promise<Record<K, T[]>> {
  const names = Object.keys(peers) as K[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = -1; round < rounds; round++)
    for (const name of names) {
      const result = await peers[name]();
      if (round >= 0) measured[name].push(result);
    }
  return measured;
}

/** The smallest value with at least `share` of all values at or below it. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

/** The median round: one that was disturbed says nothing about the others. */
export const medianOf = (rounds: readonly number[][], share: number) =>
  median(rounds.map((samples) => percentile(samples, share)));
