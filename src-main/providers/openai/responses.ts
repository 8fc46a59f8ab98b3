import { isRecord } from '#shared/kit/record.ts';
import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { openaiListing, trimmed } from '../ai-sdk/listings.ts';
import { responsesWire } from '../ai-sdk/wire.ts';
import { openaiEmbeddings } from './embeddings.ts';

/** OpenAI's responses. Nothing is to be stored there; reasoning models tell what they think about, in short. */
export const openaiResponses: Sdk = {
  wire: responsesWire,
  root: trimmed,
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI(settings).responses(id);
  },
  parallel: 'openai',
  optionsFor: () => ({ openai: { store: false, reasoningSummary: 'auto' } }),
  without(body, complaint) {
    // An organisation that is not verified may not read summaries.
    if (!isRecord(body.reasoning) || !/reasoning.summar/i.test(complaint)) return undefined;
    const { summary, ...reasoning } = body.reasoning;
    return summary === undefined ? undefined : { ...body, reasoning };
  },
  embeddings: openaiEmbeddings(trimmed),
  listing: openaiListing,
};
