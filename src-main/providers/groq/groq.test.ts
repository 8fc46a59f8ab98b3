import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { suite } from '../provider.suite.ts';
import { byPackage, chatCompletions } from '../testing/dialects.ts';
import { listAs } from '../testing/reading.ts';
import { groqStream } from '../testing/streams.ts';

suite({ ...chatCompletions, kind: 'groq', cannot: byPackage, stream: groqStream });

describe('chunks of Groq', () => {
  reads('groq', {
    'an answer after some thought': {
      file: 'groq/fixtures/answer.txt',
      reasoning: ['Nine is', ' more.'],
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 17, output: 11, reasoning: 4 },
      finish: 'stop',
    },
    'a tool call': {
      file: 'groq/fixtures/tool-call.txt',
      calls: [{ id: 'tk85n1k4m', name: 'get_weather', input: '{"location":"Zürich"}' }],
      usage: { input: 17, output: 11, reasoning: 4 },
      finish: 'tool-calls',
    },
  });

  it('come from models that are listed with context and longest answer', async () => {
    const list = [{ id: 'openai/gpt-oss-20b', active: true, context_window: 131_072, max_completion_tokens: 65_536 }];
    expect(await listAs('groq', { object: 'list', data: list })).toEqual([
      { id: 'openai/gpt-oss-20b', contextWindow: 131_072, maxOutput: 65_536 },
    ]);
  });
});
