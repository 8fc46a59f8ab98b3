import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#shared/kit/ids.ts';
import { status, stream } from '../../providers/testing/server.ts';
import { openaiStream } from '../../providers/testing/streams.ts';
import { Rest, textOf } from './testing/rest.ts';

let rest: Rest;
beforeEach(async () => {
  rest = await Rest.start();
});
afterEach(() => rest.close());

const ask = '/api/v2/ai/apollo-ai/stream';
/** An answer that says the first words, then waits. */
function held(first: string[], last: string[]) {
  const gate = Promise.withResolvers<void>();
  const pieces = openaiStream([...first, ...last]);
  const pace = (index: number) => (index === first.length + 1 ? gate.promise : Promise.resolve());
  rest.ai.next(stream(pieces, { pace }));
  return gate;
}

describe('an answer as it comes', () => {
  it('begins with start, brings the text with its offsets, and ends with done; each event has a cursor', async () => {
    rest.ai.next(stream(openaiStream(['Entropy ', 'measures', ' 🙂 things'])));
    const reader = await rest.events('POST', ask, {
      content: 'Define entropy',
      max_tokens: 300,
      request_id: 'req_mine',
    });
    const { headers } = reader.response;
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['text/event-stream', 'no-cache']);
    const events = await reader.rest();
    const about = { specialist_id: 'apollo-ai', request_id: 'req_mine' };
    expect(events[0]!.data).toEqual({ type: 'start', ...about, turn_id: headers.get('x-choragus-turn') });
    expect(events.at(-1)!.data).toEqual({ type: 'done', ...about, tokens_used: 10, finish_reason: 'stop' });
    let text = '';
    for (const { data } of events.slice(1, -1)) {
      expect(data).toMatchObject({ type: 'content', ...about, offset: text.length });
      text += data.data;
    }
    expect(text).toBe('Entropy measures 🙂 things');
    for (const { id } of events) expect(id).toMatch(/^[\w-]+:\d+$/);
    expect(rest.ai.requests[0]!.body).toMatchObject({ max_tokens: 300 });
  });

  it('takes any alias of a specialist, a plain model, message for content, and the paths of earlier plans', async () => {
    rest.ai.always(stream(openaiStream(['ok'])));
    const asked = [
      ['POST', '/api/v2/ai/TEKTON/stream', { message: 'Hi' }, 'tekton_core-ai'],
      ['POST', '/api/ai/specialists/apollo-coordinator/stream', { content: 'Hi' }, 'apollo-ai'],
      ['GET', '/api/v2/ai/apollo/stream?message=Hi&temperature=0.5', undefined, 'apollo-ai'],
      ['GET', '/api/ai/specialists/budget/stream?content=Hi', undefined, 'penia-ai'],
      ['POST', '/api/v2/ai/near%2Fm/stream', { content: 'Hi' }, 'near/m'],
    ] as const;
    for (const [method, path, body, id] of asked) {
      const [start] = await (await rest.events(method, path, body)).rest();
      expect(start!.data.specialist_id).toBe(id);
    }
    expect(rest.ai.requests[2]!.body).toMatchObject({ temperature: 0.5 });
  });

  it('refuses an unknown specialist before the stream begins', async () => {
    expect(await rest.json('POST', '/api/v2/ai/zeus/stream', { content: 'Hi' })).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND', details: { next: expect.any(String) } } },
    });
  });

  it('tells the end of a failed one as an error that cannot be recovered, without done', async () => {
    rest.ai.always(status(401));
    const events = await (await rest.events('POST', ask, { content: 'Hi' })).rest();
    expect(events.map(({ data }) => data.type)).toEqual(['start', 'error']);
    expect(events[1]!.data).toMatchObject({
      code: 'AI_UNAVAILABLE',
      recoverable: false,
      specialist_id: 'apollo-ai',
      details: { reason: 'PROVIDER_REFUSED' },
    });
  });

  it('says when an AI is asked again, and goes on', async () => {
    rest.ai.next(status(503), stream(openaiStream(['late'])));
    const events = await (await rest.events('POST', ask, { content: 'Hi' })).rest();
    expect(events.map(({ data }) => data.type)).toEqual(['start', 'error', 'content', 'done']);
    expect(events[1]!.data).toMatchObject({ recoverable: true, details: { attempt: 1, retry_in: expect.any(Number) } });
  });
});

