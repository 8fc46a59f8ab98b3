import { PROTOCOL } from '../../contract/contract.ts';
import type { Pipe } from '../pipe.ts';
import { journal } from './journal.ts';

export interface Message {
  id?: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: { code: string; next?: string } };
  method?: string;
  params?: { id?: unknown; items?: unknown[]; error?: unknown };
}

/** Speaks to a peer without the client: any message, in any order. */
export function speaker(pipe: Pipe) {
  const heard = journal<Message>();
  const ends = journal<string>();
  pipe.listen({
    message: (batch) => {
      for (const message of batch) heard.add(message as Message);
    },
    garbled: (_code, message) => {
      throw new Error(message);
    },
    drained: () => {},
    closed: (reason) => ends.add(reason),
  });
  const answer = async (id: unknown) => {
    const all = await heard.until((each) => each.some((message) => 'id' in message && message.id === id));
    return all.find((message) => 'id' in message && message.id === id)!;
  };
  return {
    heard,
    ends,
    answer,
    send: (...batch: unknown[]) => pipe.send(batch),
    say: (id: unknown, method: string, params: unknown = {}) => {
      pipe.send([{ jsonrpc: '2.0', id, method, params }]);
      return answer(id);
    },
    hello(protocol = PROTOCOL) {
      return this.say('hello', 'server.hello', { protocol, client: { name: 'speaker', version: '1' } });
    },
  };
}
