import type { Database, Statement } from 'better-sqlite3';
import type { EventType } from '#shared/domain/events.ts';

/** Sessions whose keys are remembered. */
const REMEMBERED = 4096;

/** Sessions as small numbers: a row says in two bytes to which session it belongs. A key is given once. */
export class Keys {
  readonly #of: Statement<[string], number>;
  readonly #id: Statement<[number], string>;
  readonly #make: Statement<[string], number>;
  readonly #keys = new Map<string, number>();
  readonly #ids = new Map<number, string>();

  constructor(db: Database) {
    this.#of = db.prepare<[string], number>('SELECT key FROM session_ids WHERE id = ?').pluck();
    this.#id = db.prepare<[number], string>('SELECT id FROM session_ids WHERE key = ?').pluck();
    this.#make = db.prepare<[string], number>('INSERT INTO session_ids (id) VALUES (?) RETURNING key').pluck();
  }

  /** Undefined: nothing was ever written in this session. */
  of(session: string): number | undefined {
    return this.#keys.get(session) ?? this.#remember(session, this.#of.get(session));
  }

  /** Within a transaction; whoever rolls it back calls `forget`. */
  make(session: string): number {
    return this.of(session) ?? this.#remember(session, this.#make.get(session))!;
  }

  /** Throws for a key that was never given. */
  id(key: number): string {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const session = this.#id.get(key);
    if (session === undefined) throw new Error(`No session has the key ${key}.`);
    this.#remember(session, key);
    return session;
  }

  /** After a transaction that was rolled back: keys that it gave are given again. */
  forget(): void {
    this.#keys.clear();
    this.#ids.clear();
  }

  #remember(session: string, key: number | undefined): number | undefined {
    if (key === undefined) return undefined;
    if (this.#keys.size >= REMEMBERED) this.forget();
    this.#keys.set(session, key);
    this.#ids.set(key, session);
    return key;
  }
}

/**
 * Types of events as they lie in the file. Numbers are given once and never change their meaning; the file has their
 * names too (`event_types`), so that an older app can tell the types of a newer one.
 */
export const typeId = {
  'turn.part': 1,
  'session.created': 2,
  'session.deleted': 3,
  'session.renamed': 4,
  'session.arranged': 5,
  'window.set': 6,
  'node.pinned': 7,
  'branch.named': 8,
  'system.told': 9,
  'history.summarized': 10,
  'head.moved': 11,
  'message.added': 12,
  'queue.added': 13,
  'queue.edited': 14,
  'queue.removed': 15,
  'turn.requested': 16,
  'turn.sent': 17,
  'turn.connecting': 18,
  'turn.waiting': 19,
  'turn.finished': 20,
  'turn.timed': 21,
  'model.observed': 22,
  'provider.connected': 23,
  'provider.changed': 24,
  'provider.removed': 25,
  'specialist.changed': 26,
  'specialist.removed': 27,
  'automatic.changed': 28,
  'keeping.changed': 29,
  'job.finished': 30,
  'completion.finished': 31,
} as const satisfies Record<EventType, number>;

/** For SQL: a part is the one type that is in no index. */
export const PART = typeId['turn.part'];

/** For SQL: `type IN (${types('message.added', 'turn.finished')})`. */
export const types = (...names: readonly EventType[]): string => names.map((name) => typeId[name]).join(', ');

const known = new Map<number, string>(Object.entries(typeId).map(([name, id]) => [id, name]));

/** Names of types, also of those that only a newer app knows. */
export class TypeNames {
  readonly #name: Statement<[number], string>;

  constructor(db: Database) {
    this.#name = db.prepare<[number], string>('SELECT name FROM event_types WHERE id = ?').pluck();
  }

  of(id: number): string {
    return known.get(id) ?? this.#name.get(id) ?? `unknown.${id}`;
  }
}
