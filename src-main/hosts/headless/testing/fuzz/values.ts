import fc from 'fast-check';
import { uuidv7 } from '#shared/kit/ids.ts';
import { MARK } from './world.ts';

/** JSON schema, as far as it is used here. */
export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

/** Finds what a `$ref` means. */
export type Refs = (ref: string) => Schema;

/** A new id of a command, as a client would have made it so many ms ago. */
export const newCommand = (ago = 0) => uuidv7(Date.now() - ago, Math.random);

/** A few sessions that get everything. */
export const sessions = Array.from({ length: 6 }, (_, index) => `fuzz-${index}`);
/** Turns that were told of; a few of the last. */
const turns = ['nothing'];
export function sawTurn(turn: unknown): void {
  if (typeof turn === 'string' && turns.unshift(turn) > 10) turns.splice(9, 1);
}

const oneOf = (...values: unknown[]) => fc.constantFrom(...values);
/** In the native protocol a message has an id, in the others it is what is said. */
const messageId = fc.nat({ max: 9 }).map((index) => `m${index}`);
const words = fc.oneof(fc.constant(`${MARK} hello`), fc.constant(`${MARK} ${'long '.repeat(300)}`), fc.string());

/**
 * What fits where nothing but the name of a field says what it is about. Nothing is reached elsewhere: addresses are of this
 * computer, where nobody listens, and what is changed or removed is none of the providers that there are.
 */
const byName: Record<string, fc.Arbitrary<unknown>> = {
  command: fc.integer().map(() => newCommand()),
  session: oneOf(...sessions),
  session_id: oneOf(...sessions),
  message: words,
  content: words,
  text: words,
  title: words,
  name: words,
  persona: words,
  system: words,
  node: messageId,
  replaces: messageId,
  turn: fc.nat().map((index) => turns[index % turns.length]),
  provider: oneOf('nothing', 'offline', 'p1'),
  specialist: oneOf('apollo', 'apollo-ai', 'metis', 'nobody'),
  specialist_id: oneOf('apollo', 'apollo-ai', 'sim/steady', 'sim/errors', 'nobody'),
  model: oneOf(
    'steady',
    'sim/steady',
    'sim/thinker',
    'sim/buffered',
    'sim/errors',
    'sim/breaks-off',
    'apollo',
    'nobody',
  ),
  cursor: oneOf('x:1', 'epoch:999999999999'),
  last_event_id: oneOf('x:1', 'nonsense', 'epoch:999999999999'),
  baseUrl: oneOf('http://127.0.0.1:1', 'http://127.0.0.1:1/v1'),
  port: oneOf(0, 1, 65_535),
  origin: oneOf('https://example.org'),
  url: oneOf('data:image/png;base64,iVBORw0KGgo=', 'http://127.0.0.1:1/cat.png'),
  request_id: fc.oneof(
    fc.integer().map(() => newCommand()),
    oneOf('mine'),
  ),
};

/** Values that fit the schema, or nearly. */
export function fitting(schema: Schema, refs: Refs, name = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(refs(schema.$ref), refs, name);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return oneOf(...schema.enum);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return fc.oneof(...forms.map((form) => fitting(form, refs, name)));
  if (schema.allOf !== undefined) return fitting(Object.assign({}, ...schema.allOf), refs, name);
  switch (schema.type) {
    case 'object':
      return fitsObject(schema, refs);
    case 'array':
      return fc.array(fitting(schema.items ?? {}, refs, name), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'string':
      return name === 'message' && schema.pattern !== undefined ? messageId : (byName[name] ?? fitsText(schema));
    case 'integer':
      return byName[name] ?? fitsInteger(schema);
    case 'number':
      return fc.double({ min: within(schema.minimum, 0), max: within(schema.maximum, 2), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function fitsInteger(schema: Schema): fc.Arbitrary<number> {
  const min = within(schema.minimum, 1);
  return fc.integer({ min, max: Math.max(min, within(schema.maximum, 1000)) });
}

/** Safe integers are what a schema says where it says nothing. */
const within = (bound: number | undefined, usual: number) =>
  bound === undefined || Math.abs(bound) > 1e9 ? usual : bound;

function fitsObject({ properties = {}, required = [] }: Schema, refs: Refs): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, field] of Object.entries(properties)) fields[name] = fitting(field, refs, name);
  return fc.record(fields, { requiredKeys: required.filter((name) => name in properties) });
}

function fitsText({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}
