import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#shared/kit/clock.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { systemClock } from '../../hosts/clock.ts';
import { status, stream } from '../../providers/testing/server.ts';
import { openaiStream } from '../../providers/testing/streams.ts';
import { Rest, textOf } from './testing/rest.ts';

const sessions = '/api/v2/sessions';
/** The wall clock is so far ahead. */
let ahead: number;
let rest: Rest;
beforeEach(async () => {
  ahead = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
  rest = await Rest.start(clock);
  rest.ai.always((request, response) => {
    const said = request.body.messages!.map(({ content }) => content).join('|');
    return stream(openaiStream([`to ${said.slice(said.lastIndexOf('|') + 1)}`]))(request, response);
  });
});
afterEach(() => rest.close());

const create = (body: object = {}) => rest.json('POST', sessions, { specialist_id: 'telos', id: 'plan', ...body });
const send = (message: string, more: object = {}) =>
  rest.json('POST', `${sessions}/plan/message`, { message, ...more });

it('a session is begun, asked, read, renamed, listed and deleted', async () => {
  const begun = await create({ context_window: 6, metadata: { ticket: 'T-12' } });
  expect(begun).toMatchObject({
    status: 201,
    body: { id: 'plan', specialist_id: 'telos-ai', context_window: 6, metadata: { ticket: 'T-12' }, shared: false },
  });
  const { created_at, expires_at } = begun.body;
  expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(3_600_000);
  ahead += 60_000;
  expect(await send('Any gaps?', { max_tokens: 50, temperature: 0.25 })).toMatchObject({
    status: 200,
    body: {
      response: 'to Any gaps?',
      session_id: 'plan',
      specialist_id: 'telos-ai',
      message_count: 2,
      context_used: 1,
      tokens_used: 8,
      finish_reason: 'stop',
    },
  });
  expect(rest.ai.requests.at(-1)!.body).toMatchObject({ max_tokens: 50, temperature: 0.25 });
  const { body: read } = await rest.json('GET', `${sessions}/plan`);
  expect(read).toMatchObject({ message_count: 2, specialist_id: 'telos-ai', title: 'Any gaps?' });
  expect(read.messages).toMatchObject([
    { role: 'user', content: 'Any gaps?' },
    { role: 'assistant', content: 'to Any gaps?', specialist_id: 'telos-ai', status: 'done' },
  ]);
  expect(Date.parse(read.expires_at)).toBeGreaterThanOrEqual(Date.parse(expires_at) + 60_000);
  expect(await rest.json('PATCH', `${sessions}/plan`, { title: 'Gaps' })).toMatchObject({ body: { title: 'Gaps' } });
  expect((await rest.json('GET', sessions)).body).toMatchObject({
    sessions: [{ id: 'plan', title: 'Gaps' }],
    next: null,
  });
  expect(await rest.json('DELETE', `${sessions}/plan`)).toEqual({
    status: 200,
    body: { status: 'deleted', session_id: 'plan' },
  });
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['PATCH', '', { title: 'x' }],
    ['POST', '/message', { message: 'x' }],
  ] as const)
    expect(await rest.json(method, `${sessions}/plan${path}`, body)).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
});

it('a session without a name of its own gets one that cannot be guessed', async () => {
  const { body } = await rest.json('POST', sessions, { specialist_id: 'apollo-ai' });
  expect(body.id).toMatch(/^sess_[\da-f]{24}$/);
  expect(body).toMatchObject({ context_window: 10, metadata: {} });
});

it('a name is given once, and an unknown specialist begins nothing', async () => {
  await create();
  expect(await create()).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  expect(await create({ id: 'b', specialist_id: 'zeus' })).toMatchObject({ status: 404 });
  expect(await create({ id: 'b', metadata: { choragus: 1 } })).toMatchObject({ status: 400 });
});

