import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, startTestServer, type TestServer } from '../../providers/testing/server.ts';
import { type Composed, composed } from '../../testing/composed.ts';
import { anthropicArea } from '../anthropic/area.ts';
import type { AreaContext } from '../area.ts';
import { openAiArea } from '../openai/area.ts';
import { serveAreas } from './area-harness.ts';

export interface Dialects extends Composed {
  /** Without a slash at the end. */
  url: string;
  /** The AI service behind the provider `up`, whose only model is `m`. It has no other requests than `next` ones. */
  upstream: TestServer;
}

/**
 * The dialects of other makers before a whole app with two providers: `sim`, the simulator at full speed, and `up`, which
 * speaks chat completions to a server that does what it is told. Apollo works with `sim/steady`. Nothing is asked twice.
 */
export async function serveDialects(context: Partial<AreaContext> = {}): Promise<Dialects> {
  const dir = mkdtempSync(join(tmpdir(), 'choragus-dialects-'));
  const upstream = await startTestServer();
  upstream.always(json({ error: { message: 'Nothing was told what to do.' } }, 400));
  const app = await composed(dir, {
    config: {
      localServices: false,
      providers: [
        { id: 'sim', kind: 'simulator', options: { rate: 1_000_000, firstTokenMs: 0, tokens: 12, breakAfter: 4 } },
        { id: 'up', kind: 'openai-compatible', baseUrl: `${upstream.url}/v1`, models: ['m'] },
      ],
      specialists: { apollo: { provider: 'sim', model: 'steady', persona: 'You are Apollo.' } },
      limits: { retries: 0 },
    },
  });
  const served = await serveAreas([anthropicArea, openAiArea], { choragus: app.choragus, ...context });
  return {
    ...app,
    url: served.url,
    upstream,
    async close() {
      await served.close();
      await app.close();
      await upstream.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** What a chat completions server streams when a model calls a tool. */
export function toolCallStream(name: string, input: string): string[] {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const half = Math.floor(input.length / 2);
  const piece = (args: string, start: object = {}) => ({
    tool_calls: [{ index: 0, ...start, function: { ...('id' in start ? { name } : {}), arguments: args } }],
  });
  return [
    chunk({ role: 'assistant', content: null }),
    chunk(piece('', { id: 'call_1', type: 'function' })),
    chunk(piece(input.slice(0, half))),
    chunk(piece(input.slice(half))),
    chunk({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ];
}
