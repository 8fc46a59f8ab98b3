import { type HistoryWindow, usualWindow } from '#shared/domain/things.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Answerer, SessionLog } from '../../src-main/engines/session/ports.ts';
import { Summarizer } from '../../src-main/engines/session/window/summarizer.ts';
import { Tokens } from '../../src-main/engines/session/window/tokens.ts';
import { Windows } from '../../src-main/engines/session/window/windows.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import type { Log } from '../../src-main/log/log.ts';
import { median } from '../harness/rounds.ts';
import { atMost, none, type Row, row } from '../harness/rows.ts';
import { fill, said } from './conversations.ts';

/** Turns that a session has had when it is measured, and those that are. */
const BEFORE = [10, 100, 1000, 10_000];
const TURNS = 20;
const windows: Record<string, HistoryWindow> = {
  'all that fits': usualWindow,
  'last 12 exchanges': { ...usualWindow, exchanges: 12 },
};

const newId = () => uuidv7(systemClock.now(), cryptoRandom);
const answerer: Answerer = {
  speaker: { specialist: 'athena', name: 'Athena', provider: 'p', providerName: 'P', model: 'm-4', offline: false },
  provider: { id: 'p', prefill: true } as Answerer['provider'],
  system: 'You are of help.',
  temperature: undefined,
  maxTokens: undefined,
};
const directory = { known: async () => {}, resolve: () => answerer };

/** Everything that a turn is sent with, one turn after the other, with what is done after each as in the app. */
export async function context(log: Log): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, before] of BEFORE.entries()) {
    const shape = { sessions: 1, exchanges: before, seed: 20 + index };
    const [session] = (await fill(log, shape, Date.now())).sessions as [string];
    for (const [name, window] of Object.entries(windows)) {
      await log.append({ session, events: [{ type: 'window.set', data: { window } }], durable: false });
      const took = await turns(log, session, window);
      const which = `context of turn ${before.toLocaleString('en')} and on, ${name}`;
      rows.push(
        row('sessions', `${which}, p50 of ${TURNS} (ms)`, atMost(2), median(took)),
        row('sessions', `${which}, slowest (ms)`, none, Math.max(...took)),
      );
    }
  }
  return rows;
}

async function turns(log: Log, session: string, window: HistoryWindow): Promise<number[]> {
  const made = new Windows({ log, directory, newId, logger: console, tokens: new Tokens(null, systemClock) });
  const summarizer = new Summarizer({
    ...{ log: log as SessionLog, directory, windows: made, newId, logger: console },
    ask: () => Promise.reject(new Error('There is no model.')),
    keep: async (session, data) => {
      await log.append({ session, events: [{ type: 'history.summarized', data }], durable: false });
      return true;
    },
  });
  await summarizer.after(session);
  const took: number[] = [];
  // The first warms up.
  for (let nth = -1; nth < TURNS; nth++) {
    const { head } = (await log.shape(session))!;
    const [message, turn] = [newId(), newId()];
    const [asked, answered] = said(message, turn, head);
    await log.append({ session, events: asked, durable: false });
    const start = performance.now();
    const { request } = await made.ask(
      { session, turn, message, window, from: undefined, parameters: undefined, system: undefined },
      answerer,
    );
    if (nth >= 0) took.push(performance.now() - start);
    if (request.messages.length < 10) throw new Error('Almost nothing was sent along.');
    await log.append({ session, events: answered, durable: false });
    await summarizer.after(session);
  }
  summarizer.close();
  return took;
}
