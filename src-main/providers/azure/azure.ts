import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import { trimmed } from '../ai-sdk/listings.ts';
import { chatWire } from '../ai-sdk/wire.ts';
import { openaiEmbeddings } from '../openai/embeddings.ts';
import { noTemperature } from '../refusal.ts';

/** Models of OpenAI and others at Azure, by chat completions. A model is called as its deployment is. */
export const azure: Sdk = {
  wire: chatWire,
  root,
  keyHeader: 'api-key',
  async model(settings, id) {
    const { createAzure } = await import('@ai-sdk/azure');
    const models = createAzure(settings);
    // The others' chat completions have no word for reasoning.
    return /deepseek/i.test(id) ? models.deepseek(id) : models.chat(id);
  },
  without(body, complaint) {
    // The name of a deployment does not tell what model it is; those that reason want the other name, and no
    // temperature.
    const { max_tokens: limit, ...rest } = body;
    if (limit !== undefined && complaint.includes('max_completion_tokens'))
      return { ...rest, max_completion_tokens: limit };
    const { temperature, ...milder } = body;
    return temperature !== undefined && noTemperature.test(complaint) ? milder : undefined;
  },
  embeddings: openaiEmbeddings(root),
};

/** People paste the endpoint as the portal shows it, without the path of the interface. */
function root(baseUrl: string): string {
  const address = trimmed(baseUrl);
  return /^https:\/\/[\w.-]+\.azure\.com(\/openai)?$/i.test(address)
    ? `${address.replace(/\/openai$/i, '')}/openai/v1`
    : address;
}