it('an AI sees the last exchanges of the window, and a reader the messages of those', async () => {
  await create({ context_window: 2 });
  for (const text of ['one', 'two', 'three']) await send(text);
  const { body } = await send('four');
  expect(body).toMatchObject({ message_count: 8, context_used: 2 });
  const seen = rest.ai.requests.at(-1)!.body.messages!.filter(({ role }) => role !== 'system');
  expect(seen.map(({ content }) => content)).toEqual(['three', 'to three', 'four']);
  const { body: read } = await rest.json('GET', `${sessions}/plan`);
  expect(read.messages.map(({ content }: { content: string }) => content)).toEqual([
    'three',
    'to three',
    'four',
    'to four',
  ]);
});

it('with a window of 0 everything is sent along and read', async () => {
  await create({ context_window: 0 });
  for (let n = 0; n < 12; n++) await send(`say ${n}`);
  const { body } = await rest.json('GET', `${sessions}/plan`);
  expect([body.messages.length, body.message_count]).toEqual([24, 24]);
  expect(rest.ai.requests.at(-1)!.body.messages!.filter(({ role }) => role === 'user')).toHaveLength(12);
});

it('an answer is streamed with the session in each event, and counted at its end', async () => {
  await create();
  const events = await (await rest.events('POST', `${sessions}/plan/message`, { message: 'Hi', stream: true })).rest();
  expect(textOf(events)).toBe('to Hi');
  for (const { data } of events) expect(data.session_id).toBe('plan');
  expect(events.at(-1)!.data).toMatchObject({ type: 'done', tokens_used: 8, message_count: 2, context_used: 1 });
  const inIt = await (
    await rest.events('POST', '/api/v2/ai/telos/stream', { content: 'And?', session_id: 'plan' })
  ).rest();
  expect(inIt.at(-1)!.data).toMatchObject({ type: 'done', session_id: 'plan', message_count: 4, context_used: 2 });
});

it('only a shared session is answered by others, and each answer says by whom', async () => {
  await create();
  const asked = { specialist_id: 'metis-ai' };
  expect(await send('Hi', asked)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } });
  expect(await rest.json('POST', '/api/v2/ai/metis/stream', { content: 'Hi', session_id: 'plan' })).toMatchObject({
    status: 400,
  });
  await rest.json('POST', sessions, { specialist_id: 'telos', id: 'team', shared: true });
  const answers = [];
  for (const more of [{}, asked, {}])
    answers.push(await rest.json('POST', `${sessions}/team/message`, { message: 'Hi', ...more }));
  expect(answers.map(({ body }) => body.specialist_id)).toEqual(['telos-ai', 'metis-ai', 'telos-ai']);
  const { body } = await rest.json('GET', `${sessions}/team`);
  expect(body).toMatchObject({ specialist_id: 'telos-ai', shared: true, metadata: {} });
  expect(body.messages[3]).toMatchObject({ role: 'assistant', specialist_id: 'metis-ai' });
});

it('an hour after the last thing that happened a session takes no more, and says so; it can still be read', async () => {
  await create();
  ahead += 3_000_000;
  await send('Hi');
  ahead += 3_000_000;
  expect(await send('Still there?')).toMatchObject({ status: 200 });
  ahead += 3_700_000;
  for (const stream of [true, false])
    expect(await send('And now?', { stream })).toMatchObject({
      status: 410,
      body: { error: { code: 'SESSION_EXPIRED', details: { session_id: 'plan', expired_at: expect.any(String) } } },
    });
  expect((await rest.json('GET', `${sessions}/plan`)).body.message_count).toBe(4);
});

