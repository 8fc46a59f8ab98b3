import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { json, startTestServer } from './server.ts';

it('watches a socket once, however many requests come on it', async () => {
  const server = await startTestServer();
  server.always(json({}));
  const agent = new Agent({ keepAlive: true });
  for (let count = 0; count < 12; count++) {
    const [answer] = (await once(get(server.url, { agent }), 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
  }
  agent.destroy();
  const times = await Promise.all(server.requests.map(({ closed }) => closed));
  expect([server.connections(), times.length, new Set(times).size]).toEqual([1, 12, 1]);
  await server.close();
});
