/** Calls whose `key` is a provider's key. */
const withKey: readonly string[] = ['providers.connect', 'providers.change'];

/** Whether a call carries what may never be written down outside of the secret store. */
export const carriesSecret = (method: string, params: object): boolean =>
  withKey.includes(method) && 'key' in params && typeof params.key === 'string' && params.key !== '';
