import type { HistoryWindow } from '#shared/domain/things.ts';
import type { TimelineEvent } from '#shared/domain/timeline.ts';
import type { Timeline } from '../../state/timeline/model.ts';
import { told } from '../../state/timeline/told.ts';
import { count, counted, duration } from '../../ui/format.ts';

const ABOUT_UNITS = 4;
const quoted = (words: string | undefined, units = 0): string =>
  words ? `“${words.replace(/\s+/g, ' ').trim()}${units > words.length ? '…' : ''}”` : '';
const joined = (...words: (string | false | undefined)[]): string => words.filter(Boolean).join(', ');

/** One line that tells what an event says. */
export function eventWords(timeline: Timeline, event: TimelineEvent): string {
  const known = told(event);
  switch (known.type) {
    case 'message.added':
      return quoted(known.data.words, known.data.units);
    case 'turn.requested': {
      const { speaker, from } = known.data;
      const whom = `${speaker.model} on ${speaker.providerName}`;
      return from === undefined ? `asked of ${whom}` : `goes on where the answer broke off, ${whom}`;
    }
    case 'turn.sent': {
      const { messages, total, estimated, leftOut } = known.data;
      return joined(
        counted(messages, 'message'),
        `${estimated ? 'about ' : ''}${counted(total, 'token')}`,
        leftOut !== null && `${count(leftOut.messages)} left out`,
      );
    }
    case 'turn.connecting': {
      const queue = timeline.barOf(event);
      const after = queue === undefined ? 0 : timeline.line.of(event.at) - queue.start;
      return known.data.attempt > 1
        ? `attempt ${known.data.attempt}`
        : after >= 1
          ? `after ${duration(after)} in the queue`
          : 'at once';
    }
    case 'turn.waiting':
      return `${known.data.problem.message} Next try in ${duration(known.data.ms)}.`;
    case 'turn.part': {
      const { units = 0, reasoningUnits = 0, offset } = known.data;
      const tokens = Math.ceil((units + reasoningUnits) / ABOUT_UNITS);
      return joined(`about ${counted(tokens, 'token')}`, units === 0 ? 'reasoning' : `offset ${count(offset)}`);
    }
    case 'turn.finished': {
      const { state, problem, usage, timing, buffered, seams } = known.data;
      const tokens = usage?.output && `${usage.estimated ? 'about ' : ''}${counted(usage.output, 'token')}`;
      if (problem !== null) return `${problem.message}${tokens ? ` ${tokens} came and are kept.` : ''}`;
      return joined(
        (state !== 'done' || (!tokens && timing === null)) && state,
        tokens || undefined,
        timing !== null && `in ${duration(timing.durationMs)}`,
        buffered && 'buffered',
        seams.length > 0 && counted(seams.length, 'seam'),
      );
    }
    case 'turn.timed':
      return `${counted(known.data.track.length / 3, 'part')} and when they came`;
    default:
      return actWords(event);
  }
}

const windowWords = ({ exchanges, tokens, summary, since }: HistoryWindow): string =>
  joined(
    exchanges === null ? 'as many exchanges as fit' : `last ${counted(exchanges, 'exchange')}`,
    tokens !== null && `at most ${counted(tokens, 'token')}`,
    summary && 'the rest in short',
    since !== null && 'from a message on',
  );

/** What a person did, or the session was given. */
export function actWords(event: TimelineEvent): string {
  const { data } = event;
  const known = told(event);
  switch (known.type) {
    case 'session.created': {
      const { title, forked } = known.data;
      return joined(`“${title}”`, forked && `a copy up to event ${forked.seq} of another session`);
    }
    case 'session.renamed':
      return `renamed to “${known.data.title}”`;
    case 'session.arranged':
      return joined(...Object.entries(known.data).map(([what, value]) => `${what}: ${String(value ?? 'none')}`));
    case 'queue.added':
      return `queued ${quoted(known.data.words, known.data.units)}`;
    case 'queue.edited':
      return `changed in the queue to ${quoted(known.data.words, known.data.units)}`;
    case 'queue.removed':
      return known.data.reason === 'sent' ? 'sent from the queue' : 'removed from the queue';
    case 'node.pinned':
      return known.data.pinned ? 'pinned a message' : 'unpinned a message';
    case 'branch.named':
      return known.data.name === null ? 'took the name of a branch away' : `named a branch “${known.data.name}”`;
    case 'head.moved':
      return 'went to another branch';
    case 'history.summarized':
      return joined('summary', known.data.by === null ? 'by an offline model' : `by ${known.data.by.name}`);
    default:
      if (event.type === 'window.set') return `history window: ${windowWords(data.window as HistoryWindow)}`;
      if (event.type === 'system.told') return `system text of ${counted(Number(data.units ?? 0), 'character')}`;
      return event.type;
  }
}
