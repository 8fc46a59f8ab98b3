import { monotonicMs } from '../harness/machine.ts';
import { interleave, percentile } from '../harness/rounds.ts';
import { atMost, exactly, none, type Row, row } from '../harness/rows.ts';
import { ask } from '../limits/http-client.ts';
import type { Told } from './behaviours.ts';
import { converse, newId } from './conversation.ts';
import type { Stand } from './stand.ts';

const ROUNDS = 5;
const TIMES = 10;

/** How a turn ends before its time: by us, and by the provider. */
export async function breaks(stand: Stand): Promise<Row[]> {
  return [...(await stops(stand)), ...(await resets(stand))];
}

/** From the call (at the proxy: the client's hang-up) to the moment at which the provider's socket is closed. */
async function stops({ client, provider, proxy }: Stand): Promise<Row[]> {
  const { ours, limit } = await interleave(
    ROUNDS,
    () =>
      times(async (words) => {
        const flowing = Promise.withResolvers<void>();
        const conversation = await converse(client, () => flowing.resolve());
        const turn = await conversation.send('endless', words);
        await flowing.promise;
        const closed = told(provider, words);
        const start = monotonicMs();
        const stopped = client.call('turns.stop', { command: newId(), session: conversation.session, turn });
        const took = (await closed) - start;
        await stopped;
        return took;
      }),
    () =>
      times(async (words) => {
        const flowing = Promise.withResolvers<void>();
        const { request } = ask(proxy.port, 'endless', words, () => flowing.resolve());
        await flowing.promise;
        const closed = told(provider, words);
        const start = monotonicMs();
        request.destroy();
        return (await closed) - start;
      }),
  );
  const name = "stop to provider's socket closed";
  const [mine, bare] = [ours.flat(), limit.flat()];
  return [
    row('streaming', `${name}, p50 (ms)`, atMost(5), percentile(mine, 0.5), percentile(bare, 0.5)),
    row('streaming', `${name}, max (ms)`, none, Math.max(...mine), Math.max(...bare)),
  ];
}

/** From the provider's reset in mid-stream to the end that says so (at the proxy: the broken answer). */
async function resets({ client, provider, proxy }: Stand): Promise<Row[]> {
  let explicit = 0;
  let all = 0;
  const { ours, limit } = await interleave(
    ROUNDS,
    () =>
      times(async (words) => {
        let text = '';
        const reset = told(provider, words);
        const conversation = await converse(client, (piece) => {
          text += piece;
        });
        await conversation.send('reset', words);
        const end = await conversation.finished;
        const seen = monotonicMs();
        all++;
        const kept = text !== '' && end.text === text;
        if (kept && end.state === 'failed' && end.problem?.code === 'PROVIDER_BROKE_OFF') explicit++;
        return seen - (await reset);
      }),
    () =>
      times(async (words) => {
        const reset = told(provider, words);
        await ask(proxy.port, 'reset', words, () => {}).whole;
        const seen = monotonicMs();
        return seen - (await reset);
      }),
  );
  const name = "provider's reset to an explicit error";
  const [mine, bare] = [ours.flat(), limit.flat()];
  return [
    row('streaming', `${name} with the text kept (share of ${all} resets)`, exactly(1), explicit / all),
    row('streaming', `${name}, p50 (ms)`, none, percentile(mine, 0.5), percentile(bare, 0.5)),
    row('streaming', `${name}, max (ms)`, none, Math.max(...mine), Math.max(...bare)),
  ];
}

async function times(once: (words: string) => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let time = 0; time < TIMES; time++) samples.push(await once(newId()));
  return samples;
}

/** When the provider says that something happened to the answer to these words. */
function told({ process }: Stand['provider'], words: string): Promise<number> {
  return new Promise((resolve) => {
    const hear = (what: Told) => {
      if (('closed' in what ? what.closed : what.reset) !== words) return;
      process.off('message', hear);
      resolve(what.at);
    };
    process.on('message', hear);
  });
}
