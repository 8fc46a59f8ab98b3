import type { CDPSession } from '@playwright/test';
import { type Row, ratioBelow, row } from '../harness/rows.ts';
import type { Behaviour } from '../streaming/behaviours.ts';
import { newId } from '../streaming/conversation.ts';
import { type Stand, show } from './stand.ts';

const MINUTES = 5;
const SESSIONS = 12;
/** More than a window keeps of a session: what is shown stays as much as it is, and whatever grows is held by mistake. */
const EXCHANGES = 110;

/** What a window holds after a while of streaming, beside what it held at the start. */
export async function heap(stand: Stand): Promise<Row[]> {
  const all = await Promise.all(Array.from({ length: SESSIONS }, () => talk(stand)));
  const shown = all[0]!;
  for (let exchange = 0; exchange < EXCHANGES; exchange++) await shown.ask('whole-essay');
  await show(stand.page, shown.session);
  const session = await stand.page.context().newCDPSession(stand.page);
  const streamed = (until: number) =>
    Promise.all(
      all.map(async ({ ask }) => {
        do await ask('essay');
        while (performance.now() < until);
      }),
    );
  await streamed(0);
  const start = await held(session);
  await streamed(performance.now() + MINUTES * 60_000);
  const end = await held(session);
  const name = `heap of the window after ${MINUTES} min with ${SESSIONS} streams of 100 tokens/s, one painted, beside the start (MB)`;
  return [row('window', name, ratioBelow(1.2), end, start)];
}

/** A new session that answers one message after the other. */
async function talk({ client }: Stand): Promise<{ session: string; ask(model: Behaviour): Promise<void> }> {
  const session = newId();
  await client.call('sessions.create', { command: newId(), session });
  let finished = Promise.withResolvers<void>();
  client.follow(
    'session.follow',
    () => ({ session }),
    (items) => {
      if (items.some((item) => item.kind === 'event' && item.event.type === 'turn.finished')) finished.resolve();
    },
    { onProblem: (problem) => finished.reject(problem) },
  );
  return {
    session,
    async ask(model) {
      finished = Promise.withResolvers();
      const to = { provider: 'bench', model };
      await client.call('messages.send', { command: newId(), session, message: newId(), text: model, to });
      await finished.promise;
    },
  };
}

/** MB of JavaScript and of what the page's elements hold, nothing collectable among them. */
async function held(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
  return (usedSize + embedderHeapUsedSize) / 2 ** 20;
}
