import type { Scope } from '../domain/gateway.ts';
import type { CallName, StreamName } from './contract.ts';

/**
 * Which scopes of an access token open what: one of those named is enough, and `admin` opens everything that is named at
 * all. `user`: the person at the computer alone, by way of a window or the data folder's own token.
 */
export const scopes: Record<CallName | StreamName, readonly Scope[] | 'user'> = {
  'server.hello': ['chat', 'read'],
  'server.ping': ['chat', 'read'],

  'sessions.create': ['chat'],
  'sessions.begin': ['chat'],
  'sessions.rename': ['chat'],
  'sessions.select': ['chat'],
  'sessions.delete': ['chat'],
  'sessions.list': ['read'],
  'sessions.older': ['chat', 'read'],
  'sessions.arrange': ['chat'],
  'sessions.emptyTrash': ['admin'],
  'sessions.setWindow': ['chat'],
  'sessions.pinNode': ['chat'],
  'sessions.nameBranch': ['chat'],
  'sessions.branches': ['chat', 'read'],
  'sessions.fork': ['chat'],
  'sessions.path': ['chat', 'read'],
  'sessions.nodes': ['chat', 'read'],
  'sessions.context': ['chat', 'read'],
  'sessions.groups': ['read'],
  'folders.rename': ['admin'],
  'search.find': ['read'],
  'timeline.event': ['chat', 'read'],
  'turns.sent': ['chat', 'read'],
  'files.begin': ['chat'],
  'files.write': ['chat'],
  'files.read': ['chat', 'read'],
  'files.forget': ['chat', 'read'],
  'imports.start': ['chat'],
  'exports.start': ['read'],
  'jobs.cancel': ['chat', 'read'],
  'keeping.get': ['admin'],
  'keeping.set': ['admin'],
  'keeping.preview': ['admin'],
  'data.usage': ['admin'],
  'data.backups': ['admin'],
  'data.backup': ['admin'],
  'data.removeBackups': ['admin'],
  'data.restore': 'user',
  'data.check': ['admin'],
  'data.compact': ['admin'],
  'messages.send': ['chat'],
  'messages.edit': ['chat'],
  'queue.edit': ['chat'],
  'queue.remove': ['chat'],
  'queue.send': ['chat'],
  'turns.stop': ['chat'],
  'turns.retry': ['chat'],
  'turns.continue': ['chat'],

  'providers.connect': ['admin'],
  'providers.change': ['admin'],
  'providers.remove': ['admin'],
  'providers.check': ['admin'],
  'providers.test': ['admin'],
  'providers.look': ['admin'],
  'specialists.get': ['read'],
  'specialists.create': ['admin'],
  'specialists.change': ['admin'],
  'specialists.remove': ['admin'],
  'automatic.set': ['admin'],

  'app.info': ['admin'],
  'app.licences': ['read'],
  'app.openDataFolder': 'user',
  'gateway.get': ['admin'],
  'gateway.set': 'user',
  'gateway.addToken': 'user',
  'gateway.removeToken': 'user',
  'connections.close': ['admin'],

  'session.follow': ['chat', 'read'],
  'turn.follow': ['chat', 'read'],
  'timeline.follow': ['chat', 'read'],
  'jobs.follow': ['chat', 'read'],
  'session.presence': ['chat', 'read'],
  'topics.follow': ['read'],
  'connections.follow': ['admin'],
  'sessions.follow': ['read'],
  'roster.follow': ['chat', 'read'],
  'host.follow': 'user',
};

/** `given`: the scopes of an access token; `user` opens everything. */
export function opens(name: CallName | StreamName, given: readonly Scope[] | 'user'): boolean {
  const wanted = scopes[name];
  if (given === 'user') return true;
  return wanted !== 'user' && (given.includes('admin') || wanted.some((scope) => given.includes(scope)));
}
