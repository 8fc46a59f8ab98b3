import { z } from 'zod';
import { isRecord } from '#shared/kit/record.ts';
import { type ApiCode, statuses } from './errors.ts';
import { commonErrors, type Operation, operationList } from './routes.ts';
import { ErrorBody } from './schemas.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of v2, made from the table of its routes. */
export function openApi(version: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const [name, operation] of operationList) {
    const add = (path: string, more: Json) => {
      paths[written(path)] ??= {};
      paths[written(path)]![operation.method.toLowerCase()] = { ...describe(operation, components), ...more };
    };
    add(operation.path, { operationId: name });
    if (operation.alias !== undefined) add(operation.alias, { operationId: `${name}Alias`, deprecated: true });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Choragus',
      version,
      description: 'Talk to specialists, alone or in sessions; every stream can be resumed.',
    },
    servers: [{ url: '/' }],
    security: [{ accessToken: [] }],
    tags: [...new Set(operationList.map(([, { group }]) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** `/turns/:turn` as OpenAPI writes it. */
const written = (path: string) => path.replace(/:(\w+)/g, '{$1}');

function describe(operation: Operation, components: Components): Json {
  const { group, summary, description, scope, body, aliases, params, query, headers } = operation;
  const alike = Object.entries(aliases ?? {}).map(([other, name]) => `\`${other}\` is taken for \`${name}\`.`);
  const scopes = `Needs an access token with the scope ${[scope].flat().join(' or ')}.`;
  const parameters = [
    ...parametersOf(components, params, 'path'),
    ...parametersOf(components, query, 'query'),
    ...parametersOf(components, headers, 'header'),
  ];
  return {
    tags: [group],
    summary,
    description: [description, ...alike, scopes].filter((each) => each !== undefined).join(' '),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: components.of(body, 'input') } } } }),
    responses: responsesOf(operation, components),
  };
}

function parametersOf(components: Components, schema: z.ZodObject | undefined, place: string): Json[] {
  if (schema === undefined) return [];
  const { properties, required = [] } = components.inline(schema) as {
    properties: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function responsesOf({ status, json, events, errors, query, headers }: Operation, components: Components): Json {
  const answers: Record<string, Json> = {
    [status]: {
      description: status === 201 ? 'What was made.' : 'The answer.',
      ...(events === undefined
        ? {}
        : { headers: { 'X-Choragus-Turn': { description: 'The turn.', schema: { type: 'string' } } } }),
      content: {
        ...(json === undefined ? {} : { 'application/json': { schema: components.of(json, 'output') } }),
        ...(events === undefined ? {} : { 'text/event-stream': { schema: components.of(events, 'output') } }),
      },
    },
  };
  if (query !== undefined && 'content' in query.shape && headers !== undefined)
    answers['204'] = { description: 'There is nothing to go on with; do not ask again.' };
  const byStatus = Map.groupBy<number, ApiCode>([...commonErrors, ...errors], (code) => statuses[code]);
  for (const [code, names] of [...byStatus].sort(([a], [b]) => a - b))
    answers[code] = {
      description: `${names.join(' or ')}.`,
      content: { 'application/json': { schema: components.of(ErrorBody, 'output') } },
    };
  return answers;
}

/** Gathers the schemas that have a name. */
class Components {
  readonly schemas: Json = {};

  /** A reference, where the schema has a name. */
  of(schema: z.ZodType, io: 'input' | 'output'): unknown {
    // Within another one a schema with an id is a reference.
    const { properties, $defs } = z.toJSONSchema(z.object({ root: schema }), { io, override: unsealed }) as Json;
    for (const [name, made] of Object.entries(($defs ?? {}) as Json)) this.schemas[name] = referring(made);
    return referring((properties as Json).root);
  }

  inline(schema: z.ZodType): unknown {
    const { $schema, ...made } = z.toJSONSchema(schema, { io: 'input' }) as Json;
    return referring(made);
  }
}

/** What a later version adds is no error. */
const unsealed = ({ jsonSchema }: { jsonSchema: { additionalProperties?: unknown } }) => {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace('#/$defs/', '#/components/schemas/') : referring(each),
    ]),
  );
}