describe('a stream that goes on', () => {
  it('after a hang-up: the turn runs on, and what was missed comes after the last event', async () => {
    const gate = held(['One ', 'two '], ['three ', 'four']);
    const reader = await rest.events('POST', ask, { content: 'Count' });
    const had = [await reader.next(), await reader.next()].map((event) => event!);
    while (textOf(had) !== 'One two ') had.push((await reader.next())!);
    await reader.leave();
    gate.resolve();
    const { turn_id } = had[0]!.data;
    const path = `/api/v2/turns/${turn_id}/stream`;
    const more = await (await rest.events('GET', path, undefined, { 'last-event-id': had.at(-1)!.id })).rest();
    expect(more[0]!.data).toMatchObject({ type: 'start', turn_id, specialist_id: 'apollo-ai', recovered: true });
    expect(textOf(more)).toBe('three four');
    expect(more.at(-1)!.data.type).toBe('done');
    const again = await (await rest.events('GET', `${path}?last_event_id=${had[1]!.id}`)).rest();
    expect(textOf(had.slice(0, 2)) + textOf(again)).toBe('One two three four');
  });

  it('after it was closed from here, which it is told: the turn runs on', async () => {
    const gate = held(['One '], ['two']);
    const reader = await rest.events('POST', ask, { content: 'Count' });
    const had = [(await reader.next())!, (await reader.next())!];
    const here = rest.app.choragus.connections.list().filter(({ kind }) => kind === 'request');
    expect(here).toMatchObject([{ name: 'node', follows: 1 }]);
    rest.app.choragus.connections.close(here[0]!.id);
    const told = await reader.rest();
    expect(told.map(({ data }) => [data.type, data.code, data.recoverable])).toEqual([['error', 'UNAVAILABLE', true]]);
    expect(rest.app.choragus.connections.list().filter(({ kind }) => kind === 'request')).toEqual([]);
    gate.resolve();
    const path = `/api/v2/turns/${had[0]!.data.turn_id}/stream?last_event_id=${had[1]!.id}`;
    expect(textOf(await (await rest.events('GET', path)).rest())).toBe('two');
  });

  it('after a restart, long after the end: text before and text after are the whole', async () => {
    rest.ai.next(stream(openaiStream(['One ', 'two ', 'three ']), { pace: () => new Promise(setImmediate) }));
    const all = await (await rest.events('POST', ask, { content: 'Count' })).rest();
    await rest.restart();
    const path = `/api/v2/turns/${all[0]!.data.turn_id}/stream`;
    for (const [index, { id }] of all.entries()) {
      const more = await (await rest.events('GET', path, undefined, { 'last-event-id': id })).rest();
      const folded = more.reduce(
        (text, { data }) => (data.type === 'content' ? text.slice(0, data.offset) + data.data : text),
        textOf(all.slice(0, index + 1)),
      );
      expect(folded).toBe('One two three ');
      expect(more.at(-1)!.data.type).toBe('done');
    }
  });

  it('ends with INTERRUPTED where the turn was killed with Choragus', async () => {
    const gate = held(['One ', 'two '], ['three']);
    const reader = await rest.events('POST', ask, { content: 'Count' });
    const had = [(await reader.next())!];
    while (textOf(had) !== 'One two ') had.push((await reader.next())!);
    await reader.leave();
    await rest.restart();
    gate.resolve();
    const { turn_id } = had[0]!.data;
    const last = { 'last-event-id': had.at(-1)!.id };
    const more = await (await rest.events('GET', `/api/v2/turns/${turn_id}/stream`, undefined, last)).rest();
    expect(more.map(({ data }) => data.type)).toEqual(['start', 'error']);
    expect(more[1]!.data).toMatchObject({ code: 'INTERRUPTED', recoverable: true, turn_id });
    expect(await rest.json('GET', `/api/v2/turns/${turn_id}`)).toMatchObject({
      status: 200,
      body: { status: 'interrupted', content: 'One two ', error: { code: 'INTERRUPTED' } },
    });
  });

  it.each(['other-epoch:5', 'nonsense', 'x:99999999999999999999999'])(
    'comes whole, and says so, after %s, which nothing can be served from',
    async (last) => {
      rest.ai.next(stream(openaiStream(['All ', 'of it'])));
      const [start] = await (await rest.events('POST', ask, { content: 'Hi' })).rest();
      const path = `/api/v2/turns/${start!.data.turn_id}/stream?last_event_id=${last}`;
      const events = await (await rest.events('GET', path)).rest();
      expect(events[0]!.data.recovered).toBe(false);
      expect(textOf(events)).toBe('All of it');
    },
  );

  it('by an EventSource that asks again by itself: the same answer with a request id, nothing without one', async () => {
    rest.ai.always(stream(openaiStream(['Once'])));
    const path = `${ask}?content=Hi`;
    const id = uuidv7(Date.now(), Math.random);
    const first = await (await rest.events('GET', `${path}&request_id=${id}`)).rest();
    const last = { 'last-event-id': first[0]!.id };
    await rest.restart();
    const again = await (await rest.events('GET', `${path}&request_id=${id}`, undefined, last)).rest();
    expect(again[0]!.data).toMatchObject({ turn_id: first[0]!.data.turn_id, recovered: true });
    expect(textOf(again)).toBe('Once');
    expect((await rest.ask('GET', path, undefined, last)).status).toBe(204);
    expect(rest.ai.requests).toHaveLength(1);
  });
});

