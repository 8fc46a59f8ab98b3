import { fits } from '#shared/wire/frame.ts';
import type { Folders } from '../engines/session/folders.ts';
import type { Sessions } from '../engines/session/sessions.ts';
import type { Trash } from '../engines/session/trash.ts';
import type { Log } from '../log/log.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { ListSource } from './list-source.ts';
import { SessionSource } from './session-source.ts';
import { noSession } from './there.ts';
import { TurnSource } from './turn-source.ts';

type Calls = Pick<
  CallHandlers,
  | 'sessions.create'
  | 'sessions.begin'
  | 'sessions.delete'
  | 'sessions.rename'
  | 'sessions.arrange'
  | 'sessions.emptyTrash'
  | 'sessions.list'
  | 'sessions.groups'
  | 'sessions.older'
  | 'folders.rename'
  | Exclude<Extract<keyof CallHandlers, `${'messages' | 'queue' | 'turns'}.${string}`>, 'turns.sent'>
>;

export interface SessionEngines {
  log: Log;
  sessions: Sessions;
  folders: Folders;
  trash: Trash;
  commands: Commands;
}

const nothing = {};

export function sessionCalls({ log, sessions, folders, trash, commands }: SessionEngines): Calls {
  return {
    'sessions.create': (params) =>
      commands.once('sessions.create', params, async (remember) => {
        await sessions.create(params, remember(nothing));
        return nothing;
      }),
    'sessions.begin': (params) =>
      commands.once('sessions.begin', params, (remember) => sessions.begin(params, remember)),
    'sessions.delete': (params) =>
      commands.once('sessions.delete', params, async (remember) => {
        await sessions.delete(params.session, remember(nothing));
        return nothing;
      }),
    'sessions.rename': (params) =>
      commands.once('sessions.rename', params, async (remember) => {
        await sessions.rename(params.session, params.title, remember(nothing));
        return nothing;
      }),
    'sessions.arrange': (params) =>
      commands.once('sessions.arrange', params, async (remember) => {
        const { command: _, session, ...wish } = params;
        await sessions.arrange(session, wish, remember(nothing));
        return nothing;
      }),
    'sessions.emptyTrash': (params) =>
      commands.once('sessions.emptyTrash', params, (remember) => trash.empty(remember)),
    'sessions.list': ({ filter, sort, before, limit }) =>
      log.summaries({ filter, sort, limit, ...(before !== undefined && { before }) }),
    'sessions.groups': () => log.groups(),
    'folders.rename': (params) =>
      commands.once('folders.rename', params, (remember) => folders.rename(params.from, params.to, remember)),
    'sessions.older': async ({ session, before, limit }) => {
      for (let count = limit; ; count = Math.ceil(count / 2)) {
        const page = await log.older(session, before, count);
        if (count === 1 || fits(page)) return { ...page, events: page.events.map((event) => ({ ...event })) };
      }
    },
    'messages.send': (params) => commands.once('messages.send', params, (remember) => sessions.send(params, remember)),
    'messages.edit': (params) => commands.once('messages.edit', params, (remember) => sessions.edit(params, remember)),
    'queue.edit': (params) =>
      commands.once('queue.edit', params, async (remember) => {
        const { session, message, text, to } = params;
        await sessions.editQueued(session, message, text, to, remember(nothing));
        return nothing;
      }),
    'queue.remove': (params) =>
      commands.once('queue.remove', params, async (remember) => {
        await sessions.unqueue(params.session, params.message, remember(nothing));
        return nothing;
      }),
    'queue.send': (params) =>
      commands.once('queue.send', params, (remember) => sessions.sendQueued(params.session, params.message, remember)),
    // Its effect is the same the second time, so it needs no row.
    'turns.stop': async ({ session, turn }) => {
      await sessions.stop(session, turn);
      return nothing;
    },
    'turns.retry': (params) =>
      commands.once('turns.retry', params, (remember) =>
        sessions.retry(params.session, params.turn, params.to, remember),
      ),
    'turns.continue': (params) =>
      commands.once('turns.continue', params, (remember) => sessions.continue(params.session, params.turn, remember)),
  };
}

export function sessionStreams(log: Log): Pick<StreamHandlers, 'session.follow' | 'turn.follow' | 'sessions.follow'> {
  return {
    'session.follow': async ({ session, cursor }) => {
      // Without a cursor the snapshot says so; with one a session may be followed that is not there yet.
      if (cursor !== undefined && (await log.shape(session))?.job) throw noSession(session);
      return new SessionSource(log, session, cursor);
    },
    'turn.follow': ({ turn, cursor }) => TurnSource.open(log, turn, cursor),
    'sessions.follow': async () => new ListSource(log),
  };
}
