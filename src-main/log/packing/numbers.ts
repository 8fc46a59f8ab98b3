/** Bytes from which a column is compressed by itself: its own statistics are worth more than what they cost. */
const LARGE = 160;

/** How the numbers of a column are written. */
const MODE = { plain: 0, differences: 1, same: 2 } as const;

/** Whole numbers that can be in a column, and so can their differences. */
export const isColumnar = (value: number) => Number.isInteger(value) && Math.abs(value) < 2 ** 50;

/** Whole numbers in columns by name. What is read back in the order in which it was written needs no names. */
export class NumberWriter {
  readonly #columns = new Map<string, number[]>();

  /** To be added to. One that is asked for must get a number, or what is read back is out of step. */
  column(name: string): number[] {
    let values = this.#columns.get(name);
    if (values === undefined) {
      values = [];
      this.#columns.set(name, values);
    }
    return values;
  }

  /** The lengths of all columns, all small ones together, and each large one. */
  end(): Buffer[] {
    const lengths: number[] = [];
    const small: number[] = [];
    const large: Buffer[] = [];
    for (const values of this.#columns.values()) {
      const bytes = column(values);
      putNumber(lengths, bytes.length);
      if (bytes.length < LARGE) small.push(...bytes);
      else large.push(Buffer.from(bytes));
    }
    return [Buffer.from(lengths), Buffer.from(small), ...large];
  }
}

export class NumberReader {
  readonly #columns: Generator<Column>;
  readonly #known = new Map<string, Column>();

  constructor(buffers: readonly Buffer[]) {
    this.#columns = columns(buffers);
  }

  /** Asked for in the order in which columns were asked for when they were written. */
  column(name: string): Column {
    let known = this.#known.get(name);
    if (known === undefined) {
      const found = this.#columns.next();
      if (found.done) throw new Error('A block ends too early.');
      known = found.value;
      this.#known.set(name, known);
    }
    return known;
  }
}

export class Column {
  readonly #bytes: Buffer;
  readonly #mode: number;
  #at = 1;
  #last = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#mode = bytes[0] ?? -1;
    if (this.#mode === MODE.same) this.#last = this.#read();
  }

  next(): number {
    if (this.#mode === MODE.same) return this.#last;
    const value = this.#read();
    this.#last = this.#mode === MODE.differences ? this.#last + value : value;
    return this.#last;
  }

  #read(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++];
    if (byte === undefined) throw new Error('A block ends too early.');
    let value = byte & 127;
    for (let scale = 128; byte! > 127; scale *= 128) {
      byte = bytes[this.#at++]!;
      value += (byte & 127) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function column(values: readonly number[]): number[] {
  if (values.every((value) => value === values[0])) return written(MODE.same, [values[0]!]);
  const differences = values.map((value, index) => value - (values[index - 1] ?? 0));
  const plain = written(MODE.plain, values);
  const less = written(MODE.differences, differences);
  return weight(differences) < weight(values) ? less : plain;
}

/** About the bits that they take when compressed. */
const weight = (values: readonly number[]) => values.reduce((sum, value) => sum + Math.log2(Math.abs(value) + 1), 0);

function written(mode: number, values: readonly number[]): number[] {
  const bytes = [mode];
  for (const value of values) putNumber(bytes, value < 0 ? -2 * value - 1 : 2 * value);
  return bytes;
}

function* columns([lengths, small, ...large]: readonly Buffer[]): Generator<Column> {
  let [from, next] = [0, 0];
  for (let at = 0; lengths !== undefined && small !== undefined && at < lengths.length; ) {
    const [length, after] = numberAt(lengths, at);
    at = after;
    if (length >= LARGE) yield new Column(large[next++] ?? Buffer.alloc(0));
    else {
      yield new Column(small.subarray(from, from + length));
      from += length;
    }
  }
}

/** Appends a number that is not negative, 7 bits a byte. */
export function putNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

/** The number at `at`, and where the next one begins. */
export function numberAt(bytes: Buffer, at: number): [number, number] {
  let [value, scale, index] = [0, 1, at];
  for (; bytes[index]! > 127; scale *= 128) value += (bytes[index++]! - 128) * scale;
  if (index >= bytes.length) throw new Error('A block ends too early.');
  return [value + bytes[index]! * scale, index + 1];
}
