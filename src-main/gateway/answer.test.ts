import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Guest } from '../compose.ts';
import { type Act, endless, stream } from '../providers/testing/server.ts';
import { openaiStream } from '../providers/testing/streams.ts';
import { type Dialects, serveDialects } from './testing/dialects.ts';

/** The guests that were let in, and whether the signal of each had aborted when its socket's `close` was over. */
const guests: { guest?: Guest; abortedAtClose: Promise<boolean> }[] = [];
let app: Dialects;
beforeAll(async () => {
  app = await serveDialects({
    caller(request) {
      const entry: (typeof guests)[number] = {
        abortedAtClose: new Promise((resolve) => {
          request.raw.socket.once('close', () => resolve(entry.guest!.signal.aborted));
        }),
      };
      guests.push(entry);
      return { kind: 'request', address: 'test', token: { id: 't1', name: 'Mine' }, scopes: ['chat'], host: null };
    },
  });
  const { admit } = app.choragus;
  app.choragus.admit = (...all) => {
    const guest = admit(...all);
    guests.at(-1)!.guest = guest;
    return guest;
  };
});
afterAll(() => app.close());
beforeEach(() => {
  app.upstream.forget();
  app.upstream.requests.length = 0;
  guests.length = 0;
});

const paths = { openai: '/v1/chat/completions', anthropic: '/v1/messages' };
type Dialect = keyof typeof paths;

interface Posted {
  request: ClientRequest;
  response: Promise<IncomingMessage>;
}

/** A request on a connection of its own. */
function post(dialect: Dialect, model: string, more: object = {}, headers: Record<string, string> = {}): Posted {
  const body = { model, max_tokens: 1000, stream: true, messages: [{ role: 'user', content: 'Go.' }], ...more };
  const request = httpRequest(app.url + paths[dialect], {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', 'user-agent': 'tester/1.2', ...headers },
  });
  const response = new Promise<IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  );
  response.catch(() => {});
  request.end(JSON.stringify(body));
  return { request, response };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

/** Until this much has come. */
const reads = (response: IncomingMessage, wanted: string) =>
  new Promise<void>((resolve) => {
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes(wanted)) resolve();
    });
  });

const said = (text: string) =>
  [...text.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, data]) => JSON.parse(data!))
    .map((data) => data.choices?.[0]?.delta.content ?? data.delta?.text ?? '')
    .join('');

describe.each<Dialect>(['openai', 'anthropic'])('a hang-up (%s)', (dialect) => {
  const silent: Act = stream(openaiStream(['One']).slice(0, 2), { ending: 'silence' });

  it('closes the socket of the provider, in the moment in which the own one closes', async () => {
    app.upstream.next(silent);
    const { request, response } = post(dialect, 'up/m');
    await reads(await response, 'One');
    const at = performance.now();
    request.destroy();
    expect(await guests[0]!.abortedAtClose).toBe(true);
    expect(await app.upstream.requests[0]!.closed).toBeGreaterThan(at);
    expect(app.choragus.connections.list().some(({ kind }) => kind === 'request')).toBe(false);
  });

  it.each([true, false])('does so, too, before the provider has said anything (stream: %s)', async (streamed) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    app.upstream.next(() => resolve());
    const { request } = post(dialect, 'up/m', { stream: streamed });
    await asked;
    request.destroy();
    expect(await guests[0]!.abortedAtClose).toBe(true);
    await app.upstream.requests[0]!.closed;
  });
});

