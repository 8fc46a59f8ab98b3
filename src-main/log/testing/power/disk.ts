import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '#shared/kit/ids.ts';

type Change = { offset: number; bytes: Buffer } | { length: number };
interface File {
  /** What a power cut leaves in any case. */
  synced: Buffer;
  /** What it may leave or take, in order. */
  pending: Change[];
}
type Naming = { folder: string } & ({ put: string; file: File; off?: string } | { off: string });

type Operation =
  | { kind: 'open' | 'create'; id: number; path: string }
  | { kind: 'write'; id: number; offset: number; bytes: Buffer }
  | { kind: 'truncate'; id: number; length: number }
  | { kind: 'sync'; id: number }
  | { kind: 'syncdir' | 'unlink'; path: string }
  | { kind: 'rename' | 'link'; from: string; to: string };

/** What the library of `record.c` wrote down. */
export function operations(file: string): Operation[] {
  const all = readFileSync(file);
  const found: Operation[] = [];
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at);
    const [kind, first = '', second = '', third = ''] = all.toString('utf8', at, end).split(' ');
    at = end + 1;
    const id = Number(first);
    if (kind === 'open' || kind === 'create') found.push({ kind, id, path: second });
    else if (kind === 'write') {
      const length = Number(third);
      found.push({ kind, id, offset: Number(second), bytes: all.subarray(at, at + length) });
      at += length;
    } else if (kind === 'truncate') found.push({ kind, id, length: Number(second) });
    else if (kind === 'sync') found.push({ kind, id });
    else if (kind === 'syncdir' || kind === 'unlink') found.push({ kind, path: first });
    else if (kind === 'rename' || kind === 'link') found.push({ kind, from: first, to: second });
    else throw new Error(`The record cannot be read at ${at}: ${kind}.`);
  }
  return found;
}

/**
 * How much of what was not synced is left. After a power cut: nothing, all up to a moment, or some of it, torn. After a
 * kill: everything.
 */
export type Left = 'nothing' | 'start' | 'some' | 'everything';

const SECTOR = 512;

/**
 * A folder on a disk that loses at a power cut what was not synced: bytes until their file is synced, names until their
 * folder is. Folders themselves stay.
 */
export class Disk {
  /** Names that are on the disk for good, and those as the process sees them. */
  readonly #names = new Map<string, File>();
  readonly #seen = new Map<string, File>();
  readonly #files = new Map<number, File>();
  #naming: Naming[] = [];
  /** The text of files that are not part of the disk, but tell what was promised. */
  readonly #aside: ReadonlySet<string>;

  /** `base`: the folder before; `aside`: names of files that lose nothing. */
  constructor(base: ReadonlyMap<string, Buffer>, aside: readonly string[] = []) {
    this.#aside = new Set(aside);
    for (const [path, bytes] of base) {
      const file = { synced: bytes, pending: [] };
      this.#names.set(path, file);
      this.#seen.set(path, file);
    }
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'open':
        this.#files.set(operation.id, this.#seen.get(operation.path)!);
        break;
      case 'create': {
        const file: File = { synced: Buffer.alloc(0), pending: [] };
        this.#files.set(operation.id, file);
        this.#name({ folder: dirname(operation.path), put: operation.path, file });
        break;
      }
      case 'write':
        this.#files.get(operation.id)!.pending.push(operation);
        break;
      case 'truncate':
        this.#files.get(operation.id)!.pending.push(operation);
        break;
      case 'sync': {
        const file = this.#files.get(operation.id)!;
        file.synced = changed(file.synced, file.pending.splice(0));
        break;
      }
      case 'syncdir':
        for (const each of this.#naming) if (each.folder === operation.path) rename(this.#names, each);
        this.#naming = this.#naming.filter((each) => each.folder !== operation.path);
        break;
      case 'unlink':
        this.#name({ folder: dirname(operation.path), off: operation.path });
        break;
      case 'rename':
      case 'link': {
        const { from, to, kind } = operation;
        const file = this.#seen.get(from);
        if (file === undefined) throw new Error(`${from} is not there to be renamed.`);
        const off = kind === 'rename' ? { off: from } : {};
        this.#name({ folder: dirname(to), put: to, file, ...off });
        break;
      }
    }
  }

  /** As the process sees it. */
  text(path: string): string {
    const file = this.#seen.get(path);
    return file === undefined ? '' : changed(file.synced, file.pending).toString();
  }

  /** The folder as it is found after a power cut now. */
  cut(folder: string, left: Left, random: Random): void {
    const names = new Map(this.#names);
    const folders = new Map(this.#naming.map((each) => [each.folder, 0]));
    for (const each of folders.keys()) {
      const mine = this.#naming.filter((naming) => naming.folder === each);
      for (const naming of chosen(mine, left, random)) rename(names, naming);
    }
    const contents = new Map<File, Buffer>();
    for (const [path, file] of names) {
      if (this.#aside.has(path) || path.endsWith('-shm')) continue;
      if (!contents.has(file)) contents.set(file, changed(file.synced, survivors(file.pending, left, random)));
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), contents.get(file)!);
    }
  }

  #name(naming: Naming): void {
    rename(this.#seen, naming);
    this.#naming.push(naming);
  }
}

function rename(names: Map<string, File>, naming: Naming): void {
  if (naming.off !== undefined) names.delete(naming.off);
  if ('put' in naming) names.set(naming.put, naming.file);
}

function survivors(pending: readonly Change[], left: Left, random: Random): Change[] {
  const kept = chosen(pending, left, random);
  if (left !== 'some') return kept;
  return kept.map((change) => ('bytes' in change && random() < 0.3 ? torn(change, random) : change));
}

function chosen<T>(all: readonly T[], left: Left, random: Random): T[] {
  if (left === 'nothing') return [];
  if (left === 'everything') return [...all];
  if (left === 'some') return all.filter(() => random() < 0.5);
  return all.slice(0, Math.floor(random() * (all.length + 1)));
}

/** Sectors are written whole, but not all of them. */
function torn({ offset, bytes }: Extract<Change, { bytes: Buffer }>, random: Random): Change {
  const first = SECTOR - (offset % SECTOR);
  const sectors = Math.ceil(Math.max(0, bytes.length - first) / SECTOR);
  return { offset, bytes: bytes.subarray(0, first + Math.floor(random() * (sectors + 1)) * SECTOR) };
}

function changed(bytes: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return bytes;
  let length = bytes.length;
  let most = length;
  for (const change of changes) {
    length = 'length' in change ? change.length : Math.max(length, change.offset + change.bytes.length);
    most = Math.max(most, length);
  }
  const result = Buffer.alloc(most);
  bytes.copy(result);
  let now = bytes.length;
  for (const change of changes) {
    if ('length' in change) {
      if (change.length < now) result.fill(0, change.length, now);
      now = change.length;
    } else {
      change.bytes.copy(result, change.offset);
      now = Math.max(now, change.offset + change.bytes.length);
    }
  }
  return result.subarray(0, now);
}
