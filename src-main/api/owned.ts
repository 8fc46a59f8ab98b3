import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';

type Item = StreamItem<'jobs.follow'>;
type Starting = 'sessions.fork' | 'sessions.emptyTrash' | 'imports.start' | 'exports.start' | `data.${Data}`;
type Data = 'backup' | 'check' | 'compact';
type Calls = Pick<CallHandlers, Starting | 'jobs.cancel' | `files.${'begin' | 'write' | 'read' | 'forget'}`>;

/** Of which it is remembered who made them; what was made longest ago is nobody's but the user's. */
const MOST = 10_000;

/** Jobs and files that programs made, by their access tokens. They are all the user's, too. */
export class Owned {
  readonly #made = new Set<string>();

  add(token: string, id: string): void {
    this.#made.add(`${token} ${id}`);
    if (this.#made.size > MOST)
      for (const oldest of this.#made) {
        this.#made.delete(oldest);
        break;
      }
  }

  has(token: string, id: string): boolean {
    return this.#made.has(`${token} ${id}`);
  }
}

/** The calls as a program has them: for it there are no jobs and no files but those that its token made. */
export function ownCalls(calls: CallHandlers, owned: Owned, token: string): Calls {
  const starting =
    <P, C>(start: (params: P, context: C) => Promise<{ job: string }>) =>
    async (params: P, context: C) => {
      const started = await start(params, context);
      owned.add(token, started.job);
      return started;
    };
  const mustOwn = (file: string) => {
    if (!owned.has(token, file))
      throw new Problem('NOT_FOUND', 'This file is not here any more.', 'Send or export it again.');
  };
  return {
    'sessions.fork': starting(calls['sessions.fork']),
    'sessions.emptyTrash': starting(calls['sessions.emptyTrash']),
    'exports.start': starting(calls['exports.start']),
    'data.backup': starting(calls['data.backup']),
    'data.check': starting(calls['data.check']),
    'data.compact': starting(calls['data.compact']),
    'imports.start': starting(async (params, context) => {
      mustOwn(params.file);
      return calls['imports.start'](params, context);
    }),
    'jobs.cancel': async (params, context) => {
      if (owned.has(token, params.job)) return calls['jobs.cancel'](params, context);
      throw new Problem('NOT_FOUND', `There is no job ${params.job}.`, 'It ended a while ago, or is not yours.');
    },
    'files.begin': async (params, context) => {
      const begun = await calls['files.begin'](params, context);
      owned.add(token, begun.file);
      return begun;
    },
    'files.write': async (params, context) => {
      mustOwn(params.file);
      return calls['files.write'](params, context);
    },
    'files.read': async (params, context) => {
      mustOwn(params.file);
      return calls['files.read'](params, context);
    },
    'files.forget': async (params, context) =>
      owned.has(token, params.file) ? calls['files.forget'](params, context) : {},
  };
}

/** The board with the jobs of one program; what they exported is its own, too. */
export const ownStreams = (
  streams: Pick<StreamHandlers, 'jobs.follow'>,
  owned: Owned,
  token: string,
): Pick<StreamHandlers, 'jobs.follow'> => ({
  'jobs.follow': async (params, context) => {
    const source = await streams['jobs.follow'](params, context);
    const own = ({ jobs }: Item): Item => {
      const mine = jobs.filter(({ id }) => owned.has(token, id));
      for (const { result } of mine) if (result?.file !== undefined) owned.add(token, result.file.id);
      return { jobs: mine };
    };
    const filtered: Source<Item> = {
      pull: async (max) => (await source.pull(max))?.map(own) ?? null,
      onReady: (ready) => source.onReady(ready),
      close: () => source.close(),
    };
    return filtered;
  },
});
