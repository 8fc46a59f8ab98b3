import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files in a folder and below it, by path within; without those that vanish meanwhile. */
export function bytesBelow(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && existsSync(path)) files.set(path.slice(folder.length + 1), readFileSync(path));
  }
  return files;
}

/** Every way in which a secret may stand in something without being sealed: plain, hex, base64 at any offset. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // What comes before shifts the letters of base64; only those that the secret alone makes are the same everywhere.
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const hex = bytes.toString('hex');
  const utf16 = bytes.toString('latin1').split('').join('\0');
  return [
    secret,
    utf16,
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replace(/-/g, '+').replace(/_/g, '/')),
  ];
}
