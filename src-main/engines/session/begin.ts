import type { NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Made, Parameters, Speaker, Target } from '#shared/domain/things.ts';
import { ask, titleOf } from './decide.ts';

/** Longest message that neighbours of the same role are joined to, in UTF-16 units: it must fit a frame of the wire. */
const MOST_JOINED = 160_000;

/** Of all that was said, in UTF-16 units: it is committed in one step, for which everybody else waits. */
const MOST_UNITS = 2_000_000;

/** One message of a conversation that was led elsewhere. */
export interface Said {
  role: 'user' | 'assistant';
  text: string;
}

export interface Beginning {
  history: readonly Said[];
  to: Target;
  speaker: Speaker;
  /** The last message, which is answered, and the turn that does. */
  message: string;
  turn: string;
  system?: string | undefined;
  parameters?: Parameters | undefined;
  made?: Made | undefined;
}

/**
 * A session that begins with a conversation: what was asked as messages, what was answered as turns that are done, then
 * the turn that is to answer the last. Pure; `newId` names the others. INVALID_PARAMS when nobody asks last.
 */
export function begin(beginning: Beginning, newId: () => string): NewEvent[] {
  const { to, speaker, message, turn, parameters, made } = beginning;
  const units = beginning.history.reduce((sum, { text }) => sum + text.length, 0);
  if (units > MOST_UNITS)
    throw new Problem(
      'INVALID_PARAMS',
      `The conversation has ${units.toLocaleString('en')} characters; a session may begin with ${MOST_UNITS.toLocaleString('en')}.`,
      'Leave out its older part.',
    );
  const said = joined(beginning.history);
  const last = said.pop();
  if (last?.role !== 'user')
    throw new Problem('INVALID_PARAMS', 'The last message is not from the user.', 'End with what is to be answered.');
  const opening = said[0]?.role === 'assistant' ? said.shift() : undefined;
  const events: NewEvent[] = [
    { type: 'session.created', data: { title: titleOf(last.text), to, ...(made === undefined ? {} : { made }) } },
  ];
  let parent: string | null = null;
  for (const { role, text } of said) {
    const id = newId();
    if (role === 'user') events.push({ type: 'message.added', data: { message: id, parent, text, to } });
    // Roles alternate from a question on, so there is one.
    else if (parent !== null) events.push(...answered(id, parent, text, to, speaker));
    parent = id;
  }
  const system = withOpening(beginning.system, opening?.text);
  return [...events, ...ask(parent, { message, text: last.text, to, turn, speaker, parameters, system })];
}

function answered(turn: string, parent: string, text: string, to: Target, speaker: Speaker): NewEvent[] {
  const end = { reasoning: '', seams: [], finish: 'stop', problem: null, usage: null, timing: null, buffered: false };
  return [
    { type: 'turn.requested', data: { turn, parent, to, speaker } },
    { type: 'turn.finished', data: { turn, state: 'done', text, ...end, finish: 'stop' } },
  ];
}

/** A tree begins with a question: an answer to none is told as what it was. */
function withOpening(system: string | undefined, opening: string | undefined): string | undefined {
  if (opening === undefined) return system;
  return [system, `You opened the conversation with these words:\n${opening}`].filter(Boolean).join('\n\n');
}

/** Neighbours of the same role as one, so that questions and answers alternate. */
function joined(history: readonly Said[]): Said[] {
  const said: Said[] = [];
  for (const { role, text } of history) {
    const before = said.at(-1);
    if (before?.role !== role) {
      said.push({ role, text });
      continue;
    }
    before.text += `\n\n${text}`;
    if (before.text.length > MOST_JOINED)
      throw new Problem(
        'INVALID_PARAMS',
        `Consecutive messages of one role are longer than ${MOST_JOINED.toLocaleString('en')} characters together.`,
        'Send less of the conversation.',
      );
  }
  return said;
}
