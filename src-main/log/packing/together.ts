import { columnOf, ID_BYTES, type PackedRow, PERIOD, type Streams } from './apart.ts';
import { type Column, NumberReader, numberAt } from './numbers.ts';
import { type Mould, mouldOf, type Sign } from './shapes.ts';

const HASH_BYTES = 32;
const HALF_BYTES = HASH_BYTES / 2;

/** Puts rows together again from the streams that `apart` made of them. Throws when these are no such streams. */
export function together(streams: Streams): PackedRow[] {
  const [count] = numberAt(streams.numbers[0] ?? Buffer.alloc(0), 0);
  const reader = new Reader(streams);
  return Array.from({ length: count }, () => reader.next());
}

class Reader {
  readonly #numbers: NumberReader;
  readonly #moulds: Mould[];
  readonly #heads: string;
  readonly #texts: string;
  readonly #ids: Known;
  readonly #hashes: Known;
  readonly #halves: Known;
  readonly #names: string[] = [];
  readonly #columns = new Map<Mould, { type: number; columns: Named[] }>();
  #row = { seq: 0, at: 0 };
  #namesAt: number;
  #textsAt = 0;

  constructor({ heads, texts, ids, hashes, numbers: [, ...columns] }: Streams) {
    this.#heads = heads.toString();
    const end = this.#heads.indexOf('\n\n');
    this.#moulds = this.#heads.slice(0, end).split('\n').map(mouldOf);
    this.#namesAt = end + 2;
    this.#texts = texts.toString();
    this.#ids = new Known((index) => idAt(ids, index));
    this.#hashes = new Known((index) => hashes.toString('base64url', index * HASH_BYTES, (index + 1) * HASH_BYTES));
    this.#halves = new Known((index) => {
      const end = hashes.length - index * HALF_BYTES;
      return hashes.toString('base64url', end - HALF_BYTES, end);
    });
    this.#numbers = new NumberReader(columns);
  }

  next(): PackedRow {
    const type = this.#next('type');
    const seq = this.#row.seq + this.#next('seq');
    const version = this.#next('version');
    const at = this.#row.at + this.#next(`at ${type}`);
    this.#row = { seq, at };
    const shape = this.#next(`shape ${type}`);
    const mould = this.#moulds[shape];
    if (mould === undefined) throw new Error('A block lacks a shape.');
    let data = '';
    for (const [place, { sign }] of mould.leaves.entries())
      data += mould.before[place]! + this.#value(sign, this.#columnOf(type, mould, place));
    return { seq, type, version, at, data: data + mould.rest };
  }

  #next(column: string): number {
    return this.#numbers.column(column).next();
  }

  /** Looked for by its name once. */
  #columnOf(type: number, mould: Mould, place: number): Named {
    let of = this.#columns.get(mould);
    if (of === undefined || of.type !== type) {
      of = { type, columns: [] };
      this.#columns.set(mould, of);
    }
    let found = of.columns[place];
    if (found === undefined) {
      const name = columnOf(type, mould.leaves[place]!);
      found = { name, column: this.#numbers.column(name) };
      of.columns[place] = found;
    }
    return found;
  }

  #value(sign: Sign, { name, column }: Named): string {
    const number = column.next();
    switch (sign) {
      case 'id':
        return `"${this.#ids.back(number)}"`;
      case 'hash':
        return `"${this.#hashes.back(number)}"`;
      case 'half':
        return `"${this.#halves.back(number)}"`;
      case 'name':
        return JSON.stringify(this.#name(number));
      case 'text':
        return JSON.stringify(this.#text(number));
      case 'verbatim':
        return this.#text(number);
      case 'whole':
        return String(number);
      case 'decimal':
        return String(number / 10 ** this.#next(`${name} digits`));
      case 'wholes':
        return `[${this.#wholes(name, number).join(',')}]`;
    }
  }

  #wholes(name: string, length: number): number[] {
    const values = new Array<number>(length);
    for (let place = 0; place < Math.min(PERIOD, length); place++) {
      const column = this.#numbers.column(`${name} ${place}`);
      for (let index = place; index < length; index += PERIOD) values[index] = column.next();
    }
    return values;
  }

  #name(number: number): string {
    if (number === this.#names.length) {
      const from = this.#namesAt;
      this.#namesAt += this.#next('name');
      this.#names.push(this.#heads.slice(from, this.#namesAt));
    }
    return this.#names[number]!;
  }

  #text(units: number): string {
    const from = this.#textsAt;
    this.#textsAt += units;
    return this.#texts.slice(from, this.#textsAt);
  }
}

interface Named {
  name: string;
  column: Column;
}

/** Values that come again, counted from the newest; 0 is the next new one. */
class Known {
  readonly #at: (index: number) => string;
  readonly #values: string[] = [];

  constructor(at: (index: number) => string) {
    this.#at = at;
  }

  back(distance: number): string {
    if (distance === 0) this.#values.push(this.#at(this.#values.length));
    return this.#values.at(distance === 0 ? -1 : -distance)!;
  }
}

/** From bytes that lie by their places. */
function idAt(ids: Buffer, index: number): string {
  const count = ids.length / ID_BYTES;
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  for (let place = 0; place < ID_BYTES; place++) bytes[place] = ids[place * count + index]!;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
