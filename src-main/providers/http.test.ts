import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { type Body, nodeHttp, textOf } from './http.ts';
import { ProviderRefusal } from './provider.ts';
import * as act from './testing/server.ts';
import { unreachable } from './unreachable.ts';

describe('HTTP over Node', () => {
  let server: act.TestServer;
  const get = (http = nodeHttp(), signal = new AbortController().signal, url = server.url) =>
    http({ url, method: 'GET', headers: {}, signal });

  const read = (body: Body) => textOf(body, 1_000_000);

  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterAll(() => server.close());

  it('sends method, headers and body, and gives status, headers and body', async () => {
    server.next(act.json({ fine: true }, 201, { 'x-answer': 'yes' }));
    const body = '{"model":"x"}';
    const response = await nodeHttp()({
      url: `${server.url}/a/b?c=d`,
      method: 'POST',
      headers: { 'x-question': 'why' },
      body,
      signal: new AbortController().signal,
    });
    expect(response.status).toBe(201);
    expect(response.headers['x-answer']).toBe('yes');
    expect(await read(response.body)).toBe('{"fine":true}');
    const received = server.requests.at(-1)!;
    expect([received.method, received.path, received.body]).toEqual(['POST', '/a/b?c=d', { model: 'x' }]);
    expect(received.headers).toMatchObject({ 'x-question': 'why', 'content-length': String(body.length) });
  });

  it('gives each piece of a body as it comes', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    server.next(act.stream(['a', 'b', 'c'], { pace: (index) => gates[index]!.promise }));
    const { body } = await get();
    const seen: string[] = [];
    gates[0]!.resolve();
    await body.read((bytes) => {
      seen.push(Buffer.from(bytes).toString());
      gates[seen.length]?.resolve();
      return undefined;
    });
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('closes the socket at most 5 ms after the abort, with the median of 20', async () => {
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      server.next(act.stream(['first'], { ending: 'silence' }));
      const stop = new AbortController();
      const { body } = await get(nodeHttp(), stop.signal);
      const reason = new Error('stopped');
      const reading = body.read(() => {
        times.push(-performance.now());
        stop.abort(reason);
        return undefined;
      });
      await expect(reading).rejects.toBe(reason);
      times[round]! += await server.requests.at(-1)!.closed;
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThanOrEqual(5);
  });

  it('throws the reason of an abort before the response, and before the request', async () => {
    const stop = new AbortController();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    server.next(() => arrive());
    const response = get(nodeHttp(), stop.signal);
    await arrived;
    stop.abort('enough');
    await expect(response).rejects.toBe('enough');
    await server.requests.at(-1)!.closed;
    await expect(get(nodeHttp(), AbortSignal.abort('before'))).rejects.toBe('before');
  });

  it.each(['cut', 'reset'] as const)('never takes a connection that was %s for an end', async (ending) => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    server.next(act.stream(['half'], { ending, gate }));
    const { body } = await get();
    let seen = '';
    const reading = body.read((bytes) => {
      seen += Buffer.from(bytes).toString();
      open();
      return undefined;
    });
    const error = await reading.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).code).toBe('PROVIDER_BROKE_OFF');
    expect(seen).toBe('half');
  });

  it('takes a body that is shorter than announced for broken off', async () => {
    server.next((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('short', () => response.socket?.destroySoon());
    });
    const { body } = await get();
    await expect(read(body)).rejects.toMatchObject({ code: 'PROVIDER_BROKE_OFF' });
  });

  it('holds a sender back that is faster than the reader', async () => {
    const piece = Buffer.alloc(64 * 1024);
    const total = 512 * piece.length;
    let sent = 0;
    server.next(async (_, response) => {
      response.writeHead(200);
      for (; sent < total; sent += piece.length)
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
    const { body } = await get();
    let received = 0;
    let ahead = 0;
    let patient = false;
    await body.read(async (bytes) => {
      // Nothing is given while patience is asked for.
      expect(patient).toBe(false);
      patient = true;
      received += bytes.length;
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      ahead = Math.max(ahead, sent - received);
      patient = false;
    });
    expect(received).toBe(total);
    // Without a limit it is nearly all of it; the rest is in the buffers of the system.
    expect(ahead).toBeLessThan(total / 2);
  });

  it('uses a kept connection again, and a fresh one when the server has just closed it', async () => {
    const http = nodeHttp();
    const before = server.connections();
    server.next(act.json(1), act.json(2), act.hangUp, act.json(4));
    expect(await read((await get(http)).body)).toBe('1');
    expect(await read((await get(http)).body)).toBe('2');
    expect(server.connections() - before).toBe(1);
    expect(await read((await get(http)).body)).toBe('4');
    expect(server.connections() - before).toBe(2);
  });

  it('lets go of a body that its reader left, when more of it comes', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    server.next(
      act.stream(['first', 'second', 'third'], { pace: (index) => (index === 0 ? Promise.resolve() : gate) }),
    );
    const { body } = await get();
    await body.read(() => false);
    open();
    await server.requests.at(-1)!.closed;
  });

  it('gives all that came before the connection broke, although patience was asked for at the time', async () => {
    const { promise: patience, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const late = Buffer.alloc(32 * 1024, 'x');
    server.next(
      act.stream(['first', late], { pace: (index) => (index === 1 ? gate : Promise.resolve()), ending: 'cut' }),
    );
    const { body } = await get();
    let seen = 0;
    const reading = body.read((bytes) => {
      seen += bytes.length;
      if (seen > 5) return undefined;
      open();
      return patience;
    });
    await server.requests.at(-1)!.closed;
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toBe(5);
    goOn();
    await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_BROKE_OFF' });
    expect(seen).toBe(5 + late.length);
  });

  it('ends at an abort at once, although patience was asked for', async () => {
    server.next(act.stream(['first'], { ending: 'silence' }));
    const stop = new AbortController();
    const { body } = await get(nodeHttp(), stop.signal);
    const reading = body.read(() => new Promise(() => setImmediate(() => stop.abort('enough'))));
    await expect(reading).rejects.toBe('enough');
    await server.requests.at(-1)!.closed;
  });

  it('closes the connection when whoever takes throws, and tells what', async () => {
    server.next(act.stream(['first'], { ending: 'silence' }));
    const { body } = await get();
    const reading = body.read(() => {
      throw new Error('no room');
    });
    await expect(reading).rejects.toThrow('no room');
    await server.requests.at(-1)!.closed;
  });

  it.each(['not an address', 'ftp://127.0.0.1/', 'data:text/plain,x'])('refuses the address %s', async (url) => {
    const error = await get(nodeHttp(), new AbortController().signal, url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderRefusal);
    expect((error as ProviderRefusal).retryable).toBe(false);
  });

  it('tells that nothing listens, at a name with several addresses as well', async () => {
    const gone = await act.startTestServer();
    await gone.close();
    const url = gone.url.replace('127.0.0.1', 'localhost');
    const error = await get(nodeHttp(), new AbortController().signal, url).catch((reason: unknown) => reason);
    expect((error as ProviderRefusal).message).toBe(`Nothing listens at ${new URL(url).host}.`);
  });

  it('tells that a server does not speak HTTPS', async () => {
    const url = server.url.replace('http:', 'https:');
    const error = await get(nodeHttp(), new AbortController().signal, url).catch((reason: unknown) => reason);
    expect((error as ProviderRefusal).message).toBe(`${new URL(url).host} does not speak HTTPS.`);
  });

  it.each([
    ['ECONNREFUSED', 'Nothing listens at ai.example:8080.', true],
    ['ENOTFOUND', 'No computer with the name ai.example can be found.', true],
    ['EAI_AGAIN', 'No computer with the name ai.example can be found.', true],
    ['ETIMEDOUT', 'ai.example:8080 does not answer.', true],
    ['EHOSTUNREACH', 'ai.example:8080 does not answer.', true],
    ['ECONNRESET', 'ai.example:8080 closed the connection before it answered.', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'The certificate of ai.example:8080 is not trusted.', false],
    ['CERT_HAS_EXPIRED', 'The certificate of ai.example:8080 is not trusted.', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'The certificate of ai.example:8080 is not trusted.', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ai.example:8080 does not speak HTTPS.', false],
    ['HPE_INVALID_CONSTANT', 'ai.example:8080 does not speak HTTP.', false],
    ['E_SOMETHING_NEW', 'ai.example:8080 cannot be reached.', true],
  ])('tells %s in plain words, with the next step', (code, message, retryable) => {
    const error = Object.assign(new Error('whatever sk-secret'), { code });
    const refusal = unreachable(error, new URL('http://ai.example:8080/v1'));
    expect([refusal.problem.message, refusal.retryable]).toEqual([message, retryable]);
    expect(refusal.problem.next).toBeTruthy();
  });

  it('names the usual port when the address has none', () => {
    const refusal = unreachable(Object.assign(new Error(), { code: 'ECONNREFUSED' }), new URL('https://ai.example/v1'));
    expect(refusal.problem.message).toBe('Nothing listens at ai.example:443.');
  });
});
