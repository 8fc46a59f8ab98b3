import fc from 'fast-check';
import { MARK } from './world.ts';

/** Stands in a value for JSON that no value can be written as. */
const raws: Readonly<Record<string, string>> = {
  '@@deep-arrays@@': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  '@@deep-objects@@': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '@@infinite@@': '1e999',
  '@@minus-zero@@': '-0',
  '@@tiny@@': '1e-999',
  '@@long-number@@': '9'.repeat(400),
  '@@nan@@': 'NaN',
  '@@undefined@@': 'undefined',
  '@@twice@@': '{"a":1,"a":2}',
};

/** As JSON, or as what nearly is. */
export const written = (value: unknown): string =>
  (JSON.stringify(value) ?? '').replace(/"(@@[a-z-]+@@)"/g, (whole, name) => raws[name] ?? whole);

/** Names that every object knows. */
const innate = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'] as const;

/** What somebody might put anywhere. */
export const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e308, -1e308, 2 ** 53, '', ' ', '0', 'null', [], {}, [[]]),
  fc.constantFrom('NaN', 'Infinity', '-0', '1e5', '\u0000', '\ud800', 'a\udc00b', '\u202e', '../../etc/passwd', '%00'),
  fc.constantFrom(...innate),
  fc.constantFrom(...Object.keys(raws)),
  fc.constantFrom('x'.repeat(70), `${MARK}${'é'.repeat(200_000)}`, '𝒳'.repeat(20_000), '\u0001'.repeat(100_000)),
  fc.constantFrom<unknown>(new Array(3000).fill(0), Object.fromEntries(innate.map((name) => [name, 1]))),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What is hard to walk through, and names that may mean something else. */
export const deep: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  '@@deep-arrays@@',
  '@@deep-objects@@',
  '@@twice@@',
  { deep: '@@deep-objects@@' },
  Object.fromEntries(innate.map((name) => [name, { deep: '@@deep-arrays@@' }])),
);

/** The same with one place of it replaced by another value, or with that value added to it. */
export const replaced = (values: fc.Arbitrary<unknown>, by: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .record({
      root: values,
      kind: fc.constantFrom('replace', 'replace', 'add'),
      where: fc.nat({ max: 1000 }),
      name: fc.constantFrom(...innate, 'more'),
      value: by,
    })
    .map(({ root, ...change }) => changed(root, change));

const kinds = ['replace', 'replace', 'replace', 'remove', 'add', 'wrap', 'rename'] as const;
interface Change {
  kind: (typeof kinds)[number];
  where: number;
  name: string;
  value: unknown;
}
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...kinds),
  where: fc.nat({ max: 1000 }),
  name: fc.oneof(fc.constantFrom(...innate), fc.string({ unit: 'binary', maxLength: 8 })),
  value: strange,
});

/** The same with one to three places of it changed into something else. */
export const spoilt = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => changes.reduce(changed, value));

/** A value of which every other one is as it should be. */
export const mixed = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 2, arbitrary: values }, { weight: 3, arbitrary: spoilt(values) });

type Path = (string | number)[];

function changed(root: unknown, { kind, where, name, value }: Change): unknown {
  const paths = [...pathsOf(root, [])];
  const path = paths[where % paths.length]!;
  const at = path.at(-1);
  const parent = path.slice(0, -1);
  switch (kind) {
    case 'replace':
      return withPlace(root, path, () => value);
    case 'wrap':
      return withPlace(root, path, (old) => (where % 2 === 0 ? [old] : { [name]: old }));
    case 'add':
      return withPlace(root, path, (old) => (isObject(old) ? withField(old, name, value) : value));
    case 'remove':
      return at === undefined ? null : withPlace(root, parent, (old) => without(old, at));
    case 'rename':
      return at === undefined
        ? value
        : withPlace(root, parent, (old) => (isObject(old) ? withField(without(old, at), name, value) : old));
  }
}

function* pathsOf(value: unknown, path: Path): Generator<Path> {
  yield path;
  if (Array.isArray(value))
    for (const [index, each] of value.slice(0, 10).entries()) yield* pathsOf(each, [...path, index]);
  else if (isObject(value)) for (const [name, each] of Object.entries(value)) yield* pathsOf(each, [...path, name]);
}

function withPlace(value: unknown, [step, ...rest]: Path, by: (old: unknown) => unknown): unknown {
  if (step === undefined) return by(value);
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? withPlace(each, rest, by) : each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === step ? withPlace(each, rest, by) : each]),
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Also of the name `__proto__`. */
const withField = (object: unknown, name: string, value: unknown) =>
  Object.fromEntries([...Object.entries(object as object), [name, value]]);
const without = (object: unknown, name: string | number) =>
  Array.isArray(object)
    ? object.filter((_, index) => index !== name)
    : Object.fromEntries(Object.entries(object as object).filter(([each]) => each !== name));
