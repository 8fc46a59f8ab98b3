import type { Registry } from '../engines/discovery/registry.ts';
import type { Roster } from '../engines/discovery/roster.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { RosterSource } from './roster-source.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `providers.${string}`>>;

export function providerCalls(registry: Registry, roster: Roster, commands: Commands): Calls {
  return {
    'providers.connect': ({ command, ...wish }) => {
      // The key is no part of what is hashed and remembered.
      const { key: _, ...known } = wish;
      return commands.once('providers.connect', { command, ...known }, (remember) => registry.connect(wish, remember));
    },
    'providers.remove': (params) =>
      commands.once('providers.remove', params, async (remember) => {
        await registry.remove(params.provider, remember({}));
        return {};
      }),
    'providers.check': async ({ provider }) => {
      await roster.check(provider);
      return {};
    },
  };
}

export const providerStreams = (roster: Roster): Pick<StreamHandlers, 'roster.follow'> => ({
  'roster.follow': async () => new RosterSource(roster),
});
