import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import { type Feature, modelInfo, someOf } from '../model-info.ts';
import type { Ask } from '../service.ts';

/** For all questions together. */
const LIMIT_MS = 3000;
/** Ollama is asked about each model. */
const MAX_SHOWN = 60;
const AT_ONCE = 4;

const count = z.number().positive().optional().catch(undefined);
const words = z.array(z.string()).optional().catch(undefined);

/** LM Studio: GET /api/v0/models */
const LmStudio = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.enum(['llm', 'vlm', 'embeddings']),
      max_context_length: count,
      loaded_context_length: count,
      capabilities: words,
    }),
  ),
});

/** Ollama: GET /api/tags and POST /api/show */
const OllamaTags = z.object({ models: z.array(z.object({ name: z.string(), digest: z.string() })) });
const OllamaShow = z.object({ capabilities: words, model_info: z.record(z.string(), z.unknown()) });

/** llama.cpp: GET /props */
const LlamaProps = z.object({
  default_generation_settings: z.object({ n_ctx: count }),
  modalities: z.object({ vision: z.boolean(), audio: z.boolean() }).optional().catch(undefined),
});

type Told = { contextWindow?: number | undefined; features?: Feature[] | undefined; chats: boolean };

/**
 * What local servers tell about their models at addresses of their own. Where nobody answers there in the right form,
 * the models stay as they are.
 */
export async function enrich(models: ModelInfo[], ask: Ask): Promise<ModelInfo[]> {
  // Whoever says it in the list itself is none of them; llama.cpp says a part of it.
  if (models.length === 0 || models.every(({ features }) => features !== undefined)) return models;
  const limit = new AbortController();
  const stop = () => limit.abort(ask.signal.reason);
  ask.signal.addEventListener('abort', stop, { once: true });
  const endLimit = ask.clock.after(LIMIT_MS, () => limit.abort());
  const root = ask.baseUrl.replace(/\/+$/, '').replace(/(\/v1)?(\/chat\/completions|\/models)?$/, '');
  const question: Question = async (schema, path, body) => {
    const json = await ask.json(`${root}${path}`, body, limit.signal).catch(() => undefined);
    return schema.safeParse(json).data;
  };
  try {
    const told = (await Promise.all([lmStudio(question), ollama(question, models), llamaCpp(question, models)])).find(
      (each) => each !== undefined,
    );
    ask.signal.throwIfAborted();
    return told === undefined ? models : models.flatMap((model) => withTold(model, told.get(model.id)));
  } finally {
    endLimit();
    ask.signal.removeEventListener('abort', stop);
  }
}

type Question = <T>(schema: z.ZodType<T>, path: string, body?: object) => Promise<T | undefined>;

function withTold(model: ModelInfo, told: Told | undefined): ModelInfo[] {
  if (told === undefined) return [model];
  if (!told.chats) return [];
  const { contextWindow = model.contextWindow, features = model.features } = told;
  return [modelInfo(model.id, { contextWindow, maxOutput: model.maxOutput, features })];
}

async function lmStudio(ask: Question): Promise<Map<string, Told> | undefined> {
  const list = await ask(LmStudio, '/api/v0/models');
  if (list === undefined) return undefined;
  return new Map(
    list.data.map(({ id, type, max_context_length, loaded_context_length, capabilities }) => {
      const has = { tools: capabilities?.includes('tool_use'), vision: type === 'vlm' };
      const features = someOf(has) ?? (capabilities === undefined ? undefined : []);
      // A model that is loaded with a smaller context than it could have has the smaller one.
      return [
        id,
        { contextWindow: loaded_context_length ?? max_context_length, features, chats: type !== 'embeddings' },
      ];
    }),
  );
}

async function ollama(ask: Question, models: readonly ModelInfo[]): Promise<Map<string, Told> | undefined> {
  const list = await ask(OllamaTags, '/api/tags');
  if (list === undefined) return undefined;
  const found = new Map<string, Told>();
  const left = models.slice(0, MAX_SHOWN).map(({ id }) => id);
  const next = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const shown = await ask(OllamaShow, '/api/show', { model: id });
      if (shown !== undefined) found.set(id, shownBy(shown));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return found;
}

function shownBy({ capabilities, model_info: info }: z.infer<typeof OllamaShow>): Told {
  const length = info[`${String(info['general.architecture'])}.context_length`];
  const names: [string, Feature][] = [
    ['tools', 'tools'],
    ['vision', 'vision'],
    ['thinking', 'reasoning'],
    ['audio', 'audio'],
  ];
  return {
    contextWindow: count.parse(length),
    features: capabilities && names.filter(([name]) => capabilities.includes(name)).map(([, feature]) => feature),
    chats: capabilities?.includes('completion') ?? true,
  };
}

async function llamaCpp(ask: Question, models: readonly ModelInfo[]): Promise<Map<string, Told> | undefined> {
  const props = await ask(LlamaProps, '/props');
  if (props === undefined) return undefined;
  const { default_generation_settings: settings, modalities } = props;
  const features = modalities && (['vision', 'audio'] as const).filter((each) => modalities[each]);
  // It runs one model, with the context that it was started with.
  return new Map(models.map(({ id }) => [id, { contextWindow: settings.n_ctx, features, chats: true }]));
}
