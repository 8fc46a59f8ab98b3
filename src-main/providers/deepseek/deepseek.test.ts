import { describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import { fixture, readAs } from '../testing/reading.ts';
import { chatList, chatSaid, openaiError, openaiStream, openaiWhole } from '../testing/streams.ts';

suite({
  kind: 'deepseek',
  path: '/v1/chat/completions',
  keyHeader: ['authorization', (key) => `Bearer ${key}`],
  stream: openaiStream,
  leading: 1,
  trailing: 2,
  whole: openaiWhole,
  error: openaiError,
  said: chatSaid,
  list: chatList,
});

describe('chunks of DeepSeek', () => {
  const read = async (name: string) => (await readAs('deepseek', [fixture(`deepseek/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after some thought', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: 'Nine is' },
      { type: 'reasoning', text: ' more.' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 18, output: 12, reasoning: 5 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a tool call, put together from its pieces', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: 'call_00_a', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'usage', usage: { input: 18, output: 12, reasoning: 5 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });
});
