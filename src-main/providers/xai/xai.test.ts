import { describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import { fixture, listAs, readAs } from '../testing/reading.ts';
import { responsesError, responsesSaid, responsesStream, responsesWhole } from '../testing/streams.ts';

suite({
  kind: 'xai',
  path: '/v1/responses',
  keyHeader: ['authorization', (key) => `Bearer ${key}`],
  stream: responsesStream,
  leading: 3,
  trailing: 0,
  whole: responsesWhole,
  error: responsesError,
  said: responsesSaid,
  list: (models) => ({ models: models.map(({ id }) => ({ id, object: 'model', input_modalities: ['text'] })) }),
  cannot: {
    'late figures': 'its finish has them, and is its end',
    context: 'it does not tell',
  },
});

describe('events of xAI', () => {
  const read = async (name: string) => (await readAs('xai', [fixture(`xai/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after some thought', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: 'Nine is' },
      { type: 'reasoning', text: ' more.' },
      { type: 'delta', text: '9.11' },
      { type: 'delta', text: ' is less. 🙂' },
      { type: 'usage', usage: { input: 216, output: 30, reasoning: 24 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a tool call', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: 'call_oPiI0xSR', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'usage', usage: { input: 20, output: 9 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
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
