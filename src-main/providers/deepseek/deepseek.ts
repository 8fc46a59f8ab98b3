import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { openaiListing, trimmed } from '../ai-sdk/listings.ts';
import { chatWire } from '../ai-sdk/wire.ts';

/** DeepSeek's chat completions. */
export const deepseek: Sdk = {
  wire: chatWire,
  root: trimmed,
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createDeepSeek } = await import('@ai-sdk/deepseek');
    return createDeepSeek(settings).chat(id);
  },
  listing: openaiListing,
};
