import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { suite } from '../provider.suite.ts';
import { responses } from '../testing/dialects.ts';
import { listAs } from '../testing/reading.ts';

suite({
  ...responses,
  kind: 'xai',
  list: (models) => ({ models: models.map(({ id }) => ({ id, object: 'model', input_modalities: ['text'] })) }),
  cannot: { ...responses.cannot, context: 'it does not tell' },
});

describe('events of xAI', () => {
  reads('xai', {
    'an answer after some thought': {
      file: 'xai/fixtures/answer.txt',
      reasoning: ['Nine is', ' more.'],
      text: ['9.11', ' is less. 🙂'],
      usage: { input: 216, output: 30, reasoning: 24 },
      finish: 'stop',
    },
    'a tool call': {
      file: 'xai/fixtures/tool-call.txt',
      calls: [{ id: 'call_oPiI0xSR', name: 'get_weather', input: '{"location":"Zürich"}' }],
      usage: { input: 20, output: 9 },
      finish: 'tool-calls',
    },
  });

  it('come from models that are listed with what they take', async () => {
    const list = [
      { id: 'grok-4', input_modalities: ['text', 'image'], output_modalities: ['text'] },
      { id: 'grok-code-fast-1', input_modalities: ['text'], output_modalities: ['text'] },
    ];
    expect(await listAs('xai', { models: list })).toEqual([
      { id: 'grok-4', features: ['vision'] },
      { id: 'grok-code-fast-1' },
    ]);
  });
});
