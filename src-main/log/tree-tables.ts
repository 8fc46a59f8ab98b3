import type { TurnState } from '#shared/domain/things.ts';
import type { Projection } from './rebuild.ts';

/** States as they lie in the column `state`: their places in this list, which is only ever added to. */
const states = ['queued', 'connecting', 'streaming', 'done', 'failed', 'stopped', 'interrupted'] as const;
export const stateCode = (state: TurnState): number => states.indexOf(state);
export const stateOf = (code: number | null): TurnState | null => (code === null ? null : (states[code] ?? null));

/** Values of the column `place`; null: in no list. */
export const places = { list: 0, archive: 1, trash: 2 } as const;

/** How titles are sorted and their pages begin: without case and accents. */
export const sortable = (title: string) =>
  title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .slice(0, 80);

/**
 * Sessions, the nodes and branches of their trees, queues and what else is looked up, as pointers into the log: bodies
 * stay in the events. Sessions are keys (`keys.ts`), ids are packed (`ids.ts`). Raise the version when the tables or
 * what is written into them change; they are then filled anew.
 */
export const treeProjection: Projection = {
  name: 'tree',
  version: 5,
  tables: [
    'sessions',
    'nodes',
    'branches',
    'queue',
    'moves',
    'pins',
    'branch_names',
    'system_texts',
    'summaries',
    'answered',
    'jobs',
    'shared',
  ],
  create: (db) =>
    db.exec(`
    CREATE TABLE sessions (
      key INTEGER PRIMARY KEY,
      id NOT NULL,
      -- newest event that a decision may depend on
      version INTEGER NOT NULL,
      title TEXT NOT NULL,
      sort_title TEXT NOT NULL,
      head,
      messages INTEGER NOT NULL DEFAULT 0,
      -- UTF-16 units of text in messages and ended turns
      units INTEGER NOT NULL DEFAULT 0,
      -- sequence of its request
      last_turn INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      -- null, 'program', or 'completion': that one is in no list
      made_by TEXT,
      -- the session that it is a copy of
      forked,
      -- key of the job that fills or filled it, and whether it does: then it is in no list
      job INTEGER,
      filling INTEGER NOT NULL DEFAULT 0,
      pinned INTEGER NOT NULL DEFAULT 0,
      folder TEXT,
      -- a JSON array; null when there are none
      tags TEXT,
      archived INTEGER NOT NULL DEFAULT 0,
      trashed_at INTEGER,
      place INTEGER AS (
        CASE WHEN made_by IS 'completion' OR filling = 1 THEN NULL WHEN trashed_at IS NOT NULL THEN 2 ELSE archived END
      ) VIRTUAL,
      -- in the table shared: for whom the last message was, and who speaks in the last turn
      target INTEGER,
      speaker INTEGER,
      -- the events that say so
      created_seq INTEGER NOT NULL,
      title_seq INTEGER NOT NULL,
      head_seq INTEGER,
      window_seq INTEGER
    );
    CREATE INDEX sessions_by_update ON sessions (place, updated_at, id) WHERE place IS NOT NULL;
    CREATE INDEX sessions_by_creation ON sessions (place, created_at, id) WHERE place IS NOT NULL;
    CREATE INDEX sessions_by_title ON sessions (place, sort_title, id) WHERE place IS NOT NULL;
    CREATE INDEX completions_by_update ON sessions (updated_at) WHERE made_by = 'completion';
    CREATE INDEX sessions_by_folder ON sessions (folder, place) WHERE folder IS NOT NULL;
    CREATE INDEX sessions_with_tags ON sessions (key) WHERE tags IS NOT NULL;
    CREATE INDEX sessions_by_trashing ON sessions (trashed_at) WHERE trashed_at IS NOT NULL;
    CREATE INDEX sessions_being_filled ON sessions (job) WHERE filling = 1;
    CREATE TABLE nodes (
      session INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      -- the end of its id (ids.ts), by which it is found; the id itself is in its event
      tail INTEGER NOT NULL,
      branch INTEGER NOT NULL,
      -- steps from the root
      depth INTEGER NOT NULL,
      -- UTF-16 units of text from the root to here, this one among them; a turn's own are there when it has ended
      units INTEGER NOT NULL,
      -- of turns: how it stands (that it streams is in memory only: running.ts); null for a message
      state INTEGER,
      -- its newest attempt and what was sent, in sequences from the request on; below 0: that attempt is the first
      connecting INTEGER,
      sent INTEGER,
      -- its end, and whether parts of it may still be in the log
      finished INTEGER,
      parts INTEGER,
      PRIMARY KEY (session, seq)
    ) WITHOUT ROWID;
    CREATE INDEX nodes_by_tail ON nodes (tail, session);
    CREATE UNIQUE INDEX nodes_in_line ON nodes (session, branch, depth);
    CREATE INDEX nodes_with_parts ON nodes (finished) WHERE parts = 1;
    -- A node that is its parent's first child goes on with the parent's branch; every later one, and every later root,
    -- begins a branch. Numbered from 0 in each session.
    CREATE TABLE branches (
      session INTEGER NOT NULL,
      branch INTEGER NOT NULL,
      -- the first node, and the steps to it from the root
      id NOT NULL,
      depth INTEGER NOT NULL,
      -- the branch that it leaves; null: it begins at the root
      parent INTEGER,
      -- branches between it and the root, and one of them, from which a search up goes on (lines.ts)
      level INTEGER NOT NULL,
      jump INTEGER NOT NULL,
      -- its newest node, and the steps to that
      head INTEGER NOT NULL,
      end INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (session, branch)
    ) WITHOUT ROWID;
    CREATE INDEX branches_of_branch ON branches (session, parent, depth, branch DESC);
    CREATE INDEX branches_in_order ON branches (session, head);
    CREATE TABLE queue (
      session INTEGER NOT NULL,
      message NOT NULL,
      -- where it was added, and its newest wording
      place INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (session, message)
    ) WITHOUT ROWID;
    -- where the head was moved to a node that was there already
    CREATE TABLE moves (session INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, seq)) WITHOUT ROWID;
    CREATE TABLE pins (
      session INTEGER NOT NULL, node NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, node)
    ) WITHOUT ROWID;
    CREATE TABLE branch_names (
      session INTEGER NOT NULL, node NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, node)
    ) WITHOUT ROWID;
    CREATE TABLE system_texts (
      session INTEGER NOT NULL, hash TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, hash)
    ) WITHOUT ROWID;
    -- with the place of the node up to which it tells
    CREATE TABLE summaries (
      session INTEGER NOT NULL, seq INTEGER NOT NULL, id NOT NULL, branch INTEGER, depth INTEGER,
      PRIMARY KEY (session, seq)
    ) WITHOUT ROWID;
    CREATE TABLE answered (
      session INTEGER NOT NULL, specialist TEXT NOT NULL, PRIMARY KEY (session, specialist)
    ) WITHOUT ROWID;
    -- jobs that fill sessions: 0: it does; 1: it has ended; 2: and all of its sessions are marked as whole; and when
    CREATE TABLE jobs (key INTEGER PRIMARY KEY, id NOT NULL UNIQUE, finished INTEGER NOT NULL, at INTEGER);
    CREATE INDEX jobs_by_state ON jobs (finished) WHERE finished < 2;
    -- JSON that many sessions have in common
    CREATE TABLE shared (key INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);
  `),
};
