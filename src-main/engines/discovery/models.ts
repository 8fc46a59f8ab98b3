import type { ModelInfo } from '#shared/domain/summary.ts';

/** Names of models that do not chat, as providers list them beside those that do. */
const notForChat =
  /embed|whisper|tts|dall-e|moderation|rerank|transcri|realtime|image|audio|sora|davinci|babbage|veo-|lyria|guard|\bocr\b|\baqa\b/i;

const ofOpenAI = [/^gpt-5(\.\d+)?$/, /^gpt-5/, /^gpt-4\.1$/, /^gpt-4o$/, /^gpt-/];

/** Where a provider lists many, the ones a newcomer would want first, by kind of provider. */
const preferred: Readonly<Record<string, RegExp[]>> = {
  openai: ofOpenAI,
  'openai-responses': ofOpenAI,
  anthropic: [/sonnet/, /opus/, /haiku/],
  google: [/^gemini-flash-latest$/, /^gemini-[\d.]+-flash$/, /^gemini-.*flash/, /^gemini-.*pro/],
  mistral: [/^mistral-medium-latest$/, /^mistral-large-latest$/, /^mistral-small-latest$/, /-latest$/],
  groq: [/gpt-oss-120b$/, /gpt-oss/, /^llama-3\.3-70b/],
  xai: [/^grok-\d/],
  deepseek: [/^deepseek-chat$/],
  openrouter: [/^openrouter\/auto$/],
};

/** Models that can hold a conversation, the best default first; otherwise in the provider's order. */
export function chatModels(kind: string, models: readonly ModelInfo[]): ModelInfo[] {
  const wishes = preferred[kind] ?? [];
  const rank = ({ id }: ModelInfo) => {
    const place = wishes.findIndex((wish) => wish.test(id));
    return place === -1 ? wishes.length : place;
  };
  return models.filter(({ id }) => !notForChat.test(id)).sort((a, b) => rank(a) - rank(b));
}
