import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderKind } from '#shared/domain/providers.ts';
import type { FinishReason } from '#shared/domain/things.ts';
import type { ProviderPart, ProviderRefusal } from './provider.ts';
import { collect, expectOrder, request, textOf } from './testing/collect.ts';
import { make, never } from './testing/make.ts';

/** What is particular to a server that others wrote, where it speaks a dialect. */
export interface ForeignSpec {
  kind: ProviderKind;
  /** As the title calls it. */
  dialect: string;
  /** Where the dialect lies at the server. */
  path: string;
  /** The reason to finish that it gives after tool calls. */
  afterTools: FinishReason;
  /** Whether it has a list of models in this dialect. */
  lists: boolean;
}

const torn = 'This answer will be cut off before it comes to its end.';
const thoughtOf = (parts: readonly ProviderPart[]) =>
  parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');

/** One suite for every dialect that aimock speaks: our reading of the documentation against somebody else's. */
export function foreign({ kind, dialect, path, afterTools, lists }: ForeignSpec) {
  describe(`a foreign server in the dialect of ${dialect}`, () => {
    const mock = new LLMock({ port: 0, logLevel: 'silent' });
    let baseUrl: string;
    beforeAll(async () => {
      const slow = { type: 'rate_limit_error', message: 'Slow down.' };
      const cut = { chunkSize: 4, truncateAfterChunks: 10, streamingProfile: { ttft: 5, tps: 200 } };
      mock.onMessage('hello', { content: 'Hello, world.', reasoning: 'They greet.' }, { chunkSize: 4 });
      mock.onMessage('limit', { error: slow, status: 429, retryAfter: 7 });
      mock.onMessage('cut', { content: torn }, cut);
      mock.onMessage('tool', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Zürich"}' }] });
      baseUrl = `${await mock.start()}${path}`;
    });
    afterAll(() => mock.stop());

    const ask = (text: string, stream = true) =>
      collect(make(kind, baseUrl), request({ messages: [{ role: 'user', text }], stream }), never());

    it.each([
      ['streams an answer', true],
      ['gives a whole answer', false],
    ])('%s, reasoning apart', async (_, stream) => {
      const { parts, error } = await ask('hello', stream);
      expect(error).toBeUndefined();
      expectOrder(parts);
      expect(parts[0]).toEqual(stream ? { type: 'start' } : { type: 'start', buffered: true });
      expect([thoughtOf(parts), textOf(parts)]).toEqual(['They greet.', 'Hello, world.']);
      expect(parts.filter(({ type }) => type === 'delta')).toHaveLength(stream ? 4 : 1);
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    });

    it('calls tools', async () => {
      const { parts } = await ask('tool');
      const call = { type: 'tool-call', id: expect.any(String), name: 'get_weather', input: '{"city":"Zürich"}' };
      expect(parts).toContainEqual(call);
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: afterTools });
    });

    it('limits the rate', async () => {
      const { problem, retryAfterMs } = (await ask('limit')).error as ProviderRefusal;
      expect([problem.code, retryAfterMs]).toEqual(['PROVIDER_RATE_LIMITED', 7000]);
    });

    it('breaks off', async () => {
      const { parts, error } = await ask('cut');
      expect(error).toBeUndefined();
      expectOrder(parts);
      const text = textOf(parts);
      expect(text).not.toBe('');
      expect(text).toBe(torn.slice(0, text.length));
      expect(parts.at(-1)).toMatchObject({ type: 'error', problem: { code: 'PROVIDER_BROKE_OFF' } });
    });

    if (lists)
      it('lists its models', async () => {
        expect((await make(kind, baseUrl).models(never())).length).toBeGreaterThan(0);
      });
  });
}
