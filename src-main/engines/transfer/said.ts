import type { Node, TurnNode } from '#shared/domain/session.ts';

/** What a person reads about who said what when, in exports for people. Pure; times are of UTC, so that they mean the same everywhere. */

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const time = (at: number): string => `${moment.format(at)} UTC`;

/** `you` for a person's message. */
export const nameOf = (node: Node): string => (node.kind === 'message' ? 'You' : node.speaker.name);

/** `gpt-5 at OpenAI`, or that no language model was at work. */
export const modelOf = ({ speaker }: TurnNode): string =>
  speaker.offline ? `${speaker.model}, an offline model` : `${speaker.model} at ${speaker.providerName}`;

/** How it ended, when it did not end well; undefined when it did. */
export function endOf({ state, problem, text }: TurnNode): string | undefined {
  switch (state) {
    case 'done':
      return undefined;
    case 'failed':
      return problem === null ? 'The answer broke off.' : problem.message;
    case 'stopped':
      return text === '' ? 'Stopped before it began.' : 'Stopped here.';
    case 'interrupted':
      return 'Interrupted here: Choragus ended meanwhile.';
    default:
      return 'Still being answered when this was exported.';
  }
}
