import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSources } from './sources.ts';
import { doubled, zipOf } from './testing/zips.ts';
import { Wrong } from './wrong.ts';

const dir = mkdtempSync(join(tmpdir(), 'choragus-sources-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Every file in it, by how it can be told. */
async function readAll(bytes: Buffer): Promise<{ files: Record<string, number>; others: number }> {
  const path = join(dir, 'file');
  writeFileSync(path, bytes);
  const sources = await openSources(path, 'my.zip');
  const files: Record<string, number> = {};
  try {
    for await (const source of sources.all()) {
      let length = 0;
      for await (const chunk of source.bytes()) length += chunk.length;
      files[source.where] = length;
    }
  } finally {
    sources.close();
  }
  return { files, others: sources.others };
}

async function wrongIn(bytes: Buffer): Promise<string> {
  const error = await readAll(bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Wrong);
  return (error as Wrong).in('my.zip').message;
}

describe('what is in a file', () => {
  it('is the file itself, or every JSON file of a zip, in any folder', async () => {
    expect(await readAll(Buffer.from('{"a": 1}'))).toEqual({ files: { 'my.zip': 8 }, others: 0 });
    const zip = await zipOf({
      'a.json': '{}',
      'deep/er/b.JSON': '{"b": 2}',
      'readme.txt': 'x',
      '__MACOSX/._a.json': '\0',
    });
    expect(await readAll(zip)).toEqual({
      files: { '“a.json” in my.zip': 2, '“deep/er/b.JSON” in my.zip': 8 },
      others: 2,
    });
  });

  it('is told under names that cannot turn a line around', async () => {
    const { files } = await readAll(await zipOf({ 'a\u202eb\n.json': '{}', [`${'x'.repeat(300)}.json`]: '{}' }));
    expect(Object.keys(files)).toEqual(['“ab.json” in my.zip', expect.stringMatching(/^“x{60}….{18}” in my\.zip$/)]);
  });
});

describe('a zip that is made to harm', () => {
  it.each(['../../x.json', '/etc/x.json', 'a/../../x.json', 'C:/x.json'])(
    'with the path %s is refused',
    async (name) => {
      const zip = await zipOf({ ['x'.repeat(name.length)]: '{}' });
      const bytes = Buffer.from(zip.toString('latin1').replaceAll('x'.repeat(name.length), name), 'latin1');
      expect(await wrongIn(bytes)).toMatch(/^my\.zip: the zip is damaged \((invalid relative path|absolute path): /);
    },
  );

  it('with a NUL in a name is refused', async () => {
    const bytes = Buffer.from(
      (await zipOf({ 'ab.json': '{}' })).toString('latin1').replaceAll('ab.json', 'a\0.json'),
      'latin1',
    );
    expect(await wrongIn(bytes)).toBe('my.zip: the name of a file in it holds a NUL.');
  });

  it('within a zip is refused', async () => {
    expect(await wrongIn(await zipOf({ 'in.zip': 'PK' }))).toBe('my.zip, “in.zip”: is a zip within a zip.');
  });

  it('that unpacks to very much is refused before it does', async () => {
    const bomb = await zipOf({ 'bomb.json': Buffer.alloc(150_000_000, 0x20) });
    expect(bomb.length).toBeLessThan(500_000);
    expect(await wrongIn(bomb)).toBe('my.zip: unpacks to more than 250 times its size.');
  });

  it('whose entries share what they are packed in is refused by all of them together', async () => {
    const zip = doubled(await zipOf({ 'a.json': Buffer.alloc(2_000_000, 0x20) }), 200);
    expect(await wrongIn(zip)).toBe('my.zip: unpacks to more than 250 times its size.');
  });

  it('with a million entries is refused by their number', async () => {
    const zip = await zipOf({ 'a.json': '{}' });
    const end = zip.length - 22;
    const many = Buffer.concat([
      zip.subarray(0, end),
      zip64End(1_000_000n, end, zip.readUInt32LE(end + 16)),
      zip.subarray(end),
    ]);
    many.writeUInt16LE(0xffff, many.length - 22 + 8);
    many.writeUInt16LE(0xffff, many.length - 22 + 10);
    expect(await wrongIn(many)).toBe('my.zip: the zip has more than 200,000 files in it.');
  });

  it('with a wrong checksum, or another length than it says, is refused', async () => {
    const zip = await zipOf({ 'a.json': '{"a": "some words to pack"}' });
    const directory = zip.readUInt32LE(zip.length - 22 + 16);
    const sum = Buffer.from(zip);
    sum.writeUInt32LE(1, directory + 16);
    expect(await wrongIn(sum)).toBe('my.zip: is damaged: its checksum is another one.');
    const length = Buffer.from(zip);
    length.writeUInt32LE(5, directory + 24);
    expect(await wrongIn(length)).toMatch(/^my\.zip: the zip is damaged/);
  });

  it('that is encrypted, or packed in another way, is refused', async () => {
    const zip = await zipOf({ 'a.json': '{}' });
    const directory = zip.readUInt32LE(zip.length - 22 + 16);
    const locked = Buffer.from(zip);
    locked.writeUInt16LE(locked.readUInt16LE(directory + 8) | 1, directory + 8);
    expect(await wrongIn(locked)).toBe('my.zip: is encrypted.');
    const other = Buffer.from(zip);
    other.writeUInt16LE(93, directory + 10);
    expect(await wrongIn(other)).toBe('my.zip: is packed in a way that Choragus does not know.');
  });

  it('cut anywhere is refused, or has nothing in it', async () => {
    const zip = await zipOf({ 'a.json': '{"a": 1}', 'b.json': '{"b": 2}' });
    for (let length = 4; length < zip.length; length += 3)
      expect(await wrongIn(zip.subarray(0, length))).toMatch(/^my\.zip: the zip is damaged/);
    expect(await wrongIn(Buffer.alloc(0))).toBe('my.zip: the file is empty.');
  });
});

/** The end of a directory of so many entries, as large zips have it, with its place. */
function zip64End(entries: bigint, at: number, directory: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(entries, 24);
  record.writeBigUInt64LE(entries, 32);
  record.writeBigUInt64LE(BigInt(at - directory), 40);
  record.writeBigUInt64LE(BigInt(directory), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
