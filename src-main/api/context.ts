import type { Sessions } from '../engines/session/sessions.ts';
import type { Windows } from '../engines/session/window/windows.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers } from './handlers.ts';

type Calls = Pick<CallHandlers, 'sessions.setWindow' | 'sessions.pinNode' | 'sessions.context'>;

const nothing = {};

/** What is sent along with messages: how that is chosen, and what it would be now. */
export function contextCalls(sessions: Sessions, windows: Windows, commands: Commands): Calls {
  return {
    'sessions.setWindow': (params) =>
      commands.once('sessions.setWindow', params, async (remember) => {
        await sessions.setWindow(params.session, params.window, remember(nothing));
        return nothing;
      }),
    'sessions.pinNode': (params) =>
      commands.once('sessions.pinNode', params, async (remember) => {
        await sessions.pinNode(params.session, params.node, params.pinned, remember(nothing));
        return nothing;
      }),
    'sessions.context': ({ session, to, text }) => windows.context(session, to, text),
  };
}
