import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { bounds, FileNode, FORMAT, Head, type PartName, parts, Queued, Summary, System, VERSION } from './format.ts';
import { JsonPieces } from './json-pieces.ts';
import { Wrong } from './wrong.ts';

/** Hears of a session as it is read: each part checked, in the order of the format. */
export interface SessionListener {
  head(head: Head): void;
  queued(message: Queued): void;
  system(system: System): void;
  node(node: FileNode): void;
  summary(summary: Summary): void;
}

const lists = { queue: Queued, systems: System, nodes: FileNode, summaries: Summary } as const;
type ListName = keyof typeof lists;
const most: Record<ListName, number> = {
  queue: 1_000,
  systems: bounds.systems,
  nodes: bounds.nodes,
  summaries: bounds.summaries,
};

/**
 * Reads one file of the format as it comes and tells what is in it. Throws Wrong at the first thing that is not as it
 * must be, in its shape or in what refers to what; what was told until then is to be thrown away.
 */
export class SessionReading {
  /** Fields that nobody here knows, by name: they are left out. */
  readonly unknown = new Set<string>();
  readonly #listener: SessionListener;
  readonly #json: JsonPieces;
  readonly #kinds = new Map<string, FileNode['kind']>();
  readonly #parents = new Map<string, string>();
  readonly #summaries = new Set<string>();
  readonly #hashes = new Set<string>();
  readonly #queued = new Set<string>();
  /** Of receipts: summaries come later. */
  readonly #awaited = new Map<string, string>();
  #head: Head | undefined;
  #format: unknown;
  #version: unknown;
  #part = -1;
  #queuedUnits = 0;

