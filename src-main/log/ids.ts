/** An id as it lies in a column: 16 bytes where it is a UUID as we write them, otherwise its text. */
export type Packed = Buffer | string;

const canonical = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const packed = (id: string): Packed => (canonical.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id);

export function unpacked(value: Packed): string {
  if (typeof value === 'string') return value;
  const hex = value.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * SQL: finds a node by its id, given twice, through the index `nodes_by_id`, which holds the end of each id only. Where
 * the session is given too, that index must be named: SQLite would look through the session.
 */
export const HAS_ID = 'substr(id, -4) = substr(?, -4) AND id = ?';