it('a message while another is answered is refused, leaves nothing waiting, and can be sent again', async () => {
  await create();
  const gate = Promise.withResolvers<void>();
  rest.ai.next(
    stream(openaiStream(['slow']), { gate: gate.promise, pace: (n) => (n === 2 ? gate.promise : Promise.resolve()) }),
  );
  const first = await rest.events('POST', `${sessions}/plan/message`, { message: 'First', stream: true });
  expect((await first.next())!.data.type).toBe('start');
  const request_id = uuidv7(Date.now(), Math.random);
  expect(await send('Second', { request_id })).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  gate.resolve();
  await first.rest();
  expect((await rest.json('GET', `${sessions}/plan`)).body.message_count).toBe(2);
  expect(await send('Second', { request_id })).toMatchObject({ status: 200, body: { request_id, message_count: 4 } });
});

it('a failed answer is told with its turn, and the session goes on', async () => {
  await create();
  rest.ai.next(status(401));
  const { status: code, body } = await send('Hi');
  expect([code, body.error.code]).toEqual([503, 'AI_UNAVAILABLE']);
  expect(await rest.json('GET', `/api/v2/turns/${body.error.details.turn_id}`)).toMatchObject({
    body: { status: 'failed', session_id: 'plan' },
  });
  expect(await send('Again')).toMatchObject({ status: 200, body: { response: 'to Hi\n\nAgain', message_count: 4 } });
});

