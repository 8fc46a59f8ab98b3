import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallParams } from '#shared/contract/contract.ts';
import type { Job } from '#shared/domain/jobs.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Client } from '#shared/wire/client.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { Saver } from './saver.ts';

/** A file of the browser, as far as it matters here. */
export interface PickedFile {
  readonly name: string;
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A file on its way from here. */
export interface Upload {
  id: string;
  name: string;
  /** Bytes. */
  done: number;
  of: number;
  /** Why it did not go; it stays until somebody puts it away. */
  problem: ProblemBody | null;
  /** Somebody has read that. */
  seen: boolean;
}

export type ExportFormat = CallParams<'exports.start'>['format'];
type File = NonNullable<NonNullable<Job['result']>['file']>;

interface Known {
  uploads: readonly Upload[];
  /** Bytes that have come of the files that are being saved, by the file's id. */
  saving: Readonly<Record<string, number>>;
}

export interface TransfersOptions {
  client: Client;
  /** Resolves when the job has ended. */
  ended(job: string): Promise<Job>;
  saver: Saver;
  newId(): string;
  /** What went wrong, or null: nothing any more. */
  trouble(place: string, problem: ProblemBody | null): void;
}

/** Of a piece, in bytes: as base64 it fits a call. */
const PIECE = 480_000;
/** What this window exported is saved by itself up to so many bytes; above, somebody chooses where it goes. */
const SAVED_AT_ONCE = 64_000_000;

/** Where a problem with saving this file is shown. */
export const placeOf = (file: string) => `save ${file}`;
export const EXPORT = 'export';

/** Files on their way to the server and back, in pieces: none of them is in memory as a whole. */
export class Transfers {
  readonly store: StoreApi<Known> = createStore<Known>(() => ({ uploads: [], saving: {} }));
  readonly #options: TransfersOptions;
  readonly #dropped = new Set<string>();

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  /** Sends files to be imported, one after the other. What is none of ours does not leave this computer. */
  async import(files: readonly PickedFile[]): Promise<void> {
    const uploads = files.map((file) => ({
      file,
      upload: { id: this.#options.newId(), name: file.name, done: 0, of: file.size, problem: null, seen: false },
    }));
    this.store.setState((known) => ({ uploads: [...known.uploads, ...uploads.map(({ upload }) => upload)] }));
    for (const { file, upload } of uploads) await this.#send(file, upload.id);
  }

  /** Of one that is on its way: it stops. Of one that failed: it was read. */
  drop(id: string): void {
    this.#dropped.add(id);
    this.store.setState(({ uploads }) => ({ uploads: uploads.filter((each) => each.id !== id) }));
  }

  /** What went wrong so far is news no more. */
  see(): void {
    this.store.setState(({ uploads }) => ({
      uploads: uploads.map((each) => (each.problem === null ? each : { ...each, seen: true })),
    }));
  }

  /** Absent `sessions`: all that are not in the trash. What comes of it is saved here when it is not too large for that. */
  async export(format: ExportFormat, sessions?: string[]): Promise<void> {
    const { client, ended, trouble } = this.#options;
    trouble(EXPORT, null);
    try {
      const { job } = await client.call('exports.start', sessions === undefined ? { format } : { format, sessions });
      const file = (await ended(job)).result?.file;
      if (file !== undefined && file.bytes <= SAVED_AT_ONCE) await this.save(file);
    } catch (error) {
      trouble(EXPORT, Problem.of(error).toBody());
    }
  }

  async save(file: File): Promise<void> {
    const { saver, trouble } = this.#options;
    const place = placeOf(file.id);
    trouble(place, null);
    try {
      await saver.save(file, this.#pieces(file.id));
    } catch (error) {
      trouble(place, Problem.of(error).toBody());
    } finally {
      this.store.setState(({ saving: { [file.id]: _, ...saving } }) => ({ saving }));
    }
  }

  async *#pieces(file: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let offset = 0, end = false; !end; ) {
      this.store.setState(({ saving }) => ({ saving: { ...saving, [file]: offset } }));
      const read = await this.#options.client.call('files.read', { file, offset, bytes: PIECE }, { retry: true });
      const piece = fromBase64(read.piece);
      if (piece.length > 0) yield piece;
      offset += piece.length;
      end = read.end;
    }
  }

  async #send(picked: PickedFile, id: string): Promise<void> {
    const { client } = this.#options;
    const { name, size } = picked;
    const mayGo = () => !this.#dropped.has(id);
    if (!mayGo()) return;
    let begun: string | undefined;
    try {
      await mustBeOurs(picked);
      const { file } = await client.call('files.begin', { name: name.slice(-255), bytes: size });
      begun = file;
      for (let offset = 0; offset < size && mayGo(); offset += PIECE) {
        this.#change(id, { done: offset });
        const piece = toBase64(new Uint8Array(await read(picked, offset, offset + PIECE)));
        await client.call('files.write', { file, offset, piece }, { retry: true });
      }
      if (mayGo()) {
        await client.call('imports.start', { file });
        begun = undefined;
        this.drop(id);
      }
    } catch (error) {
      this.#change(id, { problem: Problem.of(error).toBody() });
    }
    // Nobody will ask for it any more; it would be forgotten by itself, later.
    if (begun !== undefined) await client.call('files.forget', { file: begun }).catch(() => {});
  }

  #change(id: string, change: Partial<Upload>): void {
    this.store.setState(({ uploads }) => ({
      uploads: uploads.map((each) => (each.id === id ? { ...each, ...change } : each)),
    }));
  }
}

async function read(file: PickedFile, from: number, to: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(from, Math.min(to, file.size)).arrayBuffer();
  } catch {
    throw new Problem(
      'NOT_FOUND',
      `The file ${file.name} cannot be read any more.`,
      'It was moved, changed or deleted meanwhile; choose it again.',
    );
  }
}

/** By how it begins: a zip, or an object of JSON. The server looks closer. */
async function mustBeOurs(file: PickedFile): Promise<void> {
  const head = new Uint8Array(await read(file, 0, 64));
  const text = new TextDecoder().decode(head).trimStart();
  const zipped = head[0] === 0x50 && head[1] === 0x4b;
  if (zipped || text.startsWith('{')) return;
  throw new Problem(
    'INVALID_PARAMS',
    `${file.name} is no export of Choragus.`,
    'Choose a .json file, or a .zip of them, that Choragus exported.',
  );
}