it('a request that is sent again with its UUID has one effect; with another body it is refused', async () => {
  rest.ai.always(stream(openaiStream(['Once'])));
  const body = { content: 'Hi', request_id: uuidv7(Date.now(), Math.random) };
  const answers = [
    await (await rest.events('POST', ask, body)).rest(),
    await (await rest.events('POST', ask, body)).rest(),
  ];
  expect(answers.map(textOf)).toEqual(['Once', 'Once']);
  expect(rest.ai.requests).toHaveLength(1);
  expect(await rest.json('POST', ask, { ...body, content: 'Ho' })).toMatchObject({
    status: 409,
    body: { error: { code: 'CONFLICT' } },
  });
});

describe('a turn', () => {
  it('is stopped at the provider, keeps what came, and its stream says so', async () => {
    const gate = held(['Begun'], [' and never ended']);
    const reader = await rest.events('POST', ask, { content: 'Hi' });
    const { turn_id } = (await reader.next())!.data;
    expect((await reader.next())!.data.data).toBe('Begun');
    expect(await rest.json('GET', `/api/v2/turns/${turn_id}`)).toMatchObject({
      body: { id: turn_id, specialist_id: 'apollo-ai', content: 'Begun', error: null, tokens_used: null },
    });
    const stopped = { id: turn_id, status: 'stopped', content: 'Begun', error: { code: 'STOPPED' } };
    expect(await rest.json('POST', `/api/v2/turns/${turn_id}/stop`)).toMatchObject({ status: 200, body: stopped });
    await rest.ai.requests[0]!.closed;
    gate.resolve();
    expect((await reader.rest()).map(({ data }) => [data.type, data.code, data.recoverable])).toEqual([
      ['error', 'STOPPED', false],
    ]);
    expect(await rest.json('POST', `/api/v2/turns/${turn_id}/stop`)).toMatchObject({ status: 200, body: stopped });
  });

  it('that is not there is told as such, in every way to ask', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/stream'],
      ['POST', '/stop'],
    ] as const)
      expect(await rest.json(method, `/api/v2/turns/nowhere${path}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
  });
});
