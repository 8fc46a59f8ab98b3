import type { EventData, EventOf, NewEvent } from '#shared/domain/events.ts';
import type { Log } from '../../log/log.ts';

/** Events that are read at once. */
const PAGE = 128;

export type CutLog = Pick<Log, 'follow'>;

/** What of a turn had come at some moment, and when its pieces came. */
interface Cut {
  text: string;
  reasoning: string;
  track: number[];
  at: number;
}

/**
 * A turn that ran at the sequence `limit`, as far as it had come then: its end as *stopped*, and its timing track. Told by
 * its parts; where they are gone, by where the timing track of its end says that the next piece began.
 */
export async function stoppedAt(
  log: CutLog,
  session: string,
  request: EventOf<'turn.requested'>,
  limit: number,
): Promise<NewEvent[]> {
  const { turn, from } = request.data;
  const byParts = await cutByParts(log, session, request, limit);
  const { text, reasoning, track, at } = byParts ?? (await cutByTrack(log, session, request, limit));
  const end: EventData<'turn.finished'> = {
    turn,
    state: 'stopped',
    text,
    reasoning,
    seams: from?.seams ?? [],
    finish: null,
    problem: null,
    usage: null,
    timing: null,
    buffered: false,
  };
  const events: NewEvent[] = [{ type: 'turn.finished', data: end, at }];
  if (track.length > 0) events.push({ type: 'turn.timed', data: { turn, track }, at });
  return events;
}

/** Undefined: the turn has ended since, and not all of its parts are there any more. */
async function cutByParts(
  log: CutLog,
  session: string,
  { seq, at: asked, data: { turn, from } }: EventOf<'turn.requested'>,
  limit: number,
): Promise<Cut | undefined> {
  const cut: Cut = { text: from?.text ?? '', reasoning: from?.reasoning ?? '', track: [], at: asked };
  let [ended, began] = [false, asked];
  let last = { offset: 0, at: asked };
  const types = ['turn.connecting', 'turn.part', 'turn.finished'] as const;
  for await (const event of events(log, session, [...types], seq)) {
    if (!('turn' in event.data) || event.data.turn !== turn) continue;
    if (event.type === 'turn.finished') {
      ended = true;
      break;
    }
    if (event.seq > limit) {
      if (event.type !== 'turn.part') continue;
      // One that came later: where it begins tells whether all before it were there.
      if (event.data.offset !== cut.text.length) return undefined;
      break;
    }
    if (event.type === 'turn.connecting') {
      began = event.at;
      last = { offset: 0, at: began };
    }
    if (event.type !== 'turn.part') continue;
    const { offset, text, reasoningOffset = cut.reasoning.length, reasoning = '' } = event.data;
    if (offset !== cut.text.length || reasoningOffset !== cut.reasoning.length) return undefined;
    cut.text += text;
    cut.reasoning += reasoning;
    cut.track.push(0, offset - last.offset, Math.max(0, event.at - last.at));
    cut.at = event.at;
    last = { offset, at: event.at };
  }
  return ended && cut.track.length === 0 ? undefined : cut;
}

async function cutByTrack(
  log: CutLog,
  session: string,
  { seq: asked, at, data: { turn, from } }: EventOf<'turn.requested'>,
  limit: number,
): Promise<Cut> {
  let end: EventData<'turn.finished'> | undefined;
  for await (const event of events(log, session, ['turn.finished', 'turn.timed'], asked)) {
    if (!('turn' in event.data) || event.data.turn !== turn) continue;
    if (event.type === 'turn.finished') end = event.data;
    else if (event.type === 'turn.timed' && end !== undefined) return cutTrack(event.data.track, end, limit, from, at);
  }
  return { text: from?.text ?? '', reasoning: from?.reasoning ?? '', track: [], at };
}

/** Where the first piece after `limit` began; all of it when the last one had come. */
function cutTrack(
  track: readonly number[],
  end: EventData<'turn.finished'>,
  limit: number,
  from: EventData<'turn.requested'>['from'],
  asked: number,
): Cut {
  const kept: number[] = [];
  // A copy was never streamed: it all came with its end.
  if (track[0] === 0) return { text: from?.text ?? '', reasoning: from?.reasoning ?? '', track: kept, at: asked };
  let [seq, offset, ms] = [0, 0, 0];
  for (let index = 0; index + 2 < track.length; index += 3) {
    seq += track[index]!;
    offset += track[index + 1]!;
    if (seq > limit) {
      const text = end.text.slice(0, offset);
      const begun = offset > (from?.text.length ?? 0);
      return { text, reasoning: begun ? end.reasoning : (from?.reasoning ?? ''), track: kept, at: asked + ms };
    }
    ms += track[index + 2]!;
    kept.push(0, track[index + 1]!, track[index + 2]!);
  }
  return { text: end.text, reasoning: end.reasoning, track: kept, at: asked + ms };
}

async function* events(log: CutLog, session: string, types: Parameters<Log['follow']>[0]['types'] & {}, after: number) {
  const follower = log.follow({ session, types, after, ready: () => {} });
  try {
    for (let page = await follower.read(PAGE); page.length > 0; page = await follower.read(PAGE)) yield* page;
  } finally {
    follower.close();
  }
}
