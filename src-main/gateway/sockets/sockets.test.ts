import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_FRAME } from '#shared/contract/contract.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Caller, Choragus } from '../../compose.ts';
import { systemClock } from '../../hosts/clock.ts';
import { type Composed, composed } from '../../testing/composed.ts';
import type { AreaContext } from '../area.ts';
import { Budget, Rates } from '../rate.ts';
import { type AreaHarness, serveAreas } from '../testing/area-harness.ts';
import { bearer, running } from '../testing/running.ts';
import { MOST_REQUESTS } from './protocol.ts';
import { sockets } from './sockets.ts';
import { type Frame, SocketCaller } from './testing/caller.ts';

const id = () => uuidv7(Date.now(), Math.random);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const user: Caller = { kind: 'ws', address: 'test', token: null, scopes: 'user', host: null };
const simulator = (name: string, options: object) => ({
  ...{ id: name, kind: 'simulator' },
  options: { rate: 20_000, firstTokenMs: 1, tokens: 40, breakAfter: 10, ...options },
});
const config = {
  localServices: false,
  limits: { retries: 0 },
  providers: [
    simulator('sim', {}),
    simulator('endless', { tokens: 100_000, rate: 1_000_000 }),
    simulator('silent', { firstTokenMs: 60_000 }),
    { id: 'away', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1', models: ['m'] },
  ],
  specialists: {
    apollo: { provider: 'sim', model: 'steady' },
    athena: { provider: 'sim', model: 'breaks-off' },
    hermes: { provider: 'sim', model: 'steady' },
    metis: { provider: 'endless', model: 'steady' },
    numa: { provider: 'away', model: 'm' },
    telos: { provider: 'silent', model: 'steady' },
  },
};

let dir: string;
let app: Composed;
let choragus: Choragus;
let harness: AreaHarness;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-sockets-'));
  app = await composed(dir, { config });
  choragus = app.choragus;
  harness = await serveAreas([sockets], { choragus });
});
afterAll(async () => {
  await harness.close();
  await app.close();
  rmSync(dir, { recursive: true });
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function at(specialist: string, url = harness.url): Promise<SocketCaller> {
  const caller = await new SocketCaller(`${url}/ws/ai/${specialist}`).open();
  ends.push(() => caller.socket.terminate());
  return caller;
}

/** A server for one caller who is not the user, or for an app that is not whole. */
async function serveTo(caller: Caller, more: Partial<AreaContext> = {}): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  ends.push(() => server.close());
  const context = {
    ...{ choragus, version: '0', clock: systemClock, random: Math.random, newId: id, logger: quiet },
    caller: () => caller,
    ...more,
  };
  server.on('connection', (socket: WebSocket, request) => {
    sockets.socket!(request.url!)!.serve(socket, caller, context);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const chunks = (frames: Frame[]): string =>
  frames.filter(({ method }) => method === 'stream.chunk').reduce((text, { params }) => text + params.content, '');

/** A session of a program that takes messages for so long. */
async function session(lifetimeMs?: number): Promise<string> {
  const guest = choragus.admit(user, { name: 'test', version: '0' }, () => 0);
  const made = { by: 'program' as const, ...(lifetimeMs !== undefined && { lifetimeMs }) };
  const made_id = id();
  await guest.call('sessions.create', { command: id(), session: made_id, made });
  guest.leave();
  return made_id;
}

describe('a socket of a specialist', () => {
  it('answers chat with content, tokens and session', async () => {
    const caller = await at('apollo-ai');
    const { result } = await caller.ask('chat', { message: 'Hello', temperature: 0.5 });
    expect(result).toEqual({
      content: expect.stringContaining('This is a simulator'),
      tokens_used: expect.any(Number),
      session_id: null,
      turn_id: expect.any(String),
    });
    expect(result.tokens_used).toBeGreaterThanOrEqual(40);

    const session_id = await session();
    const first = await caller.ask('chat', { message: 'Hello', session_id });
    const second = await caller.ask('chat', { message: 'Hello', session_id });
    expect(first.result.session_id).toBe(session_id);
    // It had more in view the second time.
    expect(second.result.tokens_used).toBeGreaterThan(first.result.tokens_used);
  });

  it('answers stream at once, then gives chunks in order and tells that it is complete', async () => {
    const caller = await at('apollo');
    caller.send({ jsonrpc: '2.0', id: 4, method: 'stream', params: { message: 'Hello', max_tokens: 30 } });
    const frames = await caller.stream(4);
    expect(caller.frames[0]).toEqual({
      jsonrpc: '2.0',
      id: 4,
      result: { accepted: true, request_id: 4, turn_id: expect.any(String) },
    });
    const pieces = frames.filter(({ method }) => method === 'stream.chunk').map(({ params }) => params);
    expect(pieces.map((each) => each.chunk_index)).toEqual(pieces.map((_, index) => index));
    expect(pieces[0]).toEqual({
      content: expect.any(String),
      chunk_index: 0,
      request_id: 4,
      specialist_id: 'apollo-ai',
      offset: 0,
      cursor: expect.any(String),
    });
    expect(frames.at(-1)).toEqual({
      jsonrpc: '2.0',
      method: 'stream.complete',
      params: {
        total_chunks: pieces.length,
        tokens_used: expect.any(Number),
        request_id: 4,
        specialist_id: 'apollo-ai',
        status: 'success',
      },
    });
    expect(chunks(frames)).toMatch(/^This is a simulator/);
  });

  it('tells two streams apart, and answers others meanwhile', async () => {
    const caller = await at('apollo');
    for (const name of ['one', 'two'])
      caller.send({ jsonrpc: '2.0', id: name, method: 'stream', params: { message: `${name}?` } });
    expect((await caller.ask('ping')).result).toBe('pong');
    const [one, two] = [chunks(await caller.stream('one')), chunks(await caller.stream('two'))];
    for (const [name, text] of [
      ['one', one],
      ['two', two],
    ] as const)
      expect((await caller.ask('chat', { message: `${name}?` })).result.content).toBe(text);
    expect(one).not.toBe(two);
  });

  it('goes on with a stream on another socket, after the last piece that came', async () => {
    const first = await at('hermes');
    first.send({ jsonrpc: '2.0', id: 1, method: 'stream', params: { message: 'Tell me' } });
    const { params: got } = await first.until(({ method }) => method === 'stream.chunk');
    const { turn_id } = first.frames[0]!.result;
    const before = chunks(first.frames.slice(0, first.frames.findIndex(({ params }) => params === got) + 1));
    first.socket.terminate();

    const second = await at('hermes');
    const { id: request, result } = await second.ask('resume', { turn_id, cursor: got.cursor });
    expect(result).toEqual({ accepted: true, request_id: request, turn_id, recovered: true });
    const rest = await second.stream(request);
    expect(rest.at(-1)!.params.status).toBe('success');
    const { id: whole } = await second.ask('resume', { turn_id });
    expect(before + chunks(rest)).toBe(chunks(await second.stream(whole)));
  });

  it('goes on after a restart with what was kept, and tells that the turn was interrupted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'choragus-sockets-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const slow = { ...config, providers: [simulator('sim', { rate: 100, tokens: 10_000 })], specialists: {} };
    const before = await composed(folder, { config: slow });
    const first = await at('apollo', await serveTo(user, { choragus: before.choragus }));
    const { result } = await first.ask('stream', { message: 'Hello' });
    const { params: got } = await first.until(({ params }) => params?.chunk_index === 2);
    const had = chunks(first.frames.slice(0, first.frames.findIndex(({ params }) => params === got) + 1));
    await before.close();

    const after = await composed(folder, { config: slow });
    ends.push(() => after.close());
    const second = await at('apollo', await serveTo(user, { choragus: after.choragus }));
    const { id: request } = await second.ask('resume', { turn_id: result.turn_id, cursor: got.cursor });
    const rest = await second.stream(request);
    expect(rest.slice(-2).map(({ method, params }) => [method, params.status ?? params.data.details.code])).toEqual([
      ['stream.error', 'DISCONNECTED'],
      ['stream.complete', 'error'],
    ]);
    const { id: whole } = await second.ask('resume', { turn_id: result.turn_id });
    expect(had + chunks(rest)).toBe(chunks(await second.stream(whole)));
  });

  it('stops a turn, and tells that as the error of its stream', async () => {
    const caller = await at('telos');
    const { id: request, result } = await caller.ask('stream', { message: 'Hello' });
    expect((await caller.ask('stop', { turn_id: result.turn_id })).result).toEqual({
      stopped: true,
      turn_id: result.turn_id,
    });
    const frames = await caller.stream(request);
    expect(frames.map(({ method }) => method)).toEqual(['stream.error', 'stream.complete']);
    expect(frames[0]!.params).toMatchObject({ code: -32006, data: { details: { code: 'STOPPED' } } });
    expect((await caller.ask('stop', { turn_id: result.turn_id })).error.code).toBe(-32602);
  });

  it('tells the failure of a stream after what had come, then that it is over', async () => {
    const caller = await at('athena');
    const { id: request, result } = await caller.ask('stream', { message: 'Hello' });
    const frames = await caller.stream(request);
    expect(chunks(frames)).not.toBe('');
    expect(frames.slice(-2)).toEqual([
      {
        jsonrpc: '2.0',
        method: 'stream.error',
        params: {
          request_id: request,
          code: -32001,
          message: expect.any(String),
          data: {
            specialist_id: 'athena-ai',
            details: expect.objectContaining({
              code: 'PROVIDER_BROKE_OFF',
              turn_id: result.turn_id,
              cursor: expect.any(String),
            }),
          },
        },
      },
      {
        jsonrpc: '2.0',
        method: 'stream.complete',
        params: expect.objectContaining({ request_id: request, status: 'error' }),
      },
    ]);
  });

  it.each([
    ['no JSON', '{"jsonrpc":', -32700],
    ['no object', '7', -32600],
    ['an empty batch', '[]', -32600],
    ['another protocol', '{"id":1,"method":"ping"}', -32600],
    ['an id that is none', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['a binary frame', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}'), -32600],
    ['a frame over the limit', JSON.stringify('x'.repeat(MAX_FRAME)), -32600],
    ['a batch over the limit', JSON.stringify(Array(MOST_REQUESTS + 1).fill(1)), -32600],
    ['an unknown method', { jsonrpc: '2.0', id: 1, method: 'toString' }, -32601],
    ['no params', { jsonrpc: '2.0', id: 1, method: 'chat' }, -32602],
    ['params by position', { jsonrpc: '2.0', id: 1, method: 'chat', params: ['Hello'] }, -32602],
    ['an empty message', { jsonrpc: '2.0', id: 1, method: 'chat', params: { message: '' } }, -32602],
    [
      'a temperature too high',
      { jsonrpc: '2.0', id: 1, method: 'stream', params: { message: 'a', temperature: 3 } },
      -32602,
    ],
    [
      'a session that does not exist',
      { jsonrpc: '2.0', id: 1, method: 'stream', params: { message: 'a', session_id: 'sess_0' } },
      -32602,
    ],
    ['a turn that does not exist', { jsonrpc: '2.0', id: 1, method: 'resume', params: { turn_id: 'none' } }, -32602],
    ['an unknown topic', { jsonrpc: '2.0', id: 1, method: 'subscribe', params: { topics: ['weather'] } }, -32602],
  ])('answers %s with its code, and goes on', async (_, frame, code) => {
    const caller = await at('apollo');
    caller.send(frame);
    const answer = await caller.until(() => true);
    const known = typeof frame === 'object' && 'jsonrpc' in frame;
    expect(answer).toMatchObject({
      ...{ jsonrpc: '2.0', id: known || (/"id":1/.test(String(frame)) && !Buffer.isBuffer(frame)) ? 1 : null },
      error: {
        code,
        message: expect.any(String),
        data: { specialist_id: 'apollo-ai', details: { code: expect.any(String) } },
      },
    });
    expect((await caller.ask('ping')).result).toBe('pong');
  });

  it('answers what has no id with nothing, and carries it out', async () => {
    const caller = await at('apollo');
    caller.send({ jsonrpc: '2.0', method: 'nothing' });
    caller.send({ jsonrpc: '2.0', method: 'ping' });
    caller.send({ jsonrpc: '2.0', method: 'stream', params: { message: 'Hello' } });
    await caller.until(({ method }) => method === 'stream.complete');
    expect(caller.frames.every(({ method }) => method?.startsWith('stream.'))).toBe(true);
  });

  it('answers a batch as one, in its order, before what it began', async () => {
    const caller = await at('apollo');
    caller.send([
      { jsonrpc: '2.0', id: 1, method: 'stream', params: { message: 'Hello' } },
      { jsonrpc: '2.0', method: 'ping' },
      7,
      { jsonrpc: '2.0', id: 2, method: 'ping' },
    ]);
    await caller.stream(1);
    expect(caller.frames[0]).toMatchObject([
      { id: 1, result: { accepted: true } },
      { id: null, error: { code: -32600 } },
      { id: 2, result: 'pong' },
    ]);
    expect(caller.frames.filter(Array.isArray)).toHaveLength(1);
  });
});

describe('what an AI or a session cannot do', () => {
  it('is -32001 where the AI is not available', async () => {
    const caller = await at('numa');
    const { error } = await caller.ask('chat', { message: 'Hello' });
    expect(error).toMatchObject({
      code: -32001,
      data: { specialist_id: 'numa-ai', details: { code: 'PROVIDER_UNREACHABLE', turn_id: expect.any(String) } },
    });
  });

  it('is -32000 in a session that has expired', async () => {
    const session_id = await session(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { error } = await (await at('apollo')).ask('stream', { message: 'Hello', session_id });
    expect(error).toMatchObject({ code: -32000, data: { details: { code: 'EXPIRED', session_id } } });
  });

  it('is -32002 when an answer passes its limit', async () => {
    const { error } = await (await at('metis')).ask('chat', { message: 'Hello' });
    expect(error).toMatchObject({ code: -32002, data: { details: { code: 'LIMIT' } } });
  });

  it('is -32005 while another message of the session is answered, which leaves nothing behind', async () => {
    const session_id = await session();
    const caller = await at('telos');
    const { result } = await caller.ask('stream', { message: 'First', session_id });
    const { error } = await caller.ask('chat', { message: 'Second', session_id });
    expect(error).toMatchObject({ code: -32005, data: { details: { code: 'BUSY', session_id } } });
    await caller.ask('stop', { turn_id: result.turn_id });
    const page = await app.client.call('sessions.list', {});
    expect(page.sessions.find((each) => each.id === session_id)!.messages).toBe(1);
  });

  it('is -32003 with a time to wait when too many are asked, at once or in a minute', async () => {
    const caller = await at('telos');
    const asked = Array.from({ length: MOST_REQUESTS }, () => caller.ask('stream', { message: 'Hello' }));
    const begun = await Promise.all(asked);
    expect((await caller.ask('stream', { message: 'One more' })).error).toMatchObject({
      code: -32003,
      data: { retry_after: 1, details: { code: 'RATE_LIMITED' } },
    });
    expect((await caller.ask('ping')).result).toBe('pong');
    for (const { result } of begun) await caller.ask('stop', { turn_id: result.turn_id });

    const rates = new Rates(2, systemClock);
    const limited = await at('apollo', await serveTo({ ...user, budget: new Budget(rates, 'one') }));
    expect((await limited.ask('ping')).result).toBe('pong');
    limited.send('no JSON');
    const { error } = await limited.ask('chat', { message: 'Hello' });
    expect(error).toMatchObject({ code: -32003, data: { retry_after: 30 } });
  });

  it('is -32004 where the access token does not reach', async () => {
    const token = { id: 'tok', name: 'Token' };
    const caller = await at('apollo', await serveTo({ ...user, token, scopes: ['chat'] }));
    expect((await caller.ask('chat', { message: 'Hello' })).result.content).toContain('simulator');
    expect((await caller.ask('subscribe', { topics: ['turn.*'] })).error.code).toBe(-32004);
  });
});

describe('topics', () => {
  const event = (topic: string, about: string) => (frame: Frame) =>
    frame.method === 'event' && frame.params.topic === topic && JSON.stringify(frame.params.data).includes(about);

  it('are told once each as they happen, and no more once they are not wanted', async () => {
    const caller = await at('apollo');
    const { result } = await caller.ask('subscribe', { topics: ['session.created', 'session.renamed'] });
    expect(result).toEqual({ subscribed: ['session.created', 'session.renamed'] });
    const again = await caller.ask('subscribe', { topics: ['session.created', 'session.message'] });
    expect(again.result.subscribed).toEqual(['session.created', 'session.renamed', 'session.message']);
    const one = await session();
    const { params } = await caller.until(event('session.created', one));
    expect(params).toEqual({
      topic: 'session.created',
      cursor: expect.any(String),
      at: expect.any(Number),
      data: expect.objectContaining({ session: one, title: '' }),
    });
    const left = await caller.ask('unsubscribe', { topics: ['session.created'] });
    expect(left.result.subscribed).toEqual(['session.renamed', 'session.message']);
    const two = await session();
    await caller.ask('chat', { message: 'Hello', session_id: two });
    await caller.until(event('session.message', two));
    expect(caller.frames.filter(event('session.created', one))).toHaveLength(1);
    expect(caller.frames.filter(event('session.created', two))).toHaveLength(0);
    expect((await caller.ask('unsubscribe')).result.subscribed).toEqual([]);
  });

  it('are told from a cursor on, and a cursor that says nothing is told as a reset', async () => {
    const first = await at('apollo');
    await first.ask('subscribe', { topics: ['session.created'] });
    const one = await session();
    const { params } = await first.until(event('session.created', one));
    first.socket.terminate();
    const two = await session();

    const second = await at('apollo');
    await second.ask('subscribe', { topics: ['session.*'], cursor: params.cursor });
    await second.until(event('session.created', two));
    expect(second.frames.filter(event('session.created', one))).toHaveLength(0);
    const third = await at('apollo');
    await third.ask('subscribe', { topics: ['turn.finished'], cursor: 'elsewhere:3' });
    await third.until(event('system.reset', ''));
  });

  it('of `*` are all for the user, and those without connections for a token that may only read', async () => {
    const all = await (await at('apollo')).ask('subscribe', { topics: ['*'] });
    const url = await serveTo({ ...user, token: { id: 'tok', name: 'Token' }, scopes: ['chat', 'read'] });
    const caller = await at('apollo', url);
    const some = await caller.ask('subscribe', { topics: ['*'] });
    expect(all.result.subscribed.filter((topic: string) => !some.result.subscribed.includes(topic))).toEqual([
      'connection.opened',
      'connection.closed',
    ]);
    expect((await caller.ask('subscribe', { topics: ['connection.*'] })).error.code).toBe(-32004);
  });
});

describe('the way in and out', () => {
  it('is found by every alias of a specialist, and told as closed where there is none', async () => {
    for (const name of ['tekton_core-ai', 'tekton', 'ATHENA-AI', '%61pollo']) await at(name);
    for (const [name, told] of [
      ['nobody', 'nobody'],
      ['%ff', '%ff'],
      ['%E2%82%AC'.repeat(60), '€'.repeat(20)],
    ] as const) {
      const { code, reason } = await new SocketCaller(`${harness.url}/ws/ai/${name}`).closed;
      expect(code).toBe(4404);
      expect(reason).toContain(`There is no specialist ${told}`);
    }
  });

  it('is a WebSocket and nothing else', async () => {
    const response = await fetch(`${harness.url}/ws/ai/apollo`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
    expect(sockets.owns('/ws/ai/apollo', {})).toBe(true);
    for (const path of ['/ws/ai', '/ws', '/api/v2/ai/apollo/stream']) {
      expect(sockets.owns(path, {})).toBe(false);
      expect(sockets.socket!(path)).toBeUndefined();
    }
  });

  it('leads through the gateway: with a token that may chat, and with none that may not', async () => {
    const gateway = await running({ areas: [sockets], choragus, clock: systemClock });
    ends.push(() => gateway.close());
    const status = async (headers: Record<string, string>) => {
      const answer = await gateway.upgrade('/ws/ai/apollo', headers);
      return 'status' in answer ? [answer.status, answer.json.error.code] : 'open';
    };
    expect(await status({})).toEqual([401, 'UNAUTHORIZED']);
    expect(await status(bearer('read'))).toEqual([403, 'FORBIDDEN']);
    expect(await status({ ...bearer('chat'), origin: 'https://elsewhere.example' })).toEqual([403, 'FORBIDDEN']);
    expect(await status(bearer('admin'))).toBe('open');
    expect((await gateway.ask('/ws/ai/apollo', { headers: bearer('chat') })).status).toBe(426);
    expect((await gateway.ask('/ws/ai/apollo')).status).toBe(401);

    const caller = new SocketCaller((await gateway.upgrade('/ws/ai/apollo', bearer('chat'))) as WebSocket);
    expect((await caller.ask('chat', { message: 'Hello' })).result.content).toContain('simulator');
    const listed = choragus.connections.list().find(({ token }) => token?.name === 'chat');
    expect(listed).toMatchObject({ kind: 'ws' });
    caller.socket.terminate();
  });

  it('stands in the list of connections until it is gone, and can be closed there', async () => {
    const listed = () =>
      choragus.connections.list().filter(({ kind, address }) => kind === 'ws' && address === 'listed');
    const url = await serveTo({ ...user, address: 'listed' });
    const one = await at('apollo', url);
    const two = await at('apollo', url);
    await Promise.all([one.ask('ping'), two.ask('ping')]);
    expect(listed()).toHaveLength(2);
    const gone = () => new Promise<void>((resolve) => void choragus.connections.closed.on(() => resolve()));
    const first = gone();
    choragus.connections.close(listed()[0]!.id);
    expect((await one.closed).code).toBe(1000);
    await first;
    const second = gone();
    two.socket.close();
    await second;
    expect(listed()).toEqual([]);
  });
});

it('answers anything at all with a documented code, and goes on', async () => {
  const codes = [-32700, -32600, -32601, -32602, -32000, -32001, -32002, -32003, -32004, -32005, -32006];
  const caller = await at('apollo');
  const wild = fc.oneof(
    fc.json(),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc
      .record(
        {
          jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
          id: fc.jsonValue({ maxDepth: 1 }),
          method: fc.constantFrom('resume', 'stop', 'ping', 'subscribe', 'unsubscribe', 'chat', '__proto__', 'Ping'),
          params: fc.oneof(
            fc.jsonValue(),
            fc.record({
              turn_id: fc.jsonValue(),
              cursor: fc.jsonValue(),
              topics: fc.jsonValue(),
              session_id: fc.jsonValue(),
            }),
          ),
        },
        { requiredKeys: [] },
      )
      .map((request) => JSON.stringify(request)),
    fc.nat(2000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  );
  await fc.assert(
    fc.asyncProperty(wild, async (frame) => {
      caller.send(frame);
      expect((await caller.ask('ping')).result).toBe('pong');
      for (const answer of caller.frames.splice(0).flat()) {
        expect(answer.jsonrpc).toBe('2.0');
        if ('error' in answer) expect(codes).toContain(answer.error.code);
      }
    }),
    { numRuns: 300 },
  );
});
