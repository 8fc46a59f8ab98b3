import { anthropicArea } from './anthropic/area.ts';
import type { Area } from './area.ts';
import { openAiArea } from './openai/area.ts';
import { sockets } from './sockets/sockets.ts';
import { v2 } from './v2/v2.ts';

/** The dialects that the gateway speaks; the first that owns a request has it. */
export const areas: readonly Area[] = [anthropicArea, openAiArea, v2, sockets];
