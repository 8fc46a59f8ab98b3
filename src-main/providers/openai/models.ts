import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import { type Feature, modelInfo } from '../model-info.ts';

const count = z.number().positive().optional().catch(undefined);
const words = z.array(z.string()).optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const ModelList = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1).max(300),
      // The dialect has no word for it; these are the usual ones.
      context_length: count,
      context_window: count,
      max_model_len: count,
      max_context_length: count,
      meta: z.object({ n_ctx_train: count }).optional().catch(undefined),
      // Groq.
      max_completion_tokens: count,
      // OpenRouter.
      top_provider: z.object({ max_completion_tokens: count }).optional().catch(undefined),
      architecture: z.object({ input_modalities: words, output_modalities: words }).optional().catch(undefined),
      supported_parameters: words,
      // Mistral.
      capabilities: z
        .object({ completion_chat: flag, function_calling: flag, vision: flag, reasoning: flag, audio: flag })
        .optional()
        .catch(undefined),
    }),
  ),
});
type Listed = z.infer<typeof ModelList>['data'][number];

/** The list of models of all who have it in the form of OpenAI's, with what some of them tell besides. */
export function readModels(json: unknown): ModelInfo[] | undefined {
  return ModelList.safeParse(json)
    .data?.data.filter(chats)
    .map((each) =>
      modelInfo(each.id, {
        contextWindow:
          each.context_length ??
          each.context_window ??
          each.max_model_len ??
          each.max_context_length ??
          each.meta?.n_ctx_train,
        maxOutput: each.top_provider?.max_completion_tokens ?? each.max_completion_tokens,
        features: featuresOf(each),
      }),
    );
}

/** Not those of which it is told that they do not. */
const chats = ({ capabilities, architecture }: Listed) =>
  capabilities?.completion_chat !== false && architecture?.output_modalities?.includes('text') !== false;

function featuresOf({ capabilities, architecture, supported_parameters: takes }: Listed): Feature[] | undefined {
  const modalities = architecture?.input_modalities;
  if (capabilities?.completion_chat === undefined && modalities === undefined && takes === undefined) return undefined;
  const has: [Feature, boolean | undefined][] = [
    ['tools', capabilities?.function_calling ?? takes?.includes('tools')],
    ['vision', capabilities?.vision ?? modalities?.includes('image')],
    ['reasoning', capabilities?.reasoning ?? takes?.includes('reasoning')],
    ['audio', capabilities?.audio ?? modalities?.includes('audio')],
  ];
  return has.filter(([, it]) => it === true).map(([feature]) => feature);
}
