import { SYSTEM } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { CommandRow, Log } from '../../log/log.ts';
import type { Rearrangement } from './arranging.ts';

export interface FoldersOptions {
  log: Pick<Log, 'append' | 'inFolder'>;
  sessions: { arrange(session: string, wish: Rearrangement): Promise<void> };
}

/** Sessions that are committed in one step. */
const STEP = 50;

/** A folder is what its sessions say; it has no row of its own. */
export class Folders {
  readonly #options: FoldersOptions;

  constructor(options: FoldersOptions) {
    this.#options = options;
  }

  /** Everything in it goes into another, or into none. The command is remembered at the end: coming again, it goes on. */
  async rename(
    from: string,
    to: string | null,
    remember: (result: { sessions: number }) => CommandRow,
  ): Promise<{ sessions: number }> {
    const { log, sessions } = this.#options;
    const ids = from === to ? [] : await log.inFolder(from);
    for (let start = 0; start < ids.length; start += STEP) {
      const step = ids.slice(start, start + STEP);
      await Promise.all(step.map((session) => sessions.arrange(session, { folder: to }).catch(gone)));
    }
    const result = { sessions: ids.length };
    await log.append({ session: SYSTEM, events: [], command: remember(result), durable: true });
    return result;
  }
}

/** One that was deleted meanwhile, or is still being filled. */
function gone(error: unknown): void {
  const { code } = Problem.of(error);
  if (code !== 'NOT_FOUND' && code !== 'BUSY') throw error;
}
