import { NumberWriter, putNumber } from './numbers.ts';
import { type Leaf, type Mould, mouldOf, type Sign, takeApart } from './shapes.ts';

/** An event as it lies in the log. `type` is a number (`typeId`), `data` JSON. */
export interface PackedRow {
  seq: number;
  type: number;
  version: number;
  at: number;
  data: string;
}

/** What is alike lies together: shapes and names, texts, ids, hashes, and columns of numbers. */
export interface Streams {
  heads: Buffer;
  texts: Buffer;
  ids: Buffer;
  /** Those of 32 bytes from the beginning on, those of 16 from the end back. */
  hashes: Buffer;
  numbers: Buffer[];
}

export const ID_BYTES = 16;
/** Numbers in a list often come in threes, as where and when each piece of an answer came. */
export const PERIOD = 3;

/** Takes rows of one session, in order, apart into streams. `together.ts` does the same steps the other way round. */
export function apart(rows: readonly PackedRow[]): Streams {
  const writer = new Writer();
  for (const row of rows) writer.write(row);
  return writer.end(rows.length);
}

class Writer {
  readonly #numbers = new NumberWriter();
  readonly #shapes = new Table();
  readonly #names = new Table();
  readonly #ids = new Table();
  readonly #hashes = new Table();
  readonly #halves = new Table();
  readonly #moulds: Mould[] = [];
  readonly #texts: string[] = [];
  #seq = 0;
  #at = 0;

  write({ seq, type, version, at, data }: PackedRow): void {
    const { shape, leaves } = takeApart(data);
    const number = this.#shapes.numberOf(shape);
    this.#moulds[number] ??= mouldOf(shape);
    this.#put('type', type);
    this.#put('seq', seq - this.#seq);
    this.#put('version', version);
    this.#put(`at ${type}`, at - this.#at);
    this.#put(`shape ${type}`, number);
    this.#seq = seq;
    this.#at = at;
    const { leaves: places } = this.#moulds[number]!;
    for (const [place, leaf] of leaves.entries()) this.#write(columnOf(type, places[place]!), leaf);
  }

  end(rows: number): Streams {
    const ids = Buffer.from(this.#ids.values.map((id) => id.replaceAll('-', '')).join(''), 'hex');
    const hashes = [...this.#hashes.values, ...this.#halves.values.toReversed()];
    const count: number[] = [];
    putNumber(count, rows);
    return {
      heads: Buffer.from(`${this.#shapes.values.join('\n')}\n\n${this.#names.values.join('')}`),
      texts: Buffer.from(this.#texts.join('')),
      ids: byPlace(ids),
      hashes: Buffer.concat(hashes.map((hash) => Buffer.from(hash, 'base64url'))),
      numbers: [Buffer.from(count), ...this.#numbers.end()],
    };
  }

  #put(column: string, value: number): void {
    this.#numbers.column(column).push(value);
  }

  #write(column: string, leaf: Leaf): void {
    if (leaf.sign === 'whole' || leaf.sign === 'decimal') {
      this.#put(column, leaf.value);
      if (leaf.sign === 'decimal') this.#put(`${column} digits`, leaf.digits);
    } else if (leaf.sign === 'wholes') {
      this.#put(column, leaf.value.length);
      for (let place = 0; place < Math.min(PERIOD, leaf.value.length); place++) {
        const values = this.#numbers.column(`${column} ${place}`);
        for (let index = place; index < leaf.value.length; index += PERIOD) values.push(leaf.value[index]!);
      }
    } else if (leaf.sign === 'id') this.#put(column, this.#ids.distanceOf(leaf.value));
    else if (leaf.sign === 'hash') this.#put(column, this.#hashes.distanceOf(leaf.value));
    else if (leaf.sign === 'half') this.#put(column, this.#halves.distanceOf(leaf.value));
    else if (leaf.sign === 'name') {
      const known = this.#names.values.length;
      const name = this.#names.numberOf(leaf.value);
      this.#put(column, name);
      if (name === known) this.#put('name', leaf.value.length);
    } else {
      this.#put(column, leaf.value.length);
      this.#texts.push(leaf.value);
    }
  }
}

/** Values of the same kind in events of the same type have a column in common. */
export const columnOf = (type: number, { sign, name }: { sign: Sign; name: string }) => `${type} ${sign} ${name}`;

/** Values that come again, numbered as they come first. */
class Table {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  /** From the end: 0 for a new one. */
  distanceOf(value: string): number {
    const count = this.values.length;
    return count - this.numberOf(value);
  }
}

/** First the first byte of each id, then the second of each: those that they have in common lie together. */
function byPlace(ids: Buffer): Buffer {
  const count = ids.length / ID_BYTES;
  const turned = Buffer.alloc(ids.length);
  for (let at = 0; at < ids.length; at++) turned[(at % ID_BYTES) * count + Math.floor(at / ID_BYTES)] = ids[at]!;
  return turned;
}
