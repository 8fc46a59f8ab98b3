import { Problem } from '#shared/domain/problem.ts';
import type { Log } from '../log/log.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';
import { TimelineSource } from './timeline-source.ts';

export const timelineCalls = (log: Log): Pick<CallHandlers, 'timeline.event'> => ({
  'timeline.event': async ({ session, seq }) => {
    const event = await log.event(session, seq);
    if (event !== null) return { event: { ...event } };
    throw new Problem(
      'NOT_FOUND',
      `Session ${session} has no event ${seq} any more.`,
      'Parts of an answer go when it has ended; its end has all of their text.',
    );
  },
});

export const timelineStreams = (log: Log): Pick<StreamHandlers, 'timeline.follow'> => ({
  'timeline.follow': ({ session, cursor }) => TimelineSource.open(log, session, cursor),
});
