import { fits } from '#shared/wire/frame.ts';
import type { Sessions } from '../engines/session/sessions.ts';
import type { Log } from '../log/log.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { ListSource } from './list-source.ts';
import { SessionSource } from './session-source.ts';
import { TurnSource } from './turn-source.ts';

type Area = 'sessions' | 'messages' | 'queue' | 'turns';
type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `${Area}.${string}`>>;

const nothing = {};

export function sessionCalls(log: Log, sessions: Sessions, commands: Commands): Calls {
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
    'sessions.select': (params) =>
      commands.once('sessions.select', params, async (remember) => {
        await sessions.select(params.session, params.node, remember(nothing));
        return nothing;
      }),
    'sessions.list': (params) =>
      log.summaries(
        params.before === undefined ? { limit: params.limit } : { before: params.before, limit: params.limit },
      ),
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
    'session.follow': async ({ session, cursor }) => new SessionSource(log, session, cursor),
    'turn.follow': ({ turn, cursor }) => TurnSource.open(log, turn, cursor),
    'sessions.follow': async () => new ListSource(log),
  };
}
