import type { Scope } from '#shared/domain/gateway.ts';

export const scopeWords: Readonly<Record<Scope, { name: string; about: string }>> = {
  chat: {
    name: 'Chat',
    about: 'Talk to specialists and models, in sessions whose id it knows or in none.',
  },
  read: { name: 'Read', about: 'See every session and everything that happens.' },
  admin: {
    name: 'Admin',
    about: 'Both, and change providers and specialists, see and close connections.',
  },
};

export const allScopes: readonly Scope[] = ['chat', 'read', 'admin'];

/** `admin` includes the others: beside it they say nothing. */
export const least = (scopes: readonly Scope[]): readonly Scope[] =>
  scopes.includes('admin') ? ['admin'] : allScopes.filter((scope) => scopes.includes(scope));

/** What somebody who has the token can do, after "Who has it can". */
export function holderCan(scopes: readonly Scope[]): string {
  if (scopes.includes('admin')) return 'read and send everything here, and change all but the gateway';
  if (!scopes.includes('read')) return 'talk here, in sessions whose id they know or in none';
  return scopes.includes('chat') ? 'read and send everything here' : 'read everything here';
}
