import { type Topic, type TopicPattern, topicsOf } from '#shared/contract/topics.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Log } from '../log/log.ts';
import type { StreamHandlers } from './handlers.ts';
import { Present, type PresentEngines } from './topics-present.ts';
import { TopicsSource } from './topics-source.ts';

/** `mayFollowConnections`: whether the caller may know who else is connected. */
export const topicStreams = (
  engines: PresentEngines & { log: Log },
  mayFollowConnections: boolean,
): Pick<StreamHandlers, 'topics.follow'> => ({
  'topics.follow': async ({ topics, session, cursor }) => {
    const wanted = named(topics, mayFollowConnections);
    return new TopicsSource(engines.log, engines.clock, new Present(engines, wanted), { wanted, session, cursor });
  },
});

/** The topics that are meant. Throws FORBIDDEN for what the caller asks by name and may not follow. */
function named(patterns: readonly TopicPattern[], mayFollowConnections: boolean): Set<Topic> {
  const wanted = new Set<Topic>();
  for (const pattern of patterns) {
    for (const topic of topicsOf(pattern)) {
      if (mayFollowConnections || !topic.startsWith('connection.')) wanted.add(topic);
      else if (pattern !== '*')
        throw new Problem(
          'FORBIDDEN',
          `This access token does not allow to follow ${pattern}.`,
          'Use a token with the scope admin; they are made in Settings under Gateway.',
        );
    }
  }
  return wanted;
}
