import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip of these files, by their names. */
export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** A zip of one file, which its directory names so often. */
export function doubled(zip: Buffer, times: number): Buffer {
  const end = zip.length - 22;
  const [size, start] = [zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  const directory = zip.subarray(start, start + size);
  const last = Buffer.from(zip.subarray(end));
  last.writeUInt16LE(times, 8);
  last.writeUInt16LE(times, 10);
  last.writeUInt32LE(size * times, 12);
  return Buffer.concat([zip.subarray(0, start), ...Array<Buffer>(times).fill(directory), last]);
}
