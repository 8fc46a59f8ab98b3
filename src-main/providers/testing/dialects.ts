import type { DialectSpec } from '../provider.suite.ts';
import * as streams from './streams.ts';

/** The dialects that more than one kind speaks, as the suite wants them. */

/** What those cannot show whose answers a package reads. */
export const byPackage: NonNullable<DialectSpec['cannot']> = {
  synchronous: 'a package reads it by streams of its own',
};

export const bearer: DialectSpec['keyHeader'] = ['authorization', (key) => `Bearer ${key}`];

export const chatCompletions: Omit<DialectSpec, 'kind'> = {
  path: '/v1/chat/completions',
  keyHeader: bearer,
  stream: streams.openaiStream,
  leading: 1,
  trailing: 2,
  whole: streams.openaiWhole,
  error: streams.openaiError,
  said: streams.chatSaid,
  list: streams.chatList,
};

export const responses: Omit<DialectSpec, 'kind'> = {
  path: '/v1/responses',
  keyHeader: bearer,
  stream: streams.responsesStream,
  leading: 3,
  trailing: 0,
  whole: streams.responsesWhole,
  error: streams.responsesError,
  said: streams.responsesSaid,
  list: streams.chatList,
  cannot: { ...byPackage, 'late figures': 'its finish has them, and is its end' },
};
