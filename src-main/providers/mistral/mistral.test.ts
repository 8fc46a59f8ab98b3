import { describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import { fixture, listAs, readAs } from '../testing/reading.ts';
import { chatList, chatSaid, mistralStream, openaiError, openaiWhole } from '../testing/streams.ts';

suite({
  kind: 'mistral',
  path: '/v1/chat/completions',
  keyHeader: ['authorization', (key) => `Bearer ${key}`],
  stream: mistralStream,
  leading: 1,
  trailing: 1,
  whole: openaiWhole,
  error: openaiError,
  said: chatSaid,
  list: chatList,
});

describe('chunks of Mistral', () => {
  const read = async (name: string) => (await readAs('mistral', [fixture(`mistral/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after some thought', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: 'Nine is' },
      { type: 'reasoning', text: ' more.' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 13, output: 8 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a tool call', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: '9rE2vXkQ1', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'usage', usage: { input: 13, output: 8 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('come from models that are listed with context and features, those that chat', async () => {
    const capabilities = { completion_chat: true, function_calling: true, vision: false, fine_tuning: false };
    const list = [
      { id: 'mistral-large-latest', capabilities, max_context_length: 131_072, aliases: [] },
      { id: 'mistral-embed', capabilities: { ...capabilities, completion_chat: false }, max_context_length: 8192 },
    ];
    expect(await listAs('mistral', { object: 'list', data: list })).toEqual([
      { id: 'mistral-large-latest', contextWindow: 131_072, features: ['tools'] },
    ]);
  });
});
