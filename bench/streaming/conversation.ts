import type { EventData } from '#shared/domain/events.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Client } from '#shared/wire/client.ts';
import { cryptoRandom } from '../../src-main/hosts/clock.ts';
import type { Behaviour } from './behaviours.ts';

export const newId = () => uuidv7(Date.now(), cryptoRandom);

export interface Conversation {
  readonly session: string;
  /** Resolves with the turn's id. */
  send(model: Behaviour, words?: string): Promise<string>;
  readonly finished: Promise<EventData<'turn.finished'>>;
}

/** A new session, created and followed through the public client, for one turn. Resolves when it is followed. */
export async function converse(client: Client, seen: (text: string) => void): Promise<Conversation> {
  const session = newId();
  await client.call('sessions.create', { command: newId(), session });
  const following = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<EventData<'turn.finished'>>();
  let length = 0;
  const hear = (text: string) => {
    length += text.length;
    if (text !== '') seen(text);
  };
  const follow = client.follow(
    'session.follow',
    () => ({ session }),
    (items) => {
      for (const item of items) {
        if (item.kind === 'snapshot') following.resolve();
        else if (item.event.type === 'turn.part') hear((item.event.data as EventData<'turn.part'>).text);
        else if (item.event.type === 'turn.finished') {
          const end = item.event.data as EventData<'turn.finished'>;
          // What came last stands only there.
          hear(end.text.slice(length));
          follow.close();
          finished.resolve(end);
        }
      }
    },
    { onProblem: finished.reject },
  );
  await following.promise;
  return {
    session,
    finished: finished.promise,
    async send(model, words = model) {
      const to = { provider: 'bench', model };
      const sent = { command: newId(), session, message: newId(), text: words, to };
      const { turn } = await client.call('messages.send', sent);
      return turn!;
    },
  };
}

/** Begins `count` conversations; what it resolves with sends to all of them at once and waits for all the ends. */
export async function beginAll(
  client: Client,
  count: number,
  seen: (text: string) => void,
): Promise<(model: Behaviour) => Promise<void>> {
  const all = await Promise.all(Array.from({ length: count }, () => converse(client, seen)));
  return async (model) => {
    await Promise.all(all.map((each) => each.send(model)));
    for (const { state, problem } of await Promise.all(all.map((each) => each.finished)))
      if (state !== 'done') throw new Error(`A turn ended ${state}: ${problem?.message}`);
  };
}
