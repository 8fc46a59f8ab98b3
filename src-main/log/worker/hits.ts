import type { Database, Statement } from 'better-sqlite3';
import type { EventData } from '#shared/domain/events.ts';
import type { Hit } from '#shared/domain/search.ts';
import { Bodies, type Row } from '../bodies.ts';
import { type Packed, unpacked } from '../ids.ts';
import { typeId } from '../keys.ts';
import { Lines, type PathRow } from '../lines.ts';
import type { Place } from '../search-tables.ts';
import { placeOf, type Term, wordsOf } from '../words.ts';
import { snippet } from './snippet.ts';

interface SessionRow {
  id: Packed;
  title: string;
  head: Packed | null;
  archived: number;
  trashed: number;
}

/** A text that was found, with whose it is. */
interface Text extends Omit<Hit, 'snippet' | 'shown' | 'archived' | 'trashed'> {
  text: string;
}

/** Turns places of texts into what one wants to know about them, as the log is now. */
export class Hits {
  readonly #lines: Lines;
  readonly #bodies: Bodies;
  readonly #session: Statement<[number], SessionRow>;
  readonly #hidden: Statement<[number], number>;

  constructor(db: Database) {
    this.#bodies = new Bodies(db);
    this.#lines = new Lines(db, this.#bodies);
    this.#session = db.prepare(
      'SELECT id, title, head, archived, trashed_at IS NOT NULL AS trashed FROM sessions WHERE key = ?',
    );
    this.#hidden = db
      .prepare<[number], number>(
        `SELECT key FROM sessions WHERE ? AND trashed_at IS NOT NULL
         UNION ALL SELECT s.key FROM jobs j CROSS JOIN sessions s ON s.job = j.key AND s.filling = 1 WHERE j.finished = 0`,
      )
      .pluck();
  }

  /** Keys of sessions of which nothing may be found: those that are being filled, and those in the trash. */
  hidden(trashed: boolean): ReadonlySet<number> {
    return new Set(this.#hidden.all(trashed ? 0 : 1));
  }

  at({ session, seq }: Place): number | undefined {
    return this.#bodies.row(session, seq)?.at;
  }

  /** A look at the text itself. */
  has({ session, seq }: Place, term: Term): boolean {
    const row = this.#bodies.row(session, seq);
    const said = row && saidIn(row);
    return said !== undefined && placeOf(term, wordsOf(said.text)) >= 0;
  }

  /** Undefined: it is not there any more. */
  text(place: Place): Text | undefined {
    return this.#read(place)?.text;
  }

  hit(place: Place, terms: readonly Term[]): Hit | undefined {
    const found = this.#read(place);
    if (found === undefined) return undefined;
    const { session, node } = found;
    const { text, ...rest } = found.text;
    const head = session.head === null ? undefined : this.#lines.known(place.session, unpacked(session.head));
    return {
      ...rest,
      snippet: snippet(text, terms),
      shown: head !== undefined && this.#lines.isOnPath(place.session, node, head),
      archived: session.archived === 1,
      trashed: session.trashed === 1,
    };
  }

  #read({ session: key, seq }: Place): { text: Text; session: SessionRow; node: PathRow } | undefined {
    const session = this.#session.get(key);
    const row = this.#bodies.row(key, seq);
    const said = row && saidIn(row);
    if (session === undefined || row === undefined || said === undefined) return undefined;
    const node = this.#lines.known(key, said.node);
    // The end of a turn may have been told twice; the later one counts.
    if (node === undefined || (said.role === 'answer' && node.finished !== seq)) return undefined;
    const by = said.role === 'answer' ? this.#speaker(key, node.seq) : null;
    return {
      session,
      node,
      text: { ...said, session: unpacked(session.id), title: session.title, seq, at: row.at, by },
    };
  }

  #speaker(key: number, request: number): Hit['by'] {
    const data = this.#bodies.data(key, request);
    const speaker = data && (parsed(data) as EventData<'turn.requested'> | undefined)?.speaker;
    if (!speaker) return null;
    return { name: speaker.name, specialist: speaker.specialist ?? null, look: speaker.look ?? null };
  }
}

/** Undefined for what cannot be read: one broken row is no reason to find nothing at all. */
function saidIn({ type, data }: Row): Pick<Text, 'node' | 'role' | 'text'> | undefined {
  const said = parsed(data) as Partial<EventData<'message.added'> & EventData<'turn.finished'>> | undefined;
  if (typeof said?.text !== 'string') return undefined;
  if (type === typeId['message.added'] && said.message !== undefined)
    return { node: said.message, role: 'message', text: said.text };
  if (type === typeId['turn.finished'] && said.turn !== undefined)
    return { node: said.turn, role: 'answer', text: said.text };
  return undefined;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
