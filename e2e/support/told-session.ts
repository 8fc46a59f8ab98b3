import { openLog } from '../../src-main/log/open.ts';
import type { NewEvent } from '../../src-shared/domain/events.ts';
import type { EndState, Look, Speaker } from '../../src-shared/domain/things.ts';

/** A turn of a session that was made up, as its events have it. Times are wall clock. */
export interface ToldTurn {
  turn: string;
  who: string;
  start: number;
  queuedMs: number;
  firstTokenMs: number;
  durationMs: number;
  state: EndState;
}

export interface ToldSession {
  session: string;
  title: string;
  events: NewEvent[];
  turns: ToldTurn[];
}

/** They answer in turns; the last one seldom. */
const often = ['apollo', 'metis', 'rhetor'] as const;
export const seldom = 'telos';
const nameOf = (who: string) => who[0]!.toUpperCase() + who.slice(1);

/**
 * A conversation of so many events that was held before: an exchange after the other with short and long pauses, some
 * turns failed. The same every time.
 */
export function tellSession(events: number, session: string, from: number): ToldSession {
  const chance = dice(events);
  const told: ToldSession = { session, title: `A session of ${events} events`, events: [], turns: [] };
  const add = (at: number, type: NewEvent['type'], data: object) => told.events.push({ type, data, at } as NewEvent);
  const to = { specialist: 'apollo' };
  add(from, 'session.created', { title: told.title, to });
  let [time, parent] = [from + 200, null as string | null];
  for (let nth = 0; told.events.length + 5 <= events; nth++) {
    const who = chance() < 0.004 ? seldom : often[nth % often.length]!;
    const turn: ToldTurn = {
      turn: `${session}-t${nth}`,
      who,
      start: time + 40,
      queuedMs: Math.round(chance() * 400),
      firstTokenMs: 100 + Math.round(chance() * 900),
      durationMs: 2000 + Math.round(chance() * 6000),
      state: chance() < 0.02 ? 'failed' : 'done',
    };
    const message = `${session}-m${nth}`;
    add(time, 'message.added', { message, parent, text: `What about number ${nth}?`, to });
    addTurn(add, turn, message);
    told.turns.push(turn);
    parent = turn.turn;
    const end = turn.start + turn.queuedMs + turn.durationMs;
    time = end + Math.round(nth % 50 === 49 ? 600_000 + chance() * 40_000_000 : 500 + chance() * 9000);
  }
  // The rest of so many are names that it got.
  while (told.events.length < events) add(time, 'session.renamed', { title: told.title });
  return told;
}

function addTurn(add: (at: number, type: NewEvent['type'], data: object) => void, told: ToldTurn, parent: string) {
  const { turn, who, start, queuedMs, firstTokenMs, durationMs, state } = told;
  const look = { colour: who, glyph: who } as Look;
  const speaker: Speaker = {
    specialist: who,
    look,
    name: nameOf(who),
    provider: 'local',
    providerName: 'Local AI',
    model: 'test-model',
    offline: false,
  };
  const parts = Math.max(1, Math.floor((durationMs - firstTokenMs) / 400));
  const text = Array.from({ length: parts }, (_, index) => `piece ${index} of it. `).join('');
  const track: number[] = [];
  for (let index = 0; index < parts; index++) {
    const before = index === 0 ? 0 : `piece ${index - 1} of it. `.length;
    track.push(1, before, index === 0 ? firstTokenMs : 400);
  }
  const problem = { code: 'PROVIDER_BROKE_OFF', message: 'Local AI closed the connection.', next: 'Continue.' };
  add(start, 'turn.requested', { turn, parent, to: { specialist: who }, speaker });
  add(start + queuedMs, 'turn.connecting', { turn, attempt: 1 });
  add(start + queuedMs + durationMs, 'turn.finished', {
    turn,
    state,
    text,
    reasoning: '',
    seams: [],
    finish: state === 'done' ? 'stop' : null,
    problem: state === 'failed' ? problem : null,
    usage: { input: 100, output: parts * 4 },
    timing: { queuedMs, firstTokenMs, durationMs, tokensPerSecond: 10 },
    buffered: false,
  });
  add(start + queuedMs + durationMs, 'turn.timed', { turn, track });
}

/** Writes it into a data folder that nobody has open. */
export async function writeSession(dir: string, { session, events }: ToldSession): Promise<void> {
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
  const log = openLog({ dir, clock, random: Math.random });
  try {
    for (let from = 0; from < events.length; from += 1000)
      await log.append({ session, events: events.slice(from, from + 1000), durable: false });
  } finally {
    await log.close();
  }
}

/** Numbers between 0 and 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}
