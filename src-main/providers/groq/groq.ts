import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { openaiListing, trimmed } from '../ai-sdk/listings.ts';
import { chatWire } from '../ai-sdk/wire.ts';

/** Groq's chat completions. */
export const groq: Sdk = {
  wire: chatWire,
  root: trimmed,
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createGroq } = await import('@ai-sdk/groq');
    return createGroq(settings).languageModel(id);
  },
  parallel: 'groq',
  listing: openaiListing,
};
