import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stream } from '../../providers/testing/server.ts';
import { openaiStream } from '../../providers/testing/streams.ts';
import { apiCodes } from './errors.ts';
import { operationList } from './routes.ts';
import { Rest } from './testing/rest.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await Rest.start();
  rest.ai.always(stream(openaiStream(['ok'])));
  await rest.json('POST', '/api/v2/sessions', { specialist_id: 'apollo', id: 'known' });
});
afterAll(() => rest.close());

const word = fc.oneof(
  fc.constantFrom(
    'apollo-ai',
    'known',
    'near/m',
    '',
    '0',
    '-1',
    '1e999',
    'null',
    '__proto__',
    'system',
    'x:1',
    '\u0000',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const value = fc.oneof({ depthSize: 'small' }, word, fc.integer(), fc.boolean(), fc.jsonValue({ maxDepth: 3 }));
const names = [
  'content',
  'message',
  'temperature',
  'max_tokens',
  'session_id',
  'specialist_id',
  'request_id',
  'id',
  'context_window',
  'metadata',
  'shared',
  'stream',
  'title',
  'limit',
  'before',
  'last_event_id',
  'constructor',
] as const;
const fields = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 });
const text = (each: unknown) => (typeof each === 'string' ? each : JSON.stringify(each));

const request = fc.record({
  operation: fc.constantFrom(...operationList.map(([, operation]) => operation)),
  parts: fc.array(word, { minLength: 2, maxLength: 2 }),
  query: fields,
  body: fc.oneof(
    fields.map((body) => JSON.stringify(body)),
    fc.string(),
    fc.jsonValue().map((body) => JSON.stringify(body)),
  ),
  type: fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded'),
  last: fc.option(fc.string({ unit: 'grapheme-ascii' })),
});

it('no path, query, header or body makes a 500: every refusal has a documented code', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ operation, parts, query, body, type, last }) => {
      let part = 0;
      const path = operation.path.replace(/:\w+/g, () => encodeURIComponent(parts[part++]!.toWellFormed()));
      const search = new URLSearchParams(Object.entries(query).map(([name, each]) => [name, text(each)]));
      const response = await fetch(`${rest.url}${path}?${search}`, {
        method: operation.method,
        headers: { 'content-type': type, ...(last === null ? {} : { 'last-event-id': last }) },
        ...(operation.method === 'GET' ? {} : { body: body.toWellFormed() }),
      });
      const told = await response.text();
      expect(response.status, told).not.toBe(500);
      if (response.status < 400) return;
      const { error } = JSON.parse(told);
      expect(apiCodes).toContain(error.code);
      expect(error).toMatchObject({ message: expect.any(String), details: expect.any(Object) });
    }),
    { numRuns: 400 },
  );
}, 60_000);

it('raw bytes as a body are refused as such', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const response = await fetch(`${rest.url}/api/v2/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array(bytes),
      });
      expect(response.status).toBe(400);
      expect((await response.json()).error.code).toBe('BAD_REQUEST');
    }),
    { numRuns: 60 },
  );
});
