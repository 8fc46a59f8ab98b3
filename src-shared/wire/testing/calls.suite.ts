import { expect, it } from 'vitest';
import { MAX_FRAME } from '../../contract/contract.ts';
import { countedIds } from '../../kit/testing/ids.ts';
import { recorded } from './pipes.ts';
import type { Rig } from './rig.ts';

export function callCases(rig: () => Rig): void {
  it('answers with the result, whatever JSON it is', async () => {
    const client = await rig().connected();
    const value = { text: 'ünï\u0000cödé 🎭 \ud800', list: [1, null, { deep: [true] }], none: null };
    expect(await client.call('echo', { value })).toEqual({ value: JSON.parse(JSON.stringify(value)) });
    expect(await client.call('add', { left: 2, right: 3 })).toEqual({ sum: 5 });
  });

  it('answers each call by itself, in whatever order the answers come', async () => {
    const client = await rig().connected();
    const first = client.call('wait', { name: 'first' });
    const second = client.call('wait', { name: 'second' });
    const [a, b] = await rig().waiting.until((all) => all.length === 2);
    b!.answer();
    expect(await second).toEqual({ name: 'second' });
    a!.answer();
    expect(await first).toEqual({ name: 'first' });
  });

  it('rejects with the problem of the handler: code, message and what to do next', async () => {
    const client = await rig().connected();
    await expect(client.call('refuse', {})).rejects.toMatchObject({
      name: 'Problem',
      code: 'BUSY',
      message: 'A turn is running.',
      next: 'Stop it first.',
    });
  });

  it('tells a bug as INTERNAL, its details to the log alone', async () => {
    const client = await rig().connected();
    const problem = await client.call('crash', {}).catch((error: Error) => error);
    expect(problem).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(rig().logged).toEqual(['A request failed.']);
  });

  it('names the place of a wrong parameter, not what stood there', async () => {
    const client = await rig().connected();
    await expect(client.call('add', { left: 1, right: 'secret' as never })).rejects.toMatchObject({
      code: 'INVALID_PARAMS',
      message: expect.stringMatching(/^add: params\.right: (?!.*secret)/),
      next: expect.any(String),
    });
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
  });

  it('rejects an answer that is not what the contract says', async () => {
    const client = await rig().connected();
    await expect(client.call('lie', {})).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('result.truth'),
    });
  });

  it('asks and answers in one message what came up in one turn of the event loop', async () => {
    const asked: unknown[][] = [];
    const answered: unknown[][] = [];
    rig().clientSide = (pipe) => recorded(pipe, asked);
    rig().serverSide = (pipe) => recorded(pipe, answered);
    const client = await rig().connected();
    await Promise.all(Array.from({ length: 50 }, (_, left) => client.call('add', { left, right: 1 })));
    expect(asked.map((batch) => batch.length)).toEqual([1, 50]);
    expect(answered.map((batch) => batch.length)).toEqual([1, 50]);
  });

  it('never sends what is over the frame limit, and says so to who asked', async () => {
    const client = await rig().connected();
    const tooLarge = { code: 'FRAME_TOO_LARGE', message: expect.stringContaining(`${MAX_FRAME} bytes`) };
    await expect(client.call('echo', { value: 'x'.repeat(MAX_FRAME) })).rejects.toMatchObject(tooLarge);
    rig().handlers.calls.echo = async () => ({ value: 'é'.repeat(MAX_FRAME / 2) });
    await expect(client.call('echo', { value: 1 })).rejects.toMatchObject(tooLarge);
    rig().handlers.calls.echo = async () => ({ value: 1n });
    await expect(client.call('echo', { value: 1 })).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
  });

  it('carries many large answers, in several frames where one is too small', async () => {
    const client = await rig().connected();
    const values = Array.from({ length: 12 }, (_, i) => `${i}${'ß\u0001'.repeat(60_000)}`);
    const answers = await Promise.all(values.map((value) => client.call('echo', { value })));
    expect(answers.map(({ value }) => value)).toEqual(values);
  });

  it('refuses more calls at once than its limit, and takes new ones when there is room', async () => {
    rig().limits = { maxCalls: 2 };
    const client = await rig().connected();
    const running = ['a', 'b'].map((name) => client.call('wait', { name }));
    await expect(client.call('wait', { name: 'c' })).rejects.toMatchObject({ code: 'LIMIT' });
    for (const { answer } of await rig().waiting.until((all) => all.length === 2)) answer();
    await Promise.all(running);
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    expect(rig().peer.calls).toBe(0);
  });

  it('gives up on time, or when asked to, and skips the late answer', async () => {
    const client = await rig().connected();
    const stop = new AbortController();
    const timed = client.call('wait', { name: 'timed' }, { timeoutMs: 500 });
    const stopped = client.call('wait', { name: 'stopped' }, { signal: stop.signal });
    const waiting = await rig().waiting.until((all) => all.length === 2);
    rig().clock.advance(500);
    await expect(timed).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('500 ms') });
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'STOPPED' });
    await expect(client.call('echo', { value: 1 }, { signal: stop.signal })).rejects.toMatchObject({ code: 'STOPPED' });
    for (const { answer } of waiting) answer();
    expect(await client.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
  });

  it('waits for the connection, then asks in order', async () => {
    const client = rig().client();
    const newId = countedIds();
    const sums = Promise.all([1, 2, 3].map((i) => client.call('note', { command: newId(), text: `${i}` })));
    expect(client.state.kind).toBe('connecting');
    await sums;
    expect(rig().notes.entries.map(({ text }) => text)).toEqual(['1', '2', '3']);
  });
}
