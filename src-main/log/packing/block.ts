import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { apart, type PackedRow, type Streams } from './apart.ts';
import { numberAt, putNumber } from './numbers.ts';
import { together } from './together.ts';

/** The first byte of a block: how the rest is to be read. In the first way there were no halves of hashes. */
const WAY = 2;
/** Bytes below which nothing is gained. */
const SMALL = 16;

/** For a stream of so many bytes, with its dictionary: tables no larger than it needs. */
function parameters(bytes: number): Record<number, number> {
  const size = Math.min(20, Math.max(10, Math.ceil(Math.log2(bytes))));
  return {
    [constants.ZSTD_c_compressionLevel]: 19,
    [constants.ZSTD_c_windowLog]: size,
    [constants.ZSTD_c_hashLog]: size,
    [constants.ZSTD_c_chainLog]: size + 1,
    // Every block is read back before what it holds is let go of.
    [constants.ZSTD_c_checksumFlag]: 0,
    [constants.ZSTD_c_contentSizeFlag]: 0,
  };
}
const compress = promisify(zstdCompress);

/** What many blocks have in common, which they need not hold themselves. */
export interface Dictionary {
  id: number;
  data: Buffer;
}

/** Rows of one session, in order, as one block. */
export const pack = (rows: readonly PackedRow[], dictionary?: Dictionary) => compressed(apart(rows), dictionary);

/** The second half of it, in another thread: one at a time, so that the others are left to whoever streams. */
export async function compressed(streams: Streams, dictionary?: Dictionary): Promise<Buffer> {
  const { heads, texts, ids, hashes, numbers } = streams;
  const withDictionary = dictionary === undefined ? {} : { dictionary: dictionary.data };
  const frames: Frame[] = [];
  for (const stream of [heads, texts]) frames.push(await frame(stream, withDictionary));
  for (const stream of [ids, hashes, ...numbers]) frames.push(await frame(stream, {}));
  const head = [WAY];
  putNumber(head, dictionary?.id ?? 0);
  putNumber(head, frames.length);
  for (const { bytes, compressed } of frames) putNumber(head, 2 * bytes.length + Number(compressed));
  return Buffer.concat([Buffer.from(head), ...frames.map(({ bytes }) => bytes)]);
}

/** `dictionary` finds the one by which it was packed. Throws for what is no block. */
export function unpack(block: Buffer, dictionary: (id: number) => Buffer): PackedRow[] {
  if (block[0] !== 1 && block[0] !== WAY)
    throw new Error(`A block is packed in way ${block[0]}, which is not known here.`);
  const [id, counted] = numberAt(block, 1);
  const [count, after] = numberAt(block, counted);
  let at = after;
  const lengths = Array.from({ length: count }, () => {
    const [length, next] = numberAt(block, at);
    at = next;
    return length;
  });
  const frames = lengths.map((length, index) => {
    const bytes = block.subarray(at, at + Math.floor(length / 2));
    at += bytes.length;
    if (length % 2 === 0) return bytes;
    return zstdDecompressSync(bytes, index < 2 && id !== 0 ? { dictionary: dictionary(id) } : {});
  });
  const [heads, texts, ids, hashes, ...numbers] = frames as [Buffer, Buffer, Buffer, Buffer, ...Buffer[]];
  return together({ heads, texts, ids, hashes, numbers } satisfies Streams);
}

interface Frame {
  bytes: Buffer;
  compressed: boolean;
}

async function frame(stream: Buffer, options: { dictionary?: Buffer }): Promise<Frame> {
  const plain = { bytes: stream, compressed: false };
  if (stream.length < SMALL) return plain;
  const params = parameters(stream.length + (options.dictionary?.length ?? 0));
  const bytes = await compress(stream, { params, ...options });
  return bytes.length < stream.length ? { bytes, compressed: true } : plain;
}
