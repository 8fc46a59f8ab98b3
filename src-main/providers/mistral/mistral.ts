import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { openaiListing, trimmed } from '../ai-sdk/listings.ts';
import { chatWire } from '../ai-sdk/wire.ts';
import { openaiEmbeddings } from '../openai/embeddings.ts';

/** Mistral's chat completions. */
export const mistral: Sdk = {
  wire: chatWire,
  root: trimmed,
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createMistral } = await import('@ai-sdk/mistral');
    return createMistral(settings).chat(id);
  },
  parallel: 'mistral',
  embeddings: openaiEmbeddings(trimmed, { length: 'output_dimension', most: 32 }),
  listing: openaiListing,
};
