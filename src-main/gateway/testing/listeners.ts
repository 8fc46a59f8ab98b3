import type { Clock } from '#shared/kit/clock.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import type { Caller } from '../../compose.ts';
import { Connections } from '../../engines/connections/connections.ts';
import type { ServerOptions } from '../server.ts';

export interface Listeners {
  choragus: ServerOptions['choragus'];
  /** Those who came in by `/rpc`, and what they have sent. */
  callers: { who: Caller; heard: unknown[] }[];
}

/** Whoever connects is heard and answered with the same. It knows the connections and nothing else. */
export function listeners(clock: Clock, most = 100): Listeners {
  const callers: Listeners['callers'] = [];
  let ids = 0;
  const connections = new Connections({ clock, newId: () => `connection-${++ids}`, most });
  const open = (who: Caller, close: (reason: string) => void) =>
    connections.open({
      kind: who.kind,
      address: who.address,
      token: who.token,
      client: () => ({ name: 'test', version: '' }),
      waiting: () => 0,
      follows: () => 0,
      close,
    });
  const none = () => {
    throw new Error('There is nothing of that here.');
  };
  const choragus = {
    connections,
    notices: [],
    roster: none,
    admit: none,
    get completions() {
      return none();
    },
    connect(pipe: Pipe, who: Caller) {
      const heard: unknown[] = [];
      callers.push({ who, heard });
      const connection = open(who, (reason) => pipe.close(reason));
      const message = (batch: unknown[]) => {
        heard.push(...batch);
        pipe.send(batch);
      };
      pipe.listen({ message, garbled() {}, drained() {}, closed: () => connection.left() });
      return connection;
    },
  };
  return { choragus, callers };
}
