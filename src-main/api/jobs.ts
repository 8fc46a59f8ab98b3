import type { Jobs } from '../engines/jobs/jobs.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { JobsSource } from './jobs-source.ts';

export const jobCalls = (jobs: Jobs): Pick<CallHandlers, 'jobs.cancel'> => ({
  'jobs.cancel': async ({ job }) => {
    jobs.cancel(job);
    return {};
  },
});

export const jobStreams = (jobs: Jobs): Pick<StreamHandlers, 'jobs.follow'> => ({
  'jobs.follow': async () => new JobsSource(jobs),
});
