import type { Casting } from '../engines/discovery/casting.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers } from './handlers.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `${'specialists' | 'automatic'}.${string}`>>;

export function specialistCalls(casting: Casting, commands: Commands): Calls {
  return {
    'specialists.get': async ({ specialist }) => casting.get(specialist),
    'specialists.create': (params) =>
      commands.once('specialists.create', params, (remember) => casting.create(params.definition, remember)),
    'specialists.change': (params) =>
      commands.once('specialists.change', params, async (remember) => {
        await casting.change(params.specialist, params.definition, remember({}));
        return {};
      }),
    'specialists.remove': (params) =>
      commands.once('specialists.remove', params, async (remember) => {
        await casting.remove(params.specialist, remember({}));
        return {};
      }),
    'automatic.set': (params) =>
      commands.once('automatic.set', params, async (remember) => {
        await casting.setAutomatic(params.automatic, remember({}));
        return {};
      }),
  };
}