describe('a request that streams', () => {
  it('stands in the list of connections, with its program and token, and can be closed there', async () => {
    app.upstream.next(stream(openaiStream(['One']).slice(0, 2), { ending: 'silence' }));
    const answer = await post('openai', 'up/m').response;
    const text = textOf(answer);
    const listed = app.choragus.connections.list().find(({ kind }) => kind === 'request')!;
    expect(listed).toMatchObject({ name: 'tester', version: '1.2', token: { id: 't1', name: 'Mine' } });
    app.choragus.connections.close(listed.id);
    await app.upstream.requests[0]!.closed;
    expect(await text).toMatch(/data: \{"error":\{"message":"It was closed in Settings.*\n\n$/);
    expect(app.choragus.connections.list().some(({ kind }) => kind === 'request')).toBe(false);
  });

  it('holds the provider back while it is not read, and lets it go on after that', async () => {
    const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(2000) } }] })}\n\n`;
    let written = 0;
    const counted: Act = (received, response) => {
      const write = response.write.bind(response);
      response.write = ((text: string) => {
        written += text.length;
        return write(text);
      }) as typeof response.write;
      return endless(piece)(received, response);
    };
    app.upstream.next(counted);
    const { request, response } = post('openai', 'up/m');
    const answer = await response;
    const still = async () => {
      const then = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return written > 0 && written === then;
    };
    await expect.poll(still, { timeout: 15_000 }).toBe(true);
    const held = written;
    answer.resume();
    await expect.poll(() => written, { timeout: 15_000 }).toBeGreaterThan(held);
    request.destroy();
    await app.upstream.requests[0]!.closed;
  });
});

describe.each<Dialect>(['openai', 'anthropic'])('a resumable completion (%s)', (dialect) => {
  const resumable = { 'x-choragus-resumable': '1' };

  it('is a turn that can be followed by the id in the headers, with the same text', async () => {
    const answer = await post(dialect, 'sim/steady', {}, resumable).response;
    const text = said(await textOf(answer));
    expect(text).toMatch(/^This is a simulator/);
    const { turn, state, whole } = await followed(String(answer.headers['x-choragus-turn']));
    expect({ turn, state, whole }).toEqual({ turn: answer.headers['x-choragus-turn'], state: 'done', whole: text });
    expect(answer.headers['x-choragus-session']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('outlives its connection', async () => {
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    app.upstream.next(
      stream(openaiStream(['One', 'two']), { pace: (index) => (index === 2 ? gate : Promise.resolve()) }),
    );
    const { request, response } = post(dialect, 'up/m', {}, resumable);
    const answer = await response;
    await reads(answer, 'One');
    request.destroy();
    expect(await guests[0]!.abortedAtClose).toBe(true);
    resolve();
    expect(await followed(String(answer.headers['x-choragus-turn']))).toMatchObject({ state: 'done', whole: 'Onetwo' });
  });

  it('is answered whole, too', async () => {
    const answer = await post(dialect, 'sim/steady', { stream: false }, resumable).response;
    expect(answer.headers['x-choragus-turn']).toMatch(/^[0-9a-f-]{36}$/);
    expect(await textOf(answer)).toContain('This is a simulator');
  });

  it('is one only where the header asks for it', async () => {
    for (const value of ['0', 'false']) {
      const answer = await post(dialect, 'sim/steady', {}, { 'x-choragus-resumable': value }).response;
      expect(said(await textOf(answer))).toMatch(/^This is a simulator/);
      expect(answer.headers).not.toHaveProperty('x-choragus-turn');
    }
  });

  it('takes text only', async () => {
    const more = dialect === 'openai' ? { stop: ['x'] } : { stop_sequences: ['x'] };
    const answer = await post(dialect, 'sim/steady', more, resumable).response;
    expect(answer.statusCode).toBe(400);
    expect(await textOf(answer)).toContain('takes text only');
  });
});

/** The whole of a turn, by way of another client. */
function followed(turn: string): Promise<{ turn: string; state: string; whole: string }> {
  return new Promise((resolve, reject) => {
    let whole = '';
    const follow = app.client.follow(
      'turn.follow',
      () => ({ turn }),
      (items) => {
        for (const item of items) {
          if (item.kind === 'text') whole = whole.slice(0, item.offset) + item.text;
          if (item.kind !== 'end') continue;
          follow.close();
          resolve({ turn, state: item.state, whole });
        }
      },
      { onProblem: reject },
    );
  });
}

it('the headers of a stream go out when the provider has begun to stream, before there is a token', async () => {
  const told = Promise.withResolvers<void>();
  app.upstream.next(async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    await told.promise;
    response.end(openaiStream(['Hello']).join(''));
  });
  const response = await post('openai', 'up/m').response;
  expect(response.statusCode).toBe(200);
  told.resolve();
  expect(await textOf(response)).toContain('Hello');
});
