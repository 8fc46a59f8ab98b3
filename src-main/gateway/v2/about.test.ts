import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi } from './openapi.ts';
import { Rest } from './testing/rest.ts';

let rest: Rest;
beforeAll(async () => {
  rest = await Rest.start();
});
afterAll(() => rest.close());

it('what it can do stands at the top and under features', async () => {
  const { status, body } = await rest.json('GET', '/api/capabilities');
  const features = {
    streaming: true,
    sessions: true,
    websocket: true,
    bulk_operations: false,
    enhanced_discovery: false,
  };
  expect(status).toBe(200);
  expect(body).toMatchObject({ version: '2.0', ...features, features, api_versions: ['v2'] });
});

it('the description is served, and the page to try it is where it is looked for', async () => {
  expect(await rest.json('GET', '/api/v2/openapi.json')).toEqual({ status: 200, body: openApi('0.0.0') });
  const docs = await fetch(`${rest.url}/api/docs`, { redirect: 'manual' });
  expect([docs.status, docs.headers.get('location')]).toEqual([302, '/api.html']);
});

it('a question about the head of a stream asks no AI', async () => {
  const head = await fetch(`${rest.url}/api/v2/ai/apollo/stream?content=Hi`, { method: 'HEAD' });
  expect([head.status, rest.ai.requests.length]).toEqual([404, 0]);
});
