import type { CallResult } from '#shared/contract/contract.ts';
import type { CallHandlers } from './handlers.ts';

/** What a host tells of itself and of the computer that it runs on. Each may reject with a Problem. */
export interface App {
  info(): Promise<CallResult<'app.info'>>;
  licences(): Promise<CallResult<'app.licences'>>;
  openDataFolder(): Promise<void>;
}

export const appCalls = (app: App): Pick<CallHandlers, Extract<keyof CallHandlers, `app.${string}`>> => ({
  'app.info': () => app.info(),
  'app.licences': () => app.licences(),
  'app.openDataFolder': async () => {
    await app.openDataFolder();
    return {};
  },
});
