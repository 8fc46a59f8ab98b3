import type { Lookout } from '../engines/discovery/lookout.ts';
import type { Providers } from '../engines/discovery/providers.ts';
import type { Registry } from '../engines/discovery/registry.ts';
import type { Roster } from '../engines/discovery/roster.ts';
import type { Trials } from '../engines/discovery/trial.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { RosterSource } from './roster-source.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `providers.${string}`>>;

export interface ProviderEngines {
  registry: Registry;
  providers: Providers;
  trials: Trials;
  lookout: Lookout;
}

export function providerCalls({ registry, providers, trials, lookout }: ProviderEngines, commands: Commands): Calls {
  return {
    'providers.connect': ({ command, ...wish }) => {
      // The key is no part of what is hashed and remembered.
      const { key: _, ...known } = wish;
      return commands.once('providers.connect', { command, ...known }, (remember) => registry.connect(wish, remember));
    },
    'providers.change': ({ command, provider, ...wish }) => {
      const { key: _, ...known } = wish;
      return commands.once('providers.change', { command, provider, ...known }, async (remember) => {
        await registry.change(provider, wish, remember({}));
        return {};
      });
    },
    'providers.remove': (params) =>
      commands.once('providers.remove', params, async (remember) => {
        await registry.remove(params.provider, remember({}));
        return {};
      }),
    'providers.check': async ({ provider }) => {
      await providers.check(provider);
      return {};
    },
    'providers.test': ({ provider, model }) => trials.run(provider, model),
    'providers.look': async () => {
      await lookout.look();
      return {};
    },
  };
}

export const providerStreams = (roster: Roster, lookout: Lookout): Pick<StreamHandlers, 'roster.follow'> => ({
  'roster.follow': async () => new RosterSource(roster, lookout.follow()),
});
