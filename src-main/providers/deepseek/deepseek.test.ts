import { describe } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { suite } from '../provider.suite.ts';
import { byPackage, chatCompletions } from '../testing/dialects.ts';

suite({ ...chatCompletions, kind: 'deepseek', cannot: byPackage });

describe('chunks of DeepSeek', () => {
  reads('deepseek', {
    'an answer after some thought': {
      file: 'deepseek/fixtures/answer.txt',
      reasoning: ['Nine is', ' more.'],
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 18, output: 12, reasoning: 5 },
      finish: 'stop',
    },
    'a tool call, put together from its pieces': {
      file: 'deepseek/fixtures/tool-call.txt',
      calls: [{ id: 'call_00_a', name: 'get_weather', input: '{"location":"Zürich"}' }],
      usage: { input: 18, output: 12, reasoning: 5 },
      finish: 'tool-calls',
    },
  });
});
