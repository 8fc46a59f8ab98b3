import type { Log } from '../log/log.ts';
import type { CallHandlers } from './handlers.ts';

export const searchCalls = (log: Log): Pick<CallHandlers, 'search.find'> => ({
  'search.find': ({ limit, after, ...query }) => log.find(query, after === undefined ? { limit } : { limit, after }),
});
