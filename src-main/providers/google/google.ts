import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import { isRecord } from '#shared/kit/record.ts';
import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { googleWire } from '../ai-sdk/wire.ts';
import { modelInfo, someOf } from '../model-info.ts';

/** Google's Gemini models. */
export const google: Sdk = {
  wire: googleWire,
  root,
  keyHeader: 'x-goog-api-key',
  async model(settings, id) {
    const { createGoogle } = await import('@ai-sdk/google');
    return createGoogle(settings).languageModel(id);
  },
  optionsFor: (model) => (thinks.test(model) ? { google: { thinkingConfig: { includeThoughts: true } } } : {}),
  without(body, complaint) {
    const { generationConfig: config } = body;
    if (!isRecord(config) || config.thinkingConfig === undefined || !/thinking|thoughts/i.test(complaint))
      return undefined;
    const { thinkingConfig: _, ...rest } = config;
    return { ...body, generationConfig: rest };
  },
  embeddings: {
    most: 100,
    url: (baseUrl, model) => `${root(baseUrl)}/models/${encodeURIComponent(model)}:batchEmbedContents`,
    body: ({ model, texts, dimensions }) => ({
      requests: texts.map((text) => ({
        model: `models/${model}`,
        content: { parts: [{ text }] },
        ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
      })),
    }),
    read(json) {
      const list = EmbeddingList.safeParse(json).data;
      return list && { vectors: list.embeddings.map(({ values }) => values), tokens: undefined };
    },
  },
  listing: {
    headers: (key): Record<string, string> => (key === undefined ? {} : { 'x-goog-api-key': key }),
    models: (baseUrl) => `${root(baseUrl)}/models?pageSize=1000`,
    readModels,
  },
};

/** Those before refuse to be asked for their thoughts. */
const thinks = /gemini-(2\.5|[3-9]|\d\d)/;

/** The version belongs to the address; people leave it out, or paste the address of the list. */
function root(baseUrl: string): string {
  const trimmed = baseUrl.replace(/\/+$/, '').replace(/\/models$/, '');
  return /^https?:\/\/[^/]+$/.test(trimmed) ? `${trimmed}/v1beta` : trimmed;
}

const EmbeddingList = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()) })) });

const count = z.number().positive().optional().catch(undefined);
const ModelList = z.object({
  models: z.array(
    z.object({
      name: z.string().min(1).max(300),
      inputTokenLimit: count,
      outputTokenLimit: count,
      supportedGenerationMethods: z.array(z.string()).optional().catch(undefined),
      thinking: z.boolean().optional().catch(undefined),
    }),
  ),
});

function readModels(json: unknown): ModelInfo[] | undefined {
  return ModelList.safeParse(json)
    .data?.models.filter(({ supportedGenerationMethods: can }) => can?.includes('generateContent') !== false)
    .map(({ name, inputTokenLimit, outputTokenLimit, thinking }) =>
      modelInfo(name.replace(/^models\//, ''), {
        contextWindow: inputTokenLimit,
        maxOutput: outputTokenLimit,
        features: someOf({ reasoning: thinking }),
      }),
    );
}