  constructor(listener: SessionListener) {
    this.#listener = listener;
    this.#json = new JsonPieces(Object.keys(lists), {
      field: (name, value) => this.#field(name, value),
      list: (name) => this.#enter(name as ListName),
      element: (name, index, value) => this.#element(name as ListName, index, value),
    });
  }

  push(chunk: Buffer): void {
    this.#json.push(chunk);
  }

  end(): void {
    this.#json.end();
    this.#mustBeOurs();
    const missing = parts[this.#part + 1];
    if (missing !== undefined) throw new Wrong(missing, 'is missing');
    for (const [summary, place] of this.#awaited)
      if (!this.#summaries.has(summary)) throw new Wrong(place, 'names a summary that is not in the file');
    const { head, pinned, branchNames, window } = this.#head!;
    if (head === null && this.#kinds.size > 0)
      throw new Wrong('session.head', 'is missing, although there are messages');
    if (head !== null) this.#mustKnow(head, 'session.head');
    if (window.since !== null) this.#mustKnow(window.since, 'session.window.since');
    for (const [index, node] of pinned.entries()) this.#mustKnow(node, `session.pinned[${index}]`);
    for (const [index, { branch }] of branchNames.entries()) this.#mustKnow(branch, `session.branchNames[${index}]`);
  }

  #field(name: string, value: unknown): void {
    if (name === 'format') {
      this.#format = value;
      if (value !== FORMAT) throw notOurs();
    } else if (name === 'version') {
      if (this.#format === undefined) throw notOurs();
      this.#version = value;
      mustBeKnown(value);
    } else if (name === 'session') {
      this.#enter('session');
      const head = this.#checked(Head, value, 'session');
      mustBeUnique(head.pinned, 'session.pinned');
      mustBeUnique(
        head.branchNames.map(({ branch }) => branch),
        'session.branchNames',
      );
      this.#head = head;
      this.#listener.head(head);
    } else this.unknown.add(known(name));
  }

  /** The parts come in their order, after it is clear what they are parts of. */
  #enter(name: PartName): void {
    this.#mustBeOurs();
    const part = parts.indexOf(name);
    if (part !== this.#part + 1) throw new Wrong(name, `must come after ${parts[part - 1] ?? 'version'}`);
    this.#part = part;
  }

  #mustBeOurs(): void {
    if (this.#format === undefined) throw notOurs();
    if (this.#version === undefined) throw new Wrong('version', 'is missing');
  }

  #element(name: ListName, index: number, value: unknown): void {
    const place = `${name}[${index}]`;
    if (index >= most[name]) throw new Wrong(name, `has more than ${most[name].toLocaleString('en')} entries`);
    const checked = this.#checked(lists[name] as z.ZodType, value, place);
    if (name === 'nodes') this.#node(checked as FileNode, place);
    else if (name === 'queue') this.#queue(checked as Queued, place);
    else if (name === 'systems') this.#system(checked as System, place);
    else this.#summary(checked as Summary, place);
  }

  #node(node: FileNode, place: string): void {
    if (this.#kinds.has(node.id)) throw new Wrong(`${place}.id`, 'is there twice');
    if (node.kind === 'turn') this.#turn(node, place);
    else if (node.parent !== null) this.#mustKnow(node.parent, `${place}.parent`);
    this.#kinds.set(node.id, node.kind);
    this.#listener.node(node);
  }

  #turn(turn: Extract<FileNode, { kind: 'turn' }>, place: string): void {
    const { parent, from, sent, track, text, reasoning, seams } = turn;
    this.#mustKnow(parent, `${place}.parent`, 'message');
    if (from !== undefined) {
      this.#mustKnow(from.turn, `${place}.from.turn`, 'turn');
      if (this.#parents.get(from.turn) !== parent) throw new Wrong(`${place}.from.turn`, 'answers another message');
      if (from.text > text.length || from.reasoning > reasoning.length || from.seams > seams.length)
        throw new Wrong(`${place}.from`, 'is longer than the answer');
    }
    if (seams.some((seam) => seam.offset > text.length)) throw new Wrong(`${place}.seams`, 'lies behind the answer');
    if (track.length % 2 !== 0) throw new Wrong(`${place}.track`, 'must hold pairs');
    this.#parents.set(turn.id, parent);
    if (sent === undefined) return;
    this.#mustKnow(sent.first, `${place}.sent.first`);
    if (sent.window.since !== null) this.#mustKnow(sent.window.since, `${place}.sent.window.since`);
    for (const [index, { node }] of sent.pinned.entries()) this.#mustKnow(node, `${place}.sent.pinned[${index}]`);
    if (sent.system !== null && !this.#hashes.has(sent.system.hash))
      throw new Wrong(`${place}.sent.system`, 'names a system text that is not in the file');
    if (sent.summary !== null) this.#awaited.set(sent.summary.summary, `${place}.sent.summary`);
  }

  #queue(message: Queued, place: string): void {
    this.#queuedUnits += message.text.length;
    if (this.#queued.has(message.id)) throw new Wrong(`${place}.id`, 'is there twice');
    if (this.#queuedUnits > 1_000_000) throw new Wrong('queue', 'has more than 1,000,000 characters');
    this.#queued.add(message.id);
    this.#listener.queued(message);
  }

  #system(system: System, place: string): void {
    if (this.#hashes.has(system.hash)) throw new Wrong(`${place}.hash`, 'is there twice');
    if (createHash('sha256').update(system.text).digest('base64url') !== system.hash)
      throw new Wrong(`${place}.hash`, 'is not that of its text');
    this.#hashes.add(system.hash);
    this.#listener.system(system);
  }

  #summary(summary: Summary, place: string): void {
    if (this.#summaries.has(summary.id)) throw new Wrong(`${place}.id`, 'is there twice');
    this.#mustKnow(summary.upTo, `${place}.upTo`);
    if (summary.after !== null && !this.#summaries.has(summary.after))
      throw new Wrong(`${place}.after`, 'names a summary that does not stand before it');
    this.#summaries.add(summary.id);
    this.#listener.summary(summary);
  }

  #mustKnow(node: string, place: string, kind?: FileNode['kind']): void {
    const found = this.#kinds.get(node);
    if (found === undefined) throw new Wrong(place, 'names a message or answer that does not stand before it');
    if (kind !== undefined && found !== kind)
      throw new Wrong(
        place,
        `names ${found === 'turn' ? 'an answer' : 'a message'} where ${kind === 'turn' ? 'an answer' : 'a message'} must be`,
      );
  }

  #checked<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
    const result = schema.safeParse(value);
    if (result.success) {
      this.#leftOut(value, result.data, place.replace(/\[\d+\]/, ''));
      return result.data;
    }
    const [issue] = result.error.issues;
    const path = issue === undefined ? '' : pathOf(issue.path);
    throw new Wrong(`${place}${path}`, wordsOf(issue?.message ?? 'is not as it must be'));
  }

  /** Names of fields that were there and are not kept. */
  #leftOut(value: unknown, kept: unknown, place: string): void {
    if (Array.isArray(value) && Array.isArray(kept)) {
      // Elements of one list have the same fields, and lists of numbers none.
      if (typeof value[0] !== 'object') return;
      for (const [index, each] of value.entries()) this.#leftOut(each, kept[index], place);
      return;
    }
    if (typeof value !== 'object' || value === null || typeof kept !== 'object' || kept === null) return;
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(kept, key)) this.unknown.add(`${place}.${known(key)}`);
      else
        this.#leftOut(
          (value as Record<string, unknown>)[key],
          (kept as Record<string, unknown>)[key],
          `${place}.${known(key)}`,
        );
    }
  }
}

/** Nobody knows what stands in a name from outside. */
const known = (name: string) => (/^\w{1,40}$/.test(name) ? name : '…');

const notOurs = () =>
  new Wrong('', 'it is no session that Choragus exported', {
    next: 'Choose a .json file, or a .zip of them, that Choragus exported.',
  });

function mustBeKnown(version: unknown): void {
  if (!Number.isInteger(version) || (version as number) < 1) throw new Wrong('version', 'must be a whole number');
  if ((version as number) > VERSION)
    throw new Wrong(
      'version',
      `the format ${FORMAT} has version ${version} here, and this Choragus reads version ${VERSION}`,
      {
        code: 'UNSUPPORTED',
        next: 'Update Choragus, then import the file again.',
      },
    );
}

function mustBeUnique(ids: readonly string[], place: string): void {
  if (new Set(ids).size < ids.length) throw new Wrong(place, 'names something twice');
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${known(String(step))}`)).join('');

/** What the schema says, as the end of a sentence. */
function wordsOf(message: string): string {
  if (message === 'Invalid input') return 'is not as it must be';
  if (message.startsWith('Invalid option')) return 'is none of the values that it can have';
  const words = message
    .replace(/^Invalid input: /, '')
    .replace(/^Too (?:big|small|long|short): expected \w+ to (?:be|have) /, 'must be ');
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, '');
}
