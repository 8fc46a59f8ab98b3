import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file, or a zip of files: one after the other, each written as it comes. For its owner alone. */
export class Output {
  readonly #path: string;
  readonly #zip: ZipFile | undefined;
  readonly #file: Writable;
  readonly #failed: Promise<never>;
  #entry: Writable | undefined;

  constructor(path: string, zip: boolean) {
    this.#path = path;
    this.#file = createWriteStream(path, { mode: 0o600, flags: 'wx' });
    this.#zip = zip ? new ZipFile() : undefined;
    this.#failed = new Promise((_, reject) => {
      this.#file.on('error', reject);
      this.#zip?.on('error', reject);
    });
    // Whoever writes next hears of it.
    this.#failed.catch(() => {});
    this.#zip?.outputStream.pipe(this.#file);
  }

  /** A file by this name; without a zip there is one, and its name is not used. */
  begin(name: string, at: number): void {
    if (this.#zip === undefined) {
      this.#entry = this.#file;
      return;
    }
    const entry = new PassThrough();
    this.#entry = entry;
    this.#zip.addReadStreamLazy(name, { mtime: new Date(at) }, (take) => take(null, entry));
  }

  async write(text: string): Promise<void> {
    if (text !== '' && this.#entry?.write(text) === false)
      await Promise.race([once(this.#entry, 'drain'), this.#failed]);
  }

  async end(): Promise<void> {
    if (this.#zip === undefined) return;
    const entry = this.#entry;
    entry?.end();
    if (entry !== undefined) await Promise.race([finished(entry), this.#failed]);
  }

  /** Resolves with its bytes when it is on the disk. */
  async close(): Promise<number> {
    if (this.#zip === undefined) this.#file.end();
    else this.#zip.end();
    await Promise.race([finished(this.#file), this.#failed]);
    return (await stat(this.#path)).size;
  }
}
