import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { shown, Wrong } from './wrong.ts';

/** One file of JSON, by itself or in a zip. */
export interface Source {
  /** As it can be told to somebody. */
  where: string;
  /** Its bytes, once. */
  bytes(): AsyncIterable<Buffer>;
}

/** What is in a file: how many sources, about, and each of them in turn. */
export interface Sources {
  count: number;
  /** Files in it that are none of ours, and are left out. */
  readonly others: number;
  all(): AsyncIterable<Source>;
  close(): void;
}

/** What one zip may hold, so that a small file cannot fill a computer. */
export const limits = {
  entries: 200_000,
  /** Bytes of one session, and of all of them. */
  session: 2_000_000_000,
  all: 20_000_000_000,
  /** So many times as long as it is packed, once it is longer than `packed`: nobody writes so little in so much. */
  ratio: 250,
  packed: 100_000_000,
};

const CHUNK = 256 * 1024;

/** Throws Wrong when it is neither JSON nor a zip. `file`: how it is called where it comes from. */
export async function openSources(path: string, file: string): Promise<Sources> {
  const head = await beginningOf(path);
  if (head.length === 0) throw new Wrong('', 'the file is empty');
  if (head[0] === 0x50 && head[1] === 0x4b) return openZip(path, file);
  const where = shown(file);
  return {
    count: 1,
    others: 0,
    async *all() {
      yield { where, bytes: () => createReadStream(path, { highWaterMark: CHUNK }) };
    },
    close() {},
  };
}

async function beginningOf(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openZip(path: string, file: string): Promise<Sources> {
  const zip = await openPromise(path, { autoClose: false }).catch(damaged);
  const opened = new Zip(zip, file);
  if (zip.entryCount > limits.entries) {
    opened.close();
    throw new Wrong('', `the zip has more than ${limits.entries.toLocaleString('en')} files in it`, {
      next: 'Import it in several parts.',
    });
  }
  return opened;
}

class Zip implements Sources {
  others = 0;
  readonly count: number;
  readonly #zip: ZipFile;
  readonly #file: string;
  #unpacked = 0;
  #packed = 0;

  constructor(zip: ZipFile, file: string) {
    this.#zip = zip;
    this.#file = file;
    this.count = zip.entryCount;
  }

  async *all(): AsyncIterable<Source> {
    const entries = this.#zip.eachEntry();
    for (;;) {
      const { done, value: entry } = await entries.next().catch(damaged);
      if (done === true) return;
      const { fileName } = entry;
      if (fileName.endsWith('/')) continue;
      if (fileName.includes('\0')) throw new Wrong('', 'the name of a file in it holds a NUL');
      const name = shown(fileName);
      const where = `“${name}” in ${shown(this.#file)}`;
      if (/\.zip$/i.test(fileName))
        throw new Wrong(`“${name}”`, 'is a zip within a zip', {
          next: 'Unpack the outer one, and import what is in it.',
        });
      if (!/\.json$/i.test(fileName) || isOfTheSystem(fileName)) this.others++;
      else yield { where, bytes: () => this.#bytes(entry) };
    }
  }

  close(): void {
    this.#zip.close();
  }

  async *#bytes(entry: Entry): AsyncIterable<Buffer> {
    if (entry.isEncrypted()) throw new Wrong('', 'is encrypted', { next: 'Pack it without a password.' });
    if (!entry.canDecodeFileData()) throw new Wrong('', 'is packed in a way that Choragus does not know');
    this.#packed += entry.compressedSize;
    let bytes = 0;
    let sum = 0;
    const stream = await this.#zip.openReadStreamPromise(entry).catch(damaged);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.#unpacked += chunk.length;
        this.#mustBeHarmless(bytes);
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (error) {
      if (error instanceof Wrong) throw error;
      damaged(error);
    } finally {
      stream.destroy();
    }
    if (sum !== entry.crc32) throw new Wrong('', 'is damaged: its checksum is another one');
  }

  /** Entries may share what they are packed in: all of them together count. */
  #mustBeHarmless(bytes: number): void {
    const much = this.#unpacked > limits.packed && this.#unpacked > limits.ratio * this.#packed;
    if (bytes <= limits.session && this.#unpacked <= limits.all && !much) return;
    const what = much ? `unpacks to more than ${limits.ratio} times its size` : 'unpacks to more than Choragus reads';
    throw new Wrong('', what, {
      next: 'If it is yours, unpack it and import its files in parts.',
    });
  }
}

/** What other programs put into zips. */
const isOfTheSystem = (name: string) => name.startsWith('__MACOSX/') || /(^|\/)\._[^/]*$/.test(name);

/** What the library says is English and names at most a file. */
function damaged(error: unknown): never {
  if (error instanceof Wrong) throw error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('E') && !code.startsWith('ERR')) throw error;
  const why = error instanceof Error ? shown(error.message) : '';
  throw new Wrong('', `the zip is damaged${why === '' ? '' : ` (${why})`}`);
}
