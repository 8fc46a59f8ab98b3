import type { Event, NewEvent } from '#shared/domain/events.ts';
import type { ProblemBody } from '#shared/domain/problem.ts';
import type { Node, SessionView } from '#shared/domain/session.ts';

/** What is said between the engine and the thread that does the work. */

export type Format = 'json' | 'markdown' | 'html';

/** What the thread is begun for. */
export type Order =
  | { kind: 'export'; path: string; format: Format; zip: boolean }
  /** `file`: how it is called where it comes from; `job`: by which its sessions are filled. */
  | { kind: 'import'; path: string; file: string; job: string };

/** A session without its nodes. */
export type Opening = Pick<SessionView, 'title' | 'at' | 'to' | 'made' | 'arrangement' | 'window'> &
  Pick<SessionView, 'forked' | 'head' | 'pinned' | 'branchNames' | 'queue'>;

/** To an export: sessions one after the other, each begun and ended. */
export type ExportPiece =
  | { kind: 'begin'; opening: Opening; updatedAt: number }
  /** For `part` of the JSON, in its order; events that do not belong to it may be among them. */
  | { kind: 'events'; part: 'systems' | 'nodes' | 'summaries'; events: Event[] }
  /** All events of a session that is not long. */
  | { kind: 'all'; events: Event[] }
  /** Of the branch shown, root first. */
  | { kind: 'path'; nodes: Node[] }
  | { kind: 'end' }
  | { kind: 'close' };

/** A part of a session, in order; the first of a session begins it. */
export interface ImportPage {
  session: string;
  events: NewEvent[];
}

export type Reply =
  /** A piece was written; so many more may come. */
  | { kind: 'taken' }
  | { kind: 'written'; bytes: number }
  /** Nothing is wrong with what was read so far. */
  | { kind: 'checking'; sessions: number; titles: string[] }
  | { kind: 'checked'; sessions: number; others: number; unknown: string[] }
  | { kind: 'pages'; pages: ImportPage[]; done: boolean }
  /** `trace`: of an error of ours, without its message. */
  | { kind: 'failed'; problem: ProblemBody; trace: string };
