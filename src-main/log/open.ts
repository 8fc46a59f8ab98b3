import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import { Background } from './background.ts';
import { Checkpoints } from './checkpoints.ts';
import { Commands } from './commands.ts';
import { GroupCommit } from './commit.ts';
import { Eraser } from './erase.ts';
import { type OpenFile, openFile } from './file.ts';
import { Followers } from './follow.ts';
import type { Log } from './log.ts';
import { type Migration, migrations } from './migrations.ts';
import { PartSweeper } from './parts.ts';
import { Reader } from './read.ts';
import { openProjection, Rebuild } from './rebuild.ts';
import { type Logger, Rows } from './rows.ts';
import { Running } from './running.ts';
import { SearchIndex, searchProjection } from './search-index.ts';
import { logClosed, storageProblem } from './storage.ts';
import { Thread } from './thread.ts';
import { Transactions } from './transactions.ts';
import { Tree, treeProjection } from './tree.ts';

export interface LogOptions {
  /** The data folder; made when it is not there. */
  dir: string;
  clock: Clock;
  random: Random;
  /** Where the worker lies; beside this file unless that was bundled. */
  workerFile?: URL;
  logger?: Logger;
  migrations?: readonly Migration[];
  /** Runs its argument at the end of this turn of the event loop. */
  endOfTurn?: (run: () => void) => void;
  /** Called in each group when all is written but the COMMIT itself. */
  beforeCommit?: () => void;
}

const silent: Logger = { info() {}, warn() {}, error() {} };

/** Opens the log of a data folder, of which this process must be the owner (`lock.ts`). Throws Problems. */
export function openLog(options: LogOptions): Log {
  const file = openFile(options.dir, options.migrations ?? migrations, options);
  try {
    return assemble(file, options);
  } catch (error) {
    file.db.close();
    throw storageProblem(error, options.dir);
  }
}

function assemble({ db, epoch, notices }: OpenFile, options: LogOptions): Log {
  const { clock, logger = silent, endOfTurn = setImmediate } = options;
  const filled = openProjection(db, treeProjection);
  const indexed = openProjection(db, searchProjection) ?? 0;

  const transactions = new Transactions(db);
  const background = new Background();
  const running = new Running(db);
  const rows = new Rows(db, logger, running);
  const tree = new Tree(db);
  const rebuild = new Rebuild(db, filled, { rows, tree, running, transactions, background });
  const followers = new Followers(rows, logger, rows.last(), () => rebuild.ready());
  const upkeep = { clock, transactions, background, logger };
  const commands = new Commands(db, upkeep);
  const sweeper = new PartSweeper(db, upkeep);
  const index = new SearchIndex(db, indexed, upkeep, () => followers.position);
  const thread = new Thread(options.workerFile ?? new URL('./worker.ts', import.meta.url), db.name);
  const checkpoints = new Checkpoints(() => thread.checkpoint());
  const eraser = new Eraser(db, { index, sweeper, logger, cut: () => thread.cut() });
  const reader = new Reader(db, rows, running);
  const group: GroupCommit = new GroupCommit({
    rows,
    tree,
    running,
    commands,
    eraser,
    followers,
    transactions,
    clock,
    logger,
    endOfTurn: (run) => {
      const ready = rebuild.ready();
      if (ready === undefined) endOfTurn(run);
      else
        ready.then(
          () => endOfTurn(run),
          (error: unknown) => group.abandon(error),
        );
    },
    beforeCommit: options.beforeCommit ?? (() => {}),
    committed: (events) => {
      index.committed(events);
      sweeper.committed(events);
      commands.committed();
      checkpoints.committed(events);
      eraser.committed(events);
    },
  });
  void commands.prune();
  const tidy = () => {
    index.catchUp();
    if (index.holdsRemoved) void eraser.finish();
    void sweeper.sweep();
  };
  const filling = rebuild.ready();
  if (filling === undefined) tidy();
  else
    filling.then(tidy, (error: unknown) => {
      if (!background.stopped) logger.error({ error }, 'The tables of sessions could not be filled.');
    });

  /** What the disk says becomes a sentence. */
  const read = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (!db.open) throw logClosed();
    try {
      return await work();
    } catch (error) {
      throw storageProblem(error, 'the log');
    }
  };
  /** A read of what is computed from events: waits until that is filled. */
  const readTree = <T>(work: () => T | Promise<T>): Promise<T> =>
    read(async () => {
      await rebuild.ready();
      return work();
    });

  return {
    epoch,
    notices,
    get position() {
      return followers.position;
    },
    append: (batch) => group.append(batch),
    delete: (batch) =>
      readTree(async () => {
        await eraser.prepare(batch.session);
        return group.append({ ...batch, events: [{ type: 'session.deleted', data: {} }], durable: true });
      }),
    defer: (source) => group.defer(source),
    follow: (what) => followers.follow(what),
    read: ({ session, after, before, limit }) =>
      readTree(() => {
        const end = after === undefined && before !== undefined ? 'last' : 'first';
        return rows.range(session, after ?? 0, before ?? Number.MAX_SAFE_INTEGER, limit, end);
      }),
    // The end of a turn stands for its parts: a follower can be served from anywhere.
    floor: () => 0,
    command: (id) => read(() => commands.get(id)),
    shape: (session) => readTree(() => reader.shape(session)),
    snapshot: (session, limit) => readTree(() => reader.snapshot(session, limit)),
    older: (session, before, limit) => readTree(() => reader.older(session, before, limit)),
    path: (session, node) => readTree(() => reader.path(session, node)),
    turn: (session, turn) => readTree(() => reader.turn(session, turn)),
    request: (session, turn) => readTree(() => reader.request(session, turn)),
    sessionOfTurn: (turn) => readTree(() => reader.sessionOfTurn(turn)),
    summaries: (page) => readTree(() => reader.summaries(page)),
    oldCompletions: (before) => readTree(() => reader.oldCompletions(before)),
    unfinished: () => readTree(() => reader.unfinished()),
    search: (query, what) => readTree(() => thread.search(query, what)),
    indexed: () =>
      readTree(async () => {
        await index.feed();
        await index.settle();
      }),
    async close() {
      if (group.pending && !rebuild.done) await rebuild.ready()?.catch(() => {});
      if (rebuild.done) group.flush();
      group.close();
      index.close();
      sweeper.close();
      followers.close();
      await Promise.all([background.stop(), thread.close()]);
      db.close();
    },
  };
}
