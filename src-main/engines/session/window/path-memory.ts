import type { Node } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import type { PathPiece } from '../../../log/log.ts';
import type { SessionLog } from '../ports.ts';
import { Gone } from './gone.ts';

/** Text that is kept in memory, in UTF-16 units: of all sessions, and of one. */
const MOST_UNITS = 3_000_000;
const MOST_OF_ONE = 1_000_000;
/** Nodes that are read at a time: at first of a path of which nothing is known, of one whose end is new, and then. */
const FIRST = 24;
const NEW = 4;
const PAGE = 64;

/** The end of a path, oldest first. */
interface Remembered {
  nodes: Node[];
  /** Units on the path before each of them. */
  before: number[];
  places: Map<string, number>;
  units: number;
}

/** Text of a node, in UTF-16 units. */
export const unitsOf = (node: Node): number => node.text.length + (node.kind === 'turn' ? node.reasoning.length : 0);

/**
 * Paths as they were last read upwards, so that a turn reads what is new of its history and not all that is sent. What
 * was said does not change, so nothing in here can be wrong; the sessions that were read longest ago go first.
 */
export class PathMemory {
  readonly #log: Pick<SessionLog, 'up'>;
  /** The longest unused first. */
  readonly #sessions = new Map<string, Remembered>();
  #units = 0;
  readonly #gone = new Gone();

  constructor(log: Pick<SessionLog, 'up'>) {
    this.#log = log;
  }

  /** Reads the path to `end`, from there upwards. */
  upwards(session: string, end: string): Upwards {
    return new Upwards(this.#log, this.#sessions.get(session), session, end);
  }

  /** Keeps what was read: pieces that follow one another, newest first. */
  remember(session: string, pieces: readonly PathPiece[]): void {
    if (this.#gone.has(session)) return;
    this.#drop(session);
    const made: Remembered = { nodes: [], before: [], places: new Map(), units: 0 };
    const read = pieces.toReversed().flatMap(({ nodes, before }) => {
      let units = before;
      return nodes.map((node) => {
        const here = { node, before: units };
        units += unitsOf(node);
        return here;
      });
    });
    for (const { node, before } of read) {
      // What still grows, and what comes after it, is read again.
      if (node.kind === 'turn' && isRunning(node.state)) break;
      made.nodes.push(node);
      made.before.push(before);
      made.units += unitsOf(node);
    }
    let cut = 0;
    while (made.units > MOST_OF_ONE && cut < made.nodes.length) made.units -= unitsOf(made.nodes[cut++] as Node);
    made.nodes.splice(0, cut);
    made.before.splice(0, cut);
    for (const [place, { id }] of made.nodes.entries()) made.places.set(id, place);
    this.#sessions.set(session, made);
    this.#units += made.units;
    for (const oldest of this.#sessions.keys()) {
      if (this.#units <= MOST_UNITS) break;
      this.#drop(oldest);
    }
  }

  /** The session is gone: nothing of it stays, or comes again. */
  forget(session: string): void {
    this.#gone.add(session);
    this.#drop(session);
  }

  #drop(session: string): void {
    this.#units -= this.#sessions.get(session)?.units ?? 0;
    this.#sessions.delete(session);
  }
}

/** One way up. */
class Upwards {
  readonly #log: Pick<SessionLog, 'up'>;
  readonly #known: Remembered | undefined;
  readonly #session: string;
  #next: string | null;
  #pages = 0;

  constructor(log: Pick<SessionLog, 'up'>, known: Remembered | undefined, session: string, end: string) {
    this.#log = log;
    this.#known = known;
    this.#session = session;
    this.#next = end;
  }

  /** The piece above what was read; null: the path begins there. */
  async read(): Promise<PathPiece | null> {
    if (this.#next === null) return null;
    const limit = this.#pages++ > 0 ? PAGE : this.#known === undefined ? FIRST : NEW;
    const piece = this.#remembered(this.#next) ?? (await this.#log.up(this.#session, this.#next, limit));
    this.#next = piece.nodes[0]?.parent ?? null;
    return piece;
  }

  #remembered(end: string): PathPiece | undefined {
    const place = this.#known?.places.get(end);
    if (this.#known === undefined || place === undefined) return undefined;
    const from = Math.max(0, place + 1 - PAGE);
    const nodes = this.#known.nodes.slice(from, place + 1);
    const depth = nodes[0]?.depth ?? null;
    return depth === null ? undefined : { nodes, depth, before: this.#known.before[from] ?? 0 };
  }
}
