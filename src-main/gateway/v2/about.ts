import type { Handlers } from './call.ts';
import { openApi } from './openapi.ts';

const features = {
  streaming: true,
  sessions: true,
  websocket: true,
  bulk_operations: false,
  enhanced_discovery: false,
};

export const about: Pick<Handlers, 'getCapabilities' | 'getOpenApi'> = {
  // Earlier plans look for the features at the top.
  getCapabilities: async () => ({ version: '2.0', ...features, features, api_versions: ['v2'], deprecations: {} }),
  getOpenApi: async (_, { context }) => openApi(context.version),
};
