import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import type { EventData, NewEvent } from '../../src-shared/domain/events.ts';

const to = { specialist: 'noesis' };
const speaker = {
  specialist: 'noesis',
  name: 'Noesis',
  provider: 'offline',
  providerName: 'Offline models',
  model: 'analysis',
  offline: true,
};
/** Events of one step. */
const STEP = 500;

/** Of a conversation that is written into a data folder: ids tell the place. */
export const message = (n: number) => `message-${n}`;
export const turn = (n: number) => `turn-${n}`;

/**
 * Writes a conversation of so many exchanges into the data folder of a Choragus that does not run: `Question 7` is
 * answered with `Answer 7`. `more` comes after them.
 */
export async function write(dir: string, session: string, exchanges: number, more: NewEvent[] = []): Promise<void> {
  const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
  const events: NewEvent[] = [{ type: 'session.created', data: { title: 'A long conversation', to } }];
  for (let n = 1; n <= exchanges; n++) events.push(...exchange(n, n === 1 ? null : turn(n - 1)));
  events.push(...more);
  for (let from = 0; from < events.length; from += STEP)
    await log.append({ session, events: events.slice(from, from + STEP), durable: false });
  await log.indexed();
  await log.close();
}

export function exchange(n: number, parent: string | null, words = ''): NewEvent[] {
  const [question, answer] = [
    `Question ${n}${words}`,
    `Answer ${n}${words}. ${'It goes on for a while. '.repeat(n % 7)}`,
  ];
  return [
    { type: 'message.added', data: { message: message(n), parent, text: question, to } },
    { type: 'turn.requested', data: { turn: turn(n), parent: message(n), to, speaker } },
    { type: 'turn.finished', data: finished(n, answer.trim()) },
  ];
}

const finished = (n: number, text: string): EventData<'turn.finished'> => ({
  turn: turn(n),
  state: 'done',
  text,
  reasoning: '',
  seams: [],
  finish: 'stop',
  problem: null,
  usage: null,
  timing: { queuedMs: 0, firstTokenMs: 5, durationMs: 20, tokensPerSecond: null },
  buffered: false,
});
