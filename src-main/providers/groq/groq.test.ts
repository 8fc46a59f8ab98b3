import { describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import { fixture, listAs, readAs } from '../testing/reading.ts';
import { chatList, chatSaid, groqStream, openaiError, openaiWhole } from '../testing/streams.ts';

suite({
  kind: 'groq',
  path: '/v1/chat/completions',
  keyHeader: ['authorization', (key) => `Bearer ${key}`],
  stream: groqStream,
  leading: 1,
  trailing: 2,
  whole: openaiWhole,
  error: openaiError,
  said: chatSaid,
  list: chatList,
});

describe('chunks of Groq', () => {
  const read = async (name: string) => (await readAs('groq', [fixture(`groq/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after some thought', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: 'Nine is' },
      { type: 'reasoning', text: ' more.' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 17, output: 11, reasoning: 4 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a tool call', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: 'tk85n1k4m', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'usage', usage: { input: 17, output: 11, reasoning: 4 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('come from models that are listed with context and longest answer', async () => {
    const list = [{ id: 'openai/gpt-oss-20b', active: true, context_window: 131_072, max_completion_tokens: 65_536 }];
    expect(await listAs('groq', { object: 'list', data: list })).toEqual([
      { id: 'openai/gpt-oss-20b', contextWindow: 131_072, maxOutput: 65_536 },
    ]);
  });
});
