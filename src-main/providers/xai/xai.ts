import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { bearer, trimmed } from '../ai-sdk/listings.ts';
import { responsesWire } from '../ai-sdk/wire.ts';
import { modelInfo, someOf } from '../model-info.ts';

/** xAI's Grok models, by responses. Nothing is to be stored there. */
export const xai: Sdk = {
  wire: responsesWire,
  root: trimmed,
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createXai } = await import('@ai-sdk/xai');
    return createXai(settings).responses(id);
  },
  optionsFor: () => ({ xai: { store: false } }),
  listing: {
    headers: bearer,
    // Tells more than /models, and only models of language.
    models: (baseUrl) => `${trimmed(baseUrl)}/language-models`,
    readModels,
  },
};

const words = z.array(z.string()).optional().catch(undefined);
const ModelList = z.object({ models: z.array(z.object({ id: z.string().min(1).max(300), input_modalities: words })) });

function readModels(json: unknown): ModelInfo[] | undefined {
  return ModelList.safeParse(json).data?.models.map(({ id, input_modalities: takes }) =>
    modelInfo(id, { features: someOf({ vision: takes?.includes('image'), audio: takes?.includes('audio') }) }),
  );
}
