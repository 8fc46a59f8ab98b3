import { isRecord } from '#shared/kit/record.ts';
import type { Sdk } from '../ai-sdk/ai-sdk.ts';
import type { Wire } from '../ai-sdk/wire.ts';
import { complaintOf } from '../refusal.ts';
import { frames } from './frames.ts';

/** What HTTP would have said. */
const statuses: Readonly<Record<string, number>> = {
  throttlingexception: 429,
  internalserverexception: 500,
  modelstreamerrorexception: 500,
  serviceunavailableexception: 503,
};

/** Amazon's converse stream; its figures come after the finish. */
const bedrockWire: Wire = {
  events: frames,
  courseOf(event, name) {
    const exception = /^exception:(.*)$/.exec(name ?? '')?.[1];
    if (exception !== undefined) {
      const kind = `${exception} ${statuses[exception.toLowerCase()] ?? ''}`.trim();
      return { ...complaintOf(isRecord(event) ? event : undefined), kind };
    }
    if (name === 'metadata') return 'figures';
    if (name === 'messageStop') return 'finished';
    return name === undefined ? 'foreign' : 'more';
  },
};

/** Models at Amazon Bedrock, with an API key of Bedrock. */
export const bedrock: Sdk = {
  wire: bedrockWire,
  root: (baseUrl) => baseUrl.replace(/\/+$/, '').replace(/\/model$/, ''),
  keyHeader: 'authorization',
  async model(settings, id) {
    const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
    return createAmazonBedrock(settings).languageModel(id);
  },
};
