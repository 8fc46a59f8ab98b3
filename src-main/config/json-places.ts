/** Where each value of a JSON text stands, and where the text stops being JSON. `JSON.parse` tells neither reliably. */
export interface JsonPlaces {
  /** Null: the text is JSON. The message never quotes the text. */
  error: { offset: number; message: string } | null;
  /** Offset of the value at this path, of its key with `key`; of the nearest value around it when it is not there. */
  find(path: readonly PropertyKey[], key?: boolean): number;
}

const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const maxDepth = 200;

class Broken extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export function scanJson(text: string): JsonPlaces {
  const places = new Map<string, { key: number; value: number }>();
  let offset = 0;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    const found = pattern.exec(text)?.[0];
    offset += found?.length ?? 0;
    return found;
  };
  const next = (): string | undefined => {
    match(space);
    return text[offset];
  };
  const expect = (wanted: readonly string[]): string => {
    const found = next();
    if (found !== undefined && wanted.includes(found)) return text[offset++]!;
    const what = wanted.map((sign) => `"${sign}"`).join(' or ');
    throw new Broken(
      offset,
      found === undefined ? `the text ends where ${what} should follow` : `${what} is expected here`,
    );
  };

  const value = (path: readonly PropertyKey[], key?: number): void => {
    const opening = next();
    places.set(JSON.stringify(path), { key: key ?? offset, value: offset });
    if (path.length > maxDepth) throw new Broken(offset, 'it is nested too deeply');
    if (opening === '{') members(path);
    else if (opening === '[') elements(path);
    else if (match(opening === '"' ? string : literal) === undefined)
      throw new Broken(offset, opening === undefined ? 'the text ends where a value should follow' : broken(opening));
  };
  const members = (path: readonly PropertyKey[]): void => {
    offset++;
    if (next() === '}') offset++;
    else
      do {
        next();
        const at = offset;
        const name = match(string);
        if (name === undefined) throw new Broken(at, 'a name in double quotes is expected here');
        expect([':']);
        value([...path, JSON.parse(name) as string], at);
      } while (expect([',', '}']) === ',');
  };
  const elements = (path: readonly PropertyKey[]): void => {
    offset++;
    if (next() === ']') offset++;
    else for (let index = 0; index === 0 || expect([',', ']']) === ','; index++) value([...path, index]);
  };

  let error: JsonPlaces['error'] = null;
  try {
    value([]);
    if (next() !== undefined) throw new Broken(offset, 'nothing is expected after the end of the value');
  } catch (failure) {
    if (!(failure instanceof Broken)) throw failure;
    error = { offset: failure.offset, message: failure.message };
  }
  return {
    error,
    find(path, key = false) {
      for (let length = path.length; ; length--) {
        const place = places.get(JSON.stringify(path.slice(0, length)));
        if (place !== undefined) return key && length === path.length ? place.key : place.value;
        if (length === 0) return 0;
      }
    },
  };
}

const broken = (opening: string) =>
  opening === '"' ? 'this text in double quotes is not closed or holds a wrong character' : 'a value is expected here';

/** Counted from 1, as editors do. */
export function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
