import type { ConnectionInfo, ConnectionKind, Presence } from '#shared/domain/connections.ts';

/** The sign of each kind, and what it is called where its own name does not say it. */
export const kinds: Readonly<Record<ConnectionKind, { sign: string; word: string }>> = {
  window: { sign: 'computer', word: 'Window' },
  rpc: { sign: 'program', word: 'Program' },
  ws: { sign: 'program', word: 'Program' },
  request: { sign: 'request', word: 'Request' },
};

/** A window introduces itself as one; who did not say a name has that of its kind. */
export const nameOf = ({ kind, name }: Pick<Presence, 'kind' | 'name'>): string =>
  kind === 'window' || name === '' || name === 'unknown' ? kinds[kind].word : name;

const ways: Readonly<Record<ConnectionKind, string>> = {
  window: 'in a browser',
  rpc: 'at /rpc',
  ws: 'at /ws/ai',
  request: 'streams over HTTP',
};

/** By which way it came in and by whose leave: `at /rpc, token Nightly report`. */
export function wayOf({ kind, address, token }: Pick<ConnectionInfo, 'kind' | 'address' | 'token'>): string {
  const way = address === null ? 'on the desktop' : ways[kind];
  if (token !== null) return `${way}, token ${token.name}`;
  return kind === 'window' ? way : `${way}, your own token`;
}

export const placeOf = ({ address }: Pick<ConnectionInfo, 'address'>): string => address ?? 'This computer';

/** Everybody by name, those with the same name counted: `Window, 2 × openai-node`. */
export function namesOf(here: readonly Pick<Presence, 'kind' | 'name'>[]): { sign: string; text: string }[] {
  const found = new Map<string, { sign: string; name: string; count: number }>();
  for (const each of here) {
    const name = nameOf(each);
    const key = `${each.kind} ${name}`;
    const { count } = found.get(key) ?? { count: 0 };
    found.set(key, { sign: kinds[each.kind].sign, name, count: count + 1 });
  }
  return [...found.values()].map(({ sign, name, count }) => ({
    sign,
    text: count === 1 ? name : `${count} × ${name}`,
  }));
}
