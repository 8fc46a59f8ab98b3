import type { LanguageModelV4GenerateResult, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { FinishReason, Usage } from '#shared/domain/things.ts';
import type { Piece } from '../dialect.ts';
import { excerpt } from '../json.ts';
import { garbled } from '../refusal.ts';
import { MAX_EVENT } from '../sse.ts';

const reasons: Partial<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool-calls',
  'content-filter': 'filter',
};

/** What can be wished for; a package says when a model does not take it. */
const wishes = new Set([
  'temperature',
  'maxOutputTokens',
  'topP',
  'stopSequences',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'responseFormat',
  'reasoning',
  'tools',
  'toolChoice',
]);

/** From the parts of a package to the pieces of our vocabulary. */
export class Translation {
  /** As the package understands it; only to be believed when the provider has finished. */
  reason: FinishReason | undefined;
  readonly #name: string;
  readonly #give: (piece: Piece) => void;
  #input = 0;

  constructor(name: string, give: (piece: Piece) => void) {
    this.#name = name;
    this.#give = give;
  }

  /** Throws a ProviderRefusal for what the package did not understand. */
  read(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case 'stream-start':
        for (const warning of part.warnings) this.#warn(warning);
        return;
      case 'text-delta':
        if (part.delta !== '') this.#give({ type: 'delta', text: part.delta });
        return;
      case 'reasoning-delta':
        if (part.delta !== '') this.#give({ type: 'reasoning', text: part.delta });
        return;
      case 'tool-input-delta':
        this.#input += part.delta.length;
        if (this.#input > MAX_EVENT) throw garbled(this.#name, 'tool calls of more than 8 MB');
        return;
      case 'tool-call':
        // What the provider runs itself is a matter of its own.
        if (part.providerExecuted) return;
        this.#give({ type: 'tool-call', id: part.toolCallId, name: part.toolName, input: part.input || '{}' });
        return;
      case 'finish': {
        const usage = usageOf(part.usage);
        if (usage !== undefined) this.#give({ type: 'usage', usage });
        this.reason = reasons[part.finishReason.unified];
        return;
      }
      case 'error':
        throw garbled(this.#name, 'an event that is not of its dialect');
    }
  }

  #warn(warning: Extract<LanguageModelV4StreamPart, { type: 'stream-start' }>['warnings'][number]): void {
    if (warning.type !== 'unsupported') return;
    if (!wishes.has(warning.feature) && !warning.feature.startsWith('user message part')) return;
    const why = excerpt(warning.details ?? `${warning.feature} is not supported`);
    this.#give({ type: 'warning', message: `${this.#name}: ${why.replace(/\.?$/, '.')}` });
  }
}

/** A whole answer as the parts in which it might have been streamed. */
export function* partsOf(result: LanguageModelV4GenerateResult): Iterable<LanguageModelV4StreamPart> {
  const { content, finishReason, usage, warnings } = result;
  yield { type: 'stream-start', warnings };
  for (const each of content) {
    if (each.type === 'text') yield { type: 'text-delta', id: '', delta: each.text };
    else if (each.type === 'reasoning') yield { type: 'reasoning-delta', id: '', delta: each.text };
    else if (each.type === 'tool-call') yield each;
  }
  yield { type: 'finish', finishReason, usage };
}

/** A package says none where the provider said nothing about reasoning, so none is not told. */
function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | undefined {
  const usage: Usage = {};
  if (inputTokens.total !== undefined) usage.input = inputTokens.total;
  if (outputTokens.total !== undefined) usage.output = outputTokens.total;
  if (outputTokens.reasoning) usage.reasoning = outputTokens.reasoning;
  return Object.keys(usage).length === 0 ? undefined : usage;
}
