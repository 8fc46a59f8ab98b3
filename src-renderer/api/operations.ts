import { isRecord } from '#shared/kit/record.ts';

/** One value that a request can hold. */
export interface Field {
  name: string;
  place: 'path' | 'query' | 'header' | 'body';
  required: boolean;
  /** How it is given: `long` is prose, `json` any JSON. */
  kind: 'text' | 'long' | 'number' | 'boolean' | 'json';
  description: string;
  /** What stands for an absent one, as text; empty when nothing does. */
  fallback: string;
  example: string;
}

/** One thing that can be asked, as its form shows it. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  group: string;
  summary: string;
  description: string;
  fields: Field[];
}

type Json = Record<string, unknown>;

/** Reads the operations out of an OpenAPI document, in its order; paths of earlier plans are left out. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = record(document);
  return Object.entries(record(paths)).flatMap(([path, methods]) =>
    Object.entries(record(methods)).flatMap(([method, value]) => {
      const operation = record(value);
      return operation.deprecated === true ? [] : [read(method, path, operation, record(document))];
    }),
  );
}

/** In the order of the document, each group once. */
export function grouped(operations: readonly Operation[]): [string, Operation[]][] {
  return [...Map.groupBy(operations, ({ group }) => group)];
}

function read(method: string, path: string, operation: Json, document: Json): Operation {
  const parameters = list(operation.parameters).map((each) => {
    const { name, in: place, required, description, schema } = record(each);
    return fieldOf(String(name), place as Field['place'], required === true, { description, ...record(schema) });
  });
  const body = resolve(
    record(record(record(record(operation.requestBody).content)['application/json']).schema),
    document,
  );
  const required = list(body.required);
  const fields = Object.entries(record(body.properties)).map(([name, schema]) =>
    fieldOf(name, 'body', required.includes(name), resolve(record(schema), document)),
  );
  return {
    id: text(operation.operationId),
    method: method.toUpperCase(),
    path,
    group: text(list(operation.tags)[0]),
    summary: text(operation.summary),
    description: text(operation.description),
    fields: [...parameters, ...fields],
  };
}

function fieldOf(name: string, place: Field['place'], required: boolean, schema: Json): Field {
  const fallback = schema.default;
  const [example] = list(schema.examples);
  return {
    name,
    place,
    required,
    kind: kindOf(schema),
    description: text(schema.description),
    fallback: fallback === undefined ? '' : typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
    example: text(example),
  };
}

function kindOf({ type, maxLength }: Json): Field['kind'] {
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return Number(maxLength) > 1000 ? 'long' : 'text';
  return 'json';
}

function resolve(schema: Json, document: Json): Json {
  if (typeof schema.$ref !== 'string') return schema;
  const steps = schema.$ref.slice(2).split('/');
  return record(steps.reduce<unknown>((value, step) => record(value)[step], document));
}

const record = (value: unknown): Json => (isRecord(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
