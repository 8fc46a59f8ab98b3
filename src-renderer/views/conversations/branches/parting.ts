import type { CallParams, CallResult } from '#shared/contract/contract.ts';

type Page = CallResult<'sessions.path'>;
/** Asks for a page of a path of one session. */
export type AskPath = (params: Omit<CallParams<'sessions.path'>, 'session'>) => Promise<Page>;

/** Steps from the root to where two paths part: the first place at which different nodes stand. */
export async function partingOf(
  ask: AskPath,
  left: Pick<Page, 'head' | 'length'>,
  right: typeof left,
): Promise<number> {
  const same = async (place: number) => {
    const [a, b] = await Promise.all(
      [left.head, right.head].map(async (to) => (await ask({ to, from: place, limit: 1 })).nodes[0]?.id),
    );
    return a !== undefined && a === b;
  };
  // Up to where they part they are the same, and never again after it.
  let [low, high] = [0, Math.min(left.length, right.length)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (await same(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
