/** An id as it lies in a column: 16 bytes where it is a UUID as we write them, otherwise its text. */
export type Packed = Buffer | string;

const canonical = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const packed = (id: string): Packed => (canonical.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id);

export function unpacked(value: Packed): string {
  if (typeof value === 'string') return value;
  const hex = value.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The end of an id, by which a node is found: the last 32 bits of a UUID as we write them, otherwise a hash (FNV-1a). */
export function tailOf(id: string): number {
  if (canonical.test(id)) return Number.parseInt(id.slice(-8), 16) | 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash | 0;
}
