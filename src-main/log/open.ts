import { dirname } from 'node:path';
import type { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import { Background } from './background.ts';
import { BackupFolder, restoringFile } from './backups.ts';
import { Bodies } from './bodies.ts';
import { Checkpoints } from './checkpoints.ts';
import { Cold } from './cold.ts';
import { Commands } from './commands.ts';
import { GroupCommit } from './commit.ts';
import { Compactor } from './compact.ts';
import { Dictionaries } from './dictionaries.ts';
import { Eraser } from './erase.ts';
import { type OpenFile, openFile } from './file.ts';
import { Filled } from './filled.ts';
import { Followers } from './follow.ts';
import { Keys } from './keys.ts';
import { Lines } from './lines.ts';
import { SessionList } from './list.ts';
import type { Log } from './log.ts';
import { type Migration, migrations } from './migrations.ts';
import { PartSweeper } from './parts.ts';
import { Reader } from './read.ts';
import { openProjection, Rebuild } from './rebuild.ts';
import { type Logger, Rows } from './rows.ts';
import { Running } from './running.ts';
import { Sealer } from './sealing.ts';
import { SearchIndex } from './search-index.ts';
import { searchProjection } from './search-tables.ts';
import { logClosed, storageProblem } from './storage.ts';
import { Thread } from './thread.ts';
import { Told } from './told.ts';
import { Transactions } from './transactions.ts';
import { Tree } from './tree.ts';
import { treeProjection } from './tree-tables.ts';

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
  /** Told when the disk does not take what is written, and with null when it does again. */
  writing?: (problem: Problem | null) => void;
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
  const treeFilled = openProjection(db, treeProjection);
  const indexed = openProjection(db, searchProjection) ?? 0;

  const transactions = new Transactions(db);
  const background = new Background();
  const keys = new Keys(db);
  const running = new Running(db, keys);
  const bodies = new Bodies(db);
  const rows = new Rows(db, logger, running, keys, bodies);
  transactions.onUndone(() => {
    keys.forget();
    rows.forget();
    tree.forget();
  });
  const lines = new Lines(db, bodies);
  const tree = new Tree(db, { keys, lines, newest: (session) => rows.newestOf(session) });
  const rebuild = new Rebuild(db, treeFilled, { rows, tree, running, transactions, background });
  const followers = new Followers(rows, logger, rows.last(), () => rebuild.ready());
  const upkeep = { clock, transactions, background, logger };
  const commands = new Commands(db, upkeep);
  const sweeper = new PartSweeper(db, upkeep, keys);
  const cold = new Cold(db, { clock, keys, bodies });
  const wrote = (pages: number) => checkpoints.wrote(pages);
  const dictionaries = new Dictionaries(db, upkeep);
  const sealer = new Sealer(db, { upkeep, cold, bodies, dictionaries, wrote });
  const index = new SearchIndex(db, indexed, { rows, keys, upkeep, position: () => followers.position });
  const workerFile = options.workerFile ?? new URL('./worker.ts', import.meta.url);
  const thread = new Thread(workerFile, db.name);
  /** For work of seconds and more, so that no search waits for it. */
  const longThread = new Thread(workerFile, db.name, { ends: true });
  // What fails is done with the next one, or when the log closes.
  const checkpoint = (cut: boolean) => void thread.ask('checkpoint', { cut }).catch(() => {});
  const checkpoints = new Checkpoints(() => checkpoint(false));
  const eraser = new Eraser(db, { keys, bodies, index, sweeper, logger, cut: () => checkpoint(true) });
  const reader = new Reader(db, { rows, running, keys, lines });
  const told = new Told(db, { rows, keys, lines });
  const list = new SessionList(db, { keys, running, background });
  const filled = new Filled(db, transactions, background);
  let troubled = false;
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
    refused: (problem) => {
      if (!troubled) options.writing?.(problem);
      troubled = true;
    },
    committed: (events) => {
      if (troubled) options.writing?.(null);
      troubled = false;
      index.committed(events);
      sweeper.committed(events);
      commands.committed();
      checkpoints.committed(events);
      eraser.committed(events);
      filled.committed(events);
      sealer.committed(events);
    },
  });
  void commands.prune();
  const tidy = () => {
    filled.begin();
    index.catchUp();
    if (index.untidy) void eraser.finish();
    void sweeper.sweep();
    sealer.begin();
  };
  const compactor = new Compactor(db, {
    upkeep,
    sweeper,
    sealer,
    gather: () => index.gather(),
    wrote,
    cut: () => thread.ask('checkpoint', { cut: true }),
  });
  const rebuilding = rebuild.ready();
  if (rebuilding === undefined) tidy();
  else
    rebuilding.then(tidy, (error: unknown) => {
      if (!background.stopped) logger.error({ error }, 'The tables of sessions could not be filled.');
    });

  const backups = new BackupFolder(options.dir);
  /** What the disk says becomes a sentence. */
  const read = async <T>(work: () => T | Promise<T>, place = 'the log'): Promise<T> => {
    if (!db.open) throw logClosed();
    try {
      return await work();
    } catch (error) {
      throw storageProblem(error, place, () => backups.newestWhole()?.file);
    }
  };
  /** A read of what is computed from events: waits until that is filled. */
  const readTree = <T>(work: () => T | Promise<T>): Promise<T> =>
    read(async () => {
      await rebuild.ready();
      return work();
    });

  /** The same of what is read in one go, from several tables. */
  const readView = <T>(work: () => T): Promise<T> => readTree(() => transactions.reading(work));

  /** The same of one session, of which there is nothing to be read as long as a job fills it. */
  const readWhole = <T>(session: string, nothing: T, work: () => T): Promise<T> =>
    readView(() => (filled.has(session) ? nothing : work()));

  /** A read of what the lists hold: waits until sessions that a job filled are in them, all or none. */
  const readList = <T>(work: () => T | Promise<T>): Promise<T> =>
    readTree(async () => {
      await filled.ready();
      return work();
    });

  /** What reads for long holds the journal: it is cut off after that. */
  const long = async <T>(place: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await read(work, place);
    } finally {
      if (db.open) checkpoint(false);
    }
  };

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
      readView(() => {
        const end = after === undefined && before !== undefined ? 'last' : 'first';
        return rows.range(session, after ?? 0, before ?? Number.MAX_SAFE_INTEGER, limit, end);
      }),
    // The end of a turn stands for its parts: a follower can be served from anywhere.
    floor: () => 0,
    command: (id) => read(() => commands.get(id)),
    shape: (session, nodes) => readView(() => reader.shape(session, nodes)),
    leaf: (session, node) => readWhole(session, null, () => reader.leaf(session, node)),
    snapshot: (session, limit) => readWhole(session, null, () => reader.snapshot(session, limit)),
    older: (session, before, limit) =>
      readWhole(session, { events: [], more: false }, () => reader.older(session, before, limit)),
    up: (session, node, limit) =>
      readWhole(session, { nodes: [], depth: 0, before: 0 }, () => reader.up(session, node, limit)),
    path: (session, page) => readWhole(session, null, () => reader.path(session, page)),
    nodes: (session, nodes) => readWhole(session, { nodes: [], seq: 0 }, () => reader.nodes(session, nodes)),
    branches: (session, limit) => readWhole(session, { branches: [], total: 0 }, () => told.branches(session, limit)),
    pinned: (session, node) => readView(() => reader.nodes(session, told.pinned(session, node)).nodes),
    summaryOn: (session, node) => readView(() => told.summaryOn(session, node)),
    summary: (session, summary) => readView(() => told.summary(session, summary)),
    systemText: (session, hash) => readView(() => told.systemText(session, hash)),
    sent: (session, turn) => readWhole(session, null, () => reader.sent(session, turn)),
    event: (session, seq) => readWhole(session, null, () => reader.event(session, seq)),
    eventCount: (session) => readView(() => rows.count(session)),
    headAt: (session, seq) => readWhole(session, null, () => reader.headAt(session, seq)),
    turn: (session, turn) => readWhole(session, null, () => reader.turn(session, turn)),
    request: (session, turn) => readWhole(session, null, () => reader.request(session, turn)),
    sessionOfTurn: (turn) =>
      readTree(() => {
        const session = reader.sessionOfTurn(turn);
        return session === null || filled.has(session) ? null : session;
      }),
    summaries: (page) => readList(() => list.page(page)),
    groups: () => readList(() => list.groups()),
    inFolder: (folder) => readList(() => list.inFolder(folder)),
    trashedBefore: (before) => readList(() => list.trashedBefore(before)),
    unused: (what) => readList(() => list.unused(what)),
    totals: () => readList(() => list.totals()),
    filling: () => readTree(() => filled.all()),
    oldCompletions: (before) => readTree(() => list.oldCompletions(before)),
    unfinished: () => readTree(() => reader.unfinished()),
    search: (query, { limit, excludeNodes = [] }) =>
      readTree(() => thread.ask('search', { query, limit, exclude: excludeNodes })),
    find: (query, page) => readTree(() => thread.ask('find', { query, ...page })),
    indexed: () =>
      readTree(async () => {
        await index.feed();
        await index.settle();
      }),
    backup: (file, how) => long(dirname(file), () => longThread.ask('backup', { file }, how)),
    check: (how) => long('the log', () => longThread.ask('check', null, how)),
    prepare: (from) => long(options.dir, () => longThread.ask('prepare', { from, to: restoringFile(options.dir) })),
    compact: (how) => readTree(() => compactor.run(how)),
    size: () => read(() => compactor.size()),
    async close() {
      if (group.pending && !rebuild.done) await rebuild.ready()?.catch(() => {});
      if (rebuild.done) group.flush();
      group.close();
      index.close();
      sweeper.close();
      sealer.close();
      followers.close();
      await Promise.all([background.stop(), thread.close(), longThread.close()]);
      db.close();
    },
  };
}
