import { expect, it } from 'vitest';
import { MAX_FRAME } from '../../contract/contract.ts';
import { Problem, problems } from '../../domain/problem.ts';
import { INITIAL_CREDIT, MAX_BATCH } from '../messages.ts';
import { journal } from './journal.ts';
import type { Rig } from './rig.ts';
import { speaker } from './speaker.ts';

export function messageCases(rig: () => Rig): void {
  async function greeted() {
    const pair = await rig().accept();
    const talk = speaker(pair.client);
    await talk.hello();
    return { ...talk, pair };
  }
  const add = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'add', params: { left: 1, right: 1 } });

  const invalid = problems.INVALID_REQUEST.rpc;
  const cases: [what: string, frame: string, id: unknown, code: number][] = [
    ['what is not JSON', '{"jsonrpc":', null, problems.PARSE.rpc],
    ['an empty frame', '', null, problems.PARSE.rpc],
    ['an empty batch', '[]', null, invalid],
    ['a batch in a batch', '[[{"jsonrpc":"2.0","id":1,"method":"add"}]]', null, invalid],
    ['a bare number', '5', null, invalid],
    ['a bare null', 'null', null, invalid],
    ['an object that is no message', '{"hello":"world"}', null, invalid],
    ['a message of another protocol', '{"jsonrpc":"1.0","id":7,"method":"add"}', 7, invalid],
    ['a method that is no text', '{"jsonrpc":"2.0","id":7,"method":5}', 7, invalid],
    ['an id that is no id', '{"jsonrpc":"2.0","id":{},"method":"add"}', null, invalid],
    ['an endless id', `{"jsonrpc":"2.0","id":"${'x'.repeat(101)}","method":"add"}`, null, invalid],
    ['an unknown method', '{"jsonrpc":"2.0","id":7,"method":"fly"}', 7, problems.UNKNOWN_METHOD.rpc],
    ['an inherited method', '{"jsonrpc":"2.0","id":7,"method":"constructor"}', 7, problems.UNKNOWN_METHOD.rpc],
    [
      'a credit asked as a request',
      '{"jsonrpc":"2.0","id":7,"method":"stream.credit"}',
      7,
      problems.UNKNOWN_METHOD.rpc,
    ],
    ['missing params', '{"jsonrpc":"2.0","id":7,"method":"add"}', 7, problems.INVALID_PARAMS.rpc],
    ['params in a list', '{"jsonrpc":"2.0","id":"x","method":"add","params":[1,1]}', 'x', problems.INVALID_PARAMS.rpc],
    [
      'a second hello',
      '{"jsonrpc":"2.0","id":7,"method":"server.hello","params":{"protocol":1,"client":{"name":"x","version":"1"}}}',
      7,
      invalid,
    ],
    ['a frame over the limit', `"${'x'.repeat(MAX_FRAME)}"`, null, problems.FRAME_TOO_LARGE.rpc],
  ];
  it.each(cases)('answers %s with a clear error, and goes on', async (_what, frame, id, code) => {
    const { pair, answer, say } = await greeted();
    pair.toServer(frame);
    const { error } = await answer(id);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/\.$/), data: { next: expect.any(String) } });
    expect((await say('after', 'add', { left: 1, right: 1 })).result).toEqual({ sum: 2 });
  });

  it('answers a binary frame with a clear error, and goes on', async () => {
    const { pair, answer, say } = await greeted();
    pair.toServer(new Uint8Array([1, 2, 3]));
    expect((await answer(null)).error).toMatchObject({ code: problems.PARSE.rpc });
    expect((await say('after', 'add', { left: 1, right: 1 })).result).toEqual({ sum: 2 });
  });

  it('answers neither responses nor notifications, so that no two ends can talk nonsense forever', async () => {
    const { heard, send, say } = await greeted();
    send(
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'What?' } },
      { error: 'What?' },
      { jsonrpc: '2.0', method: 'fly' },
      { jsonrpc: '2.0', method: 'add', params: { left: 1, right: 1 } },
      { jsonrpc: '2.0', method: 'stream.cancel', params: { id: 99 } },
      { jsonrpc: '2.0', method: 'stream.credit', params: { id: 99, n: 5 } },
      { jsonrpc: '2.0', method: 'stream.credit', params: 'much' },
    );
    await say('after', 'add', { left: 1, right: 1 });
    expect(heard.entries.map(({ id }) => id)).toEqual(['hello', 'after']);
  });

  it('reads a batch of the most messages, and none of a larger one', async () => {
    const { heard, send, answer, pair } = await greeted();
    send(...Array.from({ length: MAX_BATCH }, (_, id) => add(id)));
    await heard.until((all) => all.length === 1 + MAX_BATCH);
    pair.toServer(JSON.stringify(Array.from({ length: MAX_BATCH + 1 }, (_, i) => add(`too many ${i}`))));
    expect((await answer(null)).error).toMatchObject({
      code: problems.INVALID_REQUEST.rpc,
      message: expect.stringContaining(`${MAX_BATCH}`),
    });
    expect(heard.entries.filter(({ id }) => String(id).startsWith('too many'))).toEqual([]);
  });

  it('reads the good messages of a batch beside the bad ones', async () => {
    const { answer, pair } = await greeted();
    pair.toServer(JSON.stringify([add('first'), 5, add('last')]));
    expect((await answer('first')).result).toEqual({ sum: 2 });
    expect((await answer(null)).error).toMatchObject({ code: problems.INVALID_REQUEST.rpc });
    expect((await answer('last')).result).toEqual({ sum: 2 });
  });

  it('refuses everything before the hello, and a hello of another protocol', async () => {
    const { client } = await rig().accept();
    const talk = speaker(client);
    for (const method of ['add', 'numbers', 'server.ping'])
      expect((await talk.say(method, method)).error).toMatchObject({
        code: problems.INVALID_REQUEST.rpc,
        data: { next: 'Call server.hello first.' },
      });
    const hello = { protocol: 999, client: { name: 'future', version: '9' } };
    expect((await talk.say('future', 'server.hello', hello)).error).toMatchObject({
      data: { code: 'UNSUPPORTED', next: 'Update Choragus.' },
    });
    expect((await talk.hello()).result).toMatchObject({
      protocol: 1,
      heartbeatMs: 15_000,
      limits: { frame: MAX_FRAME },
    });
    expect(rig().peer.context.client).toEqual({ name: 'speaker', version: '1' });
    expect((await talk.say('ping', 'server.ping')).result).toEqual({});
  });

  it('refuses an id that is in use, by a call as by a stream', async () => {
    const { say, heard, send } = await greeted();
    send({ jsonrpc: '2.0', id: 'call', method: 'wait', params: { name: 'x' } });
    await rig().waiting.until((all) => all.length === 1);
    expect((await say('call', 'add', {})).error).toMatchObject({
      message: expect.stringContaining('"call" is in use'),
    });
    await say(5, 'numbers', { after: 0 });
    send(add(5));
    await heard.until((all) => all.some(({ id, error }) => id === 5 && error?.code === problems.INVALID_REQUEST.rpc));
    rig().numbers.grow(1);
    await heard.until((all) => all.some(({ method, params }) => method === 'stream.items' && params?.id === 5));
    expect(rig().numbers.opened).toBe(1);
  });

  it('keeps a stream whose id had belonged to one that was left while it opened', async () => {
    const { say, send, heard } = await greeted();
    const refuse = journal<() => void>();
    const { numbers } = rig().handlers.streams;
    rig().handlers.streams.numbers = () =>
      new Promise((_, reject) => refuse.add(() => reject(new Problem('NOT_FOUND', 'Too late.'))));
    send({ jsonrpc: '2.0', id: 5, method: 'numbers', params: { after: 0 } });
    const [late] = await refuse.until((all) => all.length === 1);
    rig().handlers.streams.numbers = numbers;
    send({ jsonrpc: '2.0', method: 'stream.cancel', params: { id: 5 } });
    await say(5, 'numbers', { after: 0 });
    late!();
    await say(6, 'add', { left: 1, right: 1 });
    expect(rig().peer.streams).toBe(1);
    expect(heard.entries.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('sends no item beyond the credit, and goes on when it is given more', async () => {
    const { say, heard, send } = await greeted();
    rig().numbers.grow(1000);
    await say(1, 'numbers', { after: 0 });
    const items = () => heard.entries.flatMap(({ params }) => params?.items ?? []).length;
    await heard.until(() => items() === INITIAL_CREDIT);
    for (const n of [0, -5, 1.5, 'all', null]) send({ jsonrpc: '2.0', method: 'stream.credit', params: { id: 1, n } });
    await say(2, 'add', { left: 1, right: 1 });
    expect(items()).toBe(INITIAL_CREDIT);
    send({ jsonrpc: '2.0', method: 'stream.credit', params: { id: 1, n: 10 } });
    await heard.until(() => items() === INITIAL_CREDIT + 10);
    send({ jsonrpc: '2.0', method: 'stream.cancel', params: { id: 1 } });
    await rig().numbers.closes.until((all) => all.length === 1);
    await say(3, 'add', { left: 1, right: 1 });
    expect(items()).toBe(INITIAL_CREDIT + 10);
  });
}
