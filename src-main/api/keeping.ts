import type { Retention } from '../engines/keeping/retention.ts';
import type { Rules } from '../engines/keeping/rules.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers } from './handlers.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `keeping.${string}`>>;

/** So many of those that would go are shown. */
const SHOWN = 20;

export const keepingCalls = (rules: Rules, retention: Retention, commands: Commands): Calls => ({
  'keeping.get': async () => ({ keeping: rules.keeping }),
  'keeping.set': (params) =>
    commands.once('keeping.set', params, async (remember) => {
      await rules.set(params.keeping, remember({}));
      return {};
    }),
  'keeping.preview': async ({ keeping }) => {
    const gone = await retention.plan(keeping);
    let [messages, units] = [0, 0];
    for (const session of gone) {
      messages += session.messages;
      units += session.units;
    }
    return { sessions: gone.length, messages, units, first: gone.slice(0, SHOWN) };
  },
});