it('whoever leaves does not end the answer', async () => {
  await create();
  const gate = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  rest.ai.next(async (request, response) => {
    arrived.resolve();
    await gate.promise;
    await stream(openaiStream(['there all along']))(request, response);
  });
  const leaving = new AbortController();
  const asked = fetch(`${rest.url}${sessions}/plan/message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Hi"}',
    signal: leaving.signal,
  });
  await arrived.promise;
  leaving.abort();
  await expect(asked).rejects.toThrow();
  gate.resolve();
  const { body } = await rest.json('GET', `${sessions}/plan`);
  const turn = body.messages[1].turn_id;
  const events = await (await rest.events('GET', `/api/v2/turns/${turn}/stream`)).rest();
  expect(textOf(events)).toBe('there all along');
});

it('a session that is longer than one page is counted and read whole', async () => {
  const history = Array.from({ length: 501 }, (_, n) => ({
    role: n % 2 === 0 ? ('user' as const) : ('assistant' as const),
    text: `say ${n}`,
  }));
  const newId = () => uuidv7(Date.now(), Math.random);
  const to = { specialist: 'telos' };
  await rest.app.client.call('sessions.begin', {
    command: newId(),
    session: 'plan',
    history,
    to,
    made: { by: 'program' },
  });
  const { body } = await rest.json('GET', `${sessions}/plan`);
  expect([body.message_count, body.messages.length, body.context_window]).toEqual([502, 502, 0]);
  expect(body.messages.slice(0, 501).map(({ content }: { content: string }) => content)).toEqual(
    history.map(({ text }) => text),
  );
});

describe('the list', () => {
  it('comes in pages, newest first, without what was asked outside of sessions', async () => {
    await (await rest.events('POST', '/api/v2/ai/apollo/stream', { content: 'alone' })).rest();
    for (let n = 0; n < 5; n++) {
      ahead += 1000;
      await rest.json('POST', sessions, { specialist_id: 'telos', id: `s.${n}`, title: `Session ${n}` });
    }
    const seen: string[] = [];
    let next: string | null = '';
    for (let page = 0; next !== null && page < 5; page++) {
      const asked: string = next === '' ? '' : `&before=${encodeURIComponent(next)}`;
      const { body } = await rest.json('GET', `${sessions}?limit=2${asked}`);
      seen.push(...body.sessions.map(({ id }: { id: string }) => id));
      next = body.next;
    }
    expect(seen).toEqual(['s.4', 's.3', 's.2', 's.1', 's.0']);
  });
});

it('a session that a program began at another door can be read, whatever that program wrote into it', async () => {
  const wrote = [null, 'x', { specialist: 5 }, { specialist: {}, shared: true }, { shared: true }];
  for (const [index, choragus] of wrote.entries()) {
    const session = `foreign-${index}`;
    const made = { by: 'program' as const, lifetimeMs: 3_000_000_000_000, metadata: { choragus, own: 1 } };
    const to = { specialist: 'telos' };
    await rest.app.client.call('sessions.create', { command: uuidv7(Date.now(), Math.random), session, to, made });
    expect(await rest.json('GET', `${sessions}/${session}`)).toMatchObject({
      status: 200,
      body: { specialist_id: 'telos-ai', shared: true, metadata: { own: 1 } },
    });
  }
});

describe('where a session is kept', () => {
  it('is changed and asked for: title, window, folder, tags, archive, trash', async () => {
    await create();
    await create({ id: 'other', specialist_id: 'metis' });
    await send('Hi');
    const changed = { title: 'Plan', context_window: 3, folder: 'Release', tags: ['a', 'b'], pinned: true };
    expect(await rest.json('PATCH', `${sessions}/plan`, changed)).toMatchObject({
      status: 200,
      body: { id: 'plan', ...changed, state: 'active' },
    });
    const found = async (query: string) => {
      const { body } = await rest.json('GET', `${sessions}?${query}`);
      return body.sessions.map(({ id }: { id: string }) => id);
    };
    expect(await found('folder=Release')).toEqual(['plan']);
    expect(await found('tag=b')).toEqual(['plan']);
    expect(await found('tag=c')).toEqual([]);
    expect(await found('specialist_id=telos-ai')).toEqual(['plan']);
    expect(await rest.json('PATCH', `${sessions}/plan`, { state: 'archived' })).toMatchObject({
      body: { state: 'archived', folder: 'Release' },
    });
    expect([await found(''), await found('state=archived')]).toEqual([['other'], ['plan']]);
    await rest.json('PATCH', `${sessions}/plan`, { state: 'trashed' });
    expect([await found('state=trashed'), await found('state=archived')]).toEqual([['plan'], []]);
    await rest.json('PATCH', `${sessions}/plan`, { state: 'active' });
    expect((await found('')).sort()).toEqual(['other', 'plan']);
    expect(await rest.json('PATCH', `${sessions}/plan`, { tags: 5 })).toMatchObject({ status: 400 });
  });

  it('what is pruned is not sent along any more, and stays to be read', async () => {
    await create({ context_window: 0 });
    for (const text of ['one', 'two', 'three']) await send(text);
    expect(await rest.json('POST', `${sessions}/plan/prune`, { keep_recent: 1 })).toMatchObject({
      status: 200,
      body: { session_id: 'plan', kept: 2, left_out: 4 },
    });
    await send('four');
    const seen = rest.ai.requests.at(-1)!.body.messages!.filter(({ role }) => role !== 'system');
    expect(seen.map(({ content }) => content)).toEqual(['three', 'to three', 'four']);
    expect((await rest.json('GET', `${sessions}/plan`)).body.message_count).toBe(8);
    expect(await rest.json('POST', `${sessions}/nobody/prune`, { keep_recent: 1 })).toMatchObject({ status: 404 });
  });
});

it('an exported session is imported as another one with the same words', async () => {
  await create({ title: 'Plan' });
  for (const text of ['one', 'two']) await send(text);
  const { status: code, body: exported } = await rest.json('POST', `${sessions}/plan/export`);
  expect(code).toBe(200);
  const { body: imported } = await rest.json('POST', `${sessions}/import`, exported);
  expect(imported.session_id).not.toBe('plan');
  const words = async (id: string) => {
    const { body } = await rest.json('GET', `${sessions}/${id}`);
    return [body.title, body.messages.map(({ content }: { content: string }) => content)];
  };
  expect(await words(imported.session_id)).toEqual(await words('plan'));
  expect(await rest.json('POST', `${sessions}/import`, { version: 1 })).toMatchObject({ status: 400 });
  expect(await rest.json('POST', `${sessions}/nobody/export`)).toMatchObject({ status: 404 });
});
