import { Wrong } from './wrong.ts';

/** Hears of the fields of the object as they come. */
export interface PieceListener {
  /** A field whose value is not told in elements. */
  field(name: string, value: unknown): void;
  /** The list of such a field begins. */
  list(name: string): void;
  element(name: string, index: number, value: unknown): void;
}

/** Of one value that is read at once, in bytes. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** Lists and objects in one another, within such a value. */
export const MOST_DEPTH = 64;
const MOST_NAME = 1_000;

const [QUOTE, ESCAPE, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

type State =
  | 'start'
  | 'first-name'
  | 'name'
  | 'colon'
  | 'value'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'after-value'
  | 'end';

/**
 * Reads one object of JSON as it comes in bytes, and tells its fields; long lists are told element by element. So a file
 * of any length needs the memory of its largest element, and one that is made to harm is refused before it does.
 */
export class JsonPieces {
  readonly #lists: ReadonlySet<string>;
  readonly #listener: PieceListener;
  readonly #names = new Set<string>();
  #state: State = 'start';
  #begun = false;
  #name = '';
  #index = 0;
  /** What has come of the value that is being read. */
  #piece: Buffer[] | undefined;
  #bytes = 0;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #plain = false;

  /** `lists`: fields whose values are lists, told in elements. */
  constructor(lists: readonly string[], listener: PieceListener) {
    this.#lists = new Set(lists);
    this.#listener = listener;
  }

  push(chunk: Buffer): void {
    let at = 0;
    if (!this.#begun && chunk.length > 0) {
      this.#begun = true;
      at = beginning(chunk);
    }
    while (at < chunk.length) {
      if (this.#piece !== undefined) at = this.#collect(chunk, at);
      else if (isSpace(chunk[at]!)) at++;
      else at = this.#step(chunk, at);
    }
  }

  /** The file is over. */
  end(): void {
    if (this.#state === 'end') return;
    throw new Wrong(this.#place(), this.#begun ? 'the file ends here, in the midst of it' : 'the file is empty');
  }

  #step(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    switch (this.#state) {
      case 'start':
        if (byte !== OPEN) throw new Wrong('', 'it is no object of JSON');
        this.#state = 'first-name';
        return at + 1;
      case 'first-name':
      case 'name':
        if (byte === CLOSE && this.#state === 'first-name') this.#state = 'end';
        else if (byte === QUOTE) this.#begin(byte);
        else throw this.#garbled();
        return byte === QUOTE ? at : at + 1;
      case 'colon':
        if (byte !== COLON) throw this.#garbled();
        this.#state = 'value';
        return at + 1;
      case 'value':
        if (!this.#lists.has(this.#name)) return this.#begin(byte) ?? at;
        if (byte !== OPEN_LIST) throw new Wrong(this.#name, 'must be a list');
        this.#index = 0;
        this.#state = 'first-element';
        this.#listener.list(this.#name);
        return at + 1;
      case 'first-element':
      case 'element':
        if (byte === CLOSE_LIST && this.#state === 'first-element') {
          this.#state = 'after-value';
          return at + 1;
        }
        this.#state = 'element';
        return this.#begin(byte) ?? at;
      case 'after-element':
        if (byte === COMMA) this.#state = 'element';
        else if (byte === CLOSE_LIST) this.#state = 'after-value';
        else throw this.#garbled();
        return at + 1;
      case 'after-value':
        if (byte === COMMA) this.#state = 'name';
        else if (byte === CLOSE) this.#state = 'end';
        else throw this.#garbled();
        return at + 1;
      case 'end':
        throw new Wrong('', 'something follows after its end');
    }
  }

  #begin(byte: number): undefined {
    if (byte === COMMA || byte === COLON || byte === CLOSE || byte === CLOSE_LIST) throw this.#garbled();
    this.#piece = [];
    this.#bytes = this.#depth = 0;
    this.#inText = this.#escaped = false;
    this.#plain = byte !== QUOTE && byte !== OPEN && byte !== OPEN_LIST;
  }

  /** Goes on with the value up to its end, or to the end of what came. */
  #collect(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#escaped) this.#escaped = false;
      else if (this.#inText) {
        if (byte === ESCAPE) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inText = false;
          if (this.#depth === 0) return this.#take(chunk, from, at + 1);
        }
      } else if (this.#plain) {
        if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || isSpace(byte))
          return this.#take(chunk, from, at);
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (++this.#depth > MOST_DEPTH) throw new Wrong(this.#place(), `is more than ${MOST_DEPTH} deep`);
      } else if ((byte === CLOSE || byte === CLOSE_LIST) && --this.#depth === 0) return this.#take(chunk, from, at + 1);
    }
    this.#add(chunk.subarray(from));
    return chunk.length;
  }

  #add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    const isName = this.#state === 'first-name' || this.#state === 'name';
    if (isName && this.#bytes > MOST_NAME) throw new Wrong('', 'the name of a field is too long');
    if (this.#bytes > MOST_BYTES) throw new Wrong(this.#place(), `is longer than ${MOST_BYTES / 1024 / 1024} MB`);
    this.#piece!.push(bytes);
  }

  #take(chunk: Buffer, from: number, to: number): number {
    this.#add(chunk.subarray(from, to));
    const bytes = this.#piece!.length === 1 ? this.#piece![0]! : Buffer.concat(this.#piece!);
    this.#piece = undefined;
    const value = this.#parse(bytes);
    if (this.#state === 'element') {
      this.#listener.element(this.#name, this.#index, value);
      this.#index++;
      this.#state = 'after-element';
    } else if (this.#state === 'value') {
      this.#listener.field(this.#name, value);
      this.#state = 'after-value';
    } else {
      this.#name = String(value);
      if (this.#names.has(this.#name)) throw new Wrong(shortName(this.#name), 'is there twice');
      if (this.#names.size === 1_000) throw new Wrong('', 'has more than 1,000 fields');
      this.#names.add(this.#name);
      this.#state = 'colon';
    }
    return to;
  }

  #parse(bytes: Buffer): unknown {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      throw new Wrong(this.#place(), 'is not UTF-8');
    }
    try {
      return JSON.parse(text);
    } catch {
      throw this.#garbled();
    }
  }

  #garbled(): Wrong {
    return new Wrong(this.#place(), 'this is not JSON');
  }

  #place(): string {
    switch (this.#state) {
      case 'first-element':
      case 'element':
        return `${this.#name}[${this.#index}]`;
      case 'after-element':
        return `after ${this.#name}[${this.#index - 1}]`;
      case 'colon':
      case 'value':
        return shortName(this.#name);
      case 'name':
      case 'after-value':
        return this.#name === '' ? '' : `after ${shortName(this.#name)}`;
      default:
        return '';
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const shortName = (name: string) => (/^\w{1,40}$/.test(name) ? name : 'a field');

/** Where the text begins: behind the mark of its encoding, if there is one. */
function beginning(chunk: Buffer): number {
  const [first, second, third] = chunk;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (utf16 || first === 0 || second === 0) throw new Wrong('', 'it is not UTF-8');
  return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
}
