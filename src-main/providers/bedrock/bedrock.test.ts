import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { suite } from '../provider.suite.ts';
import type { ProviderRefusal } from '../provider.ts';
import { bearer, byPackage } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import { fixture, readAs } from '../testing/reading.ts';
import { bedrockError, bedrockStream, bedrockWhole, frame } from '../testing/streams.ts';

suite({
  kind: 'bedrock',
  path: '/v1/model/test-model/converse-stream',
  keyHeader: bearer,
  stream: bedrockStream,
  leading: 1,
  trailing: 1,
  whole: bedrockWhole,
  error: bedrockError,
  said: ({ messages = [] }) => messages.map(({ content }) => (content as unknown as { text: string }[])[0]?.text),
  list: () => undefined,
  cannot: { ...byPackage, list: 'its models are named by hand', context: 'its models are named by hand' },
});

describe('frames of Bedrock', () => {
  const framesIn = (file: Buffer) =>
    file
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => frame(line.slice(0, line.indexOf(' ')), JSON.parse(line.slice(line.indexOf(' ')))));

  reads(
    'bedrock',
    {
      'an answer after some thought': {
        file: 'bedrock/fixtures/answer.txt',
        reasoning: ['Nine is', ' more.'],
        text: ['Grüße', ', “你好” 🙂'],
        usage: { input: 51, output: 94 },
        finish: 'stop',
      },
      'a tool call, put together from its pieces': {
        file: 'bedrock/fixtures/tool-use.txt',
        calls: [{ id: 'tooluse_kZJM', name: 'get_weather', input: '{"location":"Zürich"}' }],
        usage: { input: 20, output: 9 },
        finish: 'tool-calls',
      },
    },
    framesIn,
  );

  it.each([
    ['throttlingException', 'PROVIDER_RATE_LIMITED', true],
    ['modelStreamErrorException', 'PROVIDER_FAILED', true],
    ['validationException', 'PROVIDER_FAILED', false],
  ])('tell %s as %s', async (type, code, retryable) => {
    const { error } = await readAs('bedrock', [frame(type, { message: 'No.' }, 'exception')]);
    expect(error).toMatchObject({ problem: { code, message: 'Test Service reported an error: No.' }, retryable });
  });

  it('are garbled when one bit of them is wrong, wherever it is', async () => {
    const [first, ...rest] = framesIn(fixture('bedrock/fixtures/answer.txt'));
    await fc.assert(
      fc.asyncProperty(fc.nat(first!.length - 1), fc.nat(7), async (byte, bit) => {
        const damaged = Buffer.from(first!);
        damaged[byte]! ^= 1 << bit;
        const { parts, error } = await readAs('bedrock', [damaged, ...rest]);
        expect(parts).toEqual([]);
        expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_GARBLED');
      }),
    );
  });
});

describe('Bedrock', () => {
  it('has the models that are named by hand, and says so when there are none', async () => {
    expect(await make('bedrock', 'http://127.0.0.1', { models: ['amazon.nova-lite-v1:0'] }).models(never())).toEqual([
      { id: 'amazon.nova-lite-v1:0' },
    ]);
    const refused = await make('bedrock', 'http://127.0.0.1')
      .models(never())
      .catch((error: ProviderRefusal) => error.problem);
    expect(refused).toMatchObject({ code: 'PROVIDER_REFUSED', next: 'Name its models by hand.' });
  });
});
