import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { gist } from './gist.ts';
import { learn } from './known.ts';
import { type Exchange, send } from './send.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.closeAllConnections());
  ends.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const own = { token: '', key: 'the-key' };
const get = (path: string) => ({ method: 'GET', path, headers: {}, body: null });
const never = new AbortController().signal;

async function exchangeOf(url: string, sender = own): Promise<Exchange> {
  let last: Exchange | undefined;
  await send(sender, get(url), never, (exchange) => {
    last = exchange;
  });
  return last!;
}

describe('what is shown of an answer', () => {
  it('is its status, the headers that matter, and its body', async () => {
    const url = await serve((_, response) =>
      response
        .writeHead(404, { 'Content-Type': 'application/json', 'X-Frame': 'no', 'Retry-After': '7' })
        .end('{"a":1}'),
    );
    const { headers, ...shown } = await exchangeOf(url);
    expect(shown).toMatchObject({ state: 'done', status: 404, statusText: 'Not Found', body: '{"a":1}', events: [] });
    expect(Object.fromEntries(headers)).toEqual({ 'content-type': 'application/json', 'retry-after': '7' });
  });

  it('is each event as it comes, the newest 500 of very many', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': ping\n\n');
      for (let n = 1; n <= 700; n++) response.write(`id: e:${n}\ndata: {"type":"content","data":"${n}"}\n\n`);
      response.end();
    });
    const { events, eventCount, state } = await exchangeOf(url);
    expect([state, eventCount, events.length]).toEqual(['done', 700, 500]);
    expect(events.at(-1)).toMatchObject({ number: 700, id: 'e:700', data: '{"type":"content","data":"700"}' });
    expect(events[0]!.number).toBe(201);
  });

  it('goes on until one hangs up, and says so', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('id: e:1\ndata: {}\n\n');
    });
    const leaving = new AbortController();
    const states: string[] = [];
    await send(own, get(url), leaving.signal, ({ state, eventCount }) => {
      states.push(state);
      if (eventCount === 1) leaving.abort();
    });
    expect([...new Set(states)]).toEqual(['waiting', 'streaming', 'left']);
  });

  it('is that there was none, where nobody listens', async () => {
    const url = await serve(() => {});
    for (const end of ends.splice(0)) await end();
    expect(await exchangeOf(url)).toMatchObject({ state: 'failed', status: null });
  });
});

it('a request shows the key of the sign-in, or the access token that was given instead', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const url = await serve(({ headers }, response) => {
    seen.push(headers);
    response.end();
  });
  await exchangeOf(url);
  await exchangeOf(url, { token: 'cho_x', key: 'the-key' });
  expect(seen.map((headers) => [headers['choragus-key'], headers.authorization])).toEqual([
    ['the-key', undefined],
    [undefined, 'Bearer cho_x'],
  ]);
});

describe('what an answer tells for the next request', () => {
  const empty: Exchange = {
    state: 'done',
    status: 200,
    statusText: '',
    headers: [],
    body: '',
    events: [],
    eventCount: 0,
    firstMs: 1,
    totalMs: 1,
  };
  const event = (id: string, data: object) => ({ number: 1, id, data: JSON.stringify(data), ms: 1 });

  it('is the turn and the last event of a stream, the id of a session', () => {
    const events = [event('e:1', { type: 'start', turn_id: 't' }), event('e:2', { type: 'content', data: 'x' })];
    const known = learn({}, { ...empty, events });
    expect(known).toEqual({ turn: 't', 'last-event-id': 'e:2', last_event_id: 'e:2' });
    expect(learn(known, { ...empty, body: '{"id":"s","context_window":10}' })).toEqual({ ...known, session: 's' });
  });

  it('is nothing where it is an error or something else', () => {
    const known = { turn: 't' };
    expect(learn(known, { ...empty, status: 404, body: '{"id":"s","context_window":1}' })).toEqual(known);
    for (const body of ['', '[]', 'text', '{"id":3}']) expect(learn(known, { ...empty, body })).toEqual(known);
  });
});

it('the gist of an event is its type and what other events do not say too', () => {
  expect(gist('{"type":"content","specialist_id":"a","request_id":"r","data":"Hi","offset":0}')).toEqual({
    type: 'content',
    facts: [
      ['data', '"Hi"'],
      ['offset', '0'],
    ],
  });
  expect(gist('[DONE]')).toEqual({ type: 'event', facts: [['data', '"[DONE]"']] });
});
