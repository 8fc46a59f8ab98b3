import type { FinishReason, Usage } from '#shared/domain/things.ts';
import { isRecord } from '#shared/kit/record.ts';
import type { Piece, Reader } from '../dialect.ts';
import { countOr, excerpt, textOr } from '../json.ts';
import { complaintOf, failed, garbled, type Named } from '../refusal.ts';
import { ToolCalls } from '../tool-calls.ts';

type Give = (piece: Piece) => void;

const finishes = new Map<string, FinishReason>([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'filter'],
]);

/**
 * Reads chat completion chunks. The finish reason comes before the usage, and `[DONE]` last; a `[DONE]` without a finish
 * reason is the end all the same, as several local servers send it.
 */
export class OpenAIReader implements Reader {
  finish: FinishReason | undefined;
  ended = false;
  readonly #who: Named;
  readonly #toolCalls: ToolCalls;
  #refused = false;
  #oddity = false;

  constructor(who: Named) {
    this.#who = who;
    this.#toolCalls = new ToolCalls(who.name);
  }

  event(data: string, event: string | undefined, give: Give): void {
    if (data.startsWith('[DONE]')) {
      this.#toolCalls.finish(give);
      this.ended = true;
      return;
    }
    let chunk: unknown;
    try {
      chunk = JSON.parse(data);
    } catch {
      if (event === 'error') throw failed(this.#who, complaintOf(data));
      throw this.#garbled('an event with broken JSON');
    }
    if (!isRecord(chunk)) throw this.#garbled('an event that is no JSON object');
    if (event === 'error') throw failed(this.#who, complaintOf(chunk));
    this.#object(chunk, 'delta', give);
  }

  whole(json: unknown, give: Give): void {
    if (!isRecord(json)) throw this.#garbled('JSON that is no answer');
    this.#object(json, 'message', give);
    if (!Array.isArray(json.choices)) throw this.#garbled('JSON that is no chat completion');
    this.#toolCalls.finish(give);
    this.ended = true;
  }

  #object(chunk: Record<string, unknown>, field: 'delta' | 'message', give: Give): void {
    if ((chunk.error !== undefined && chunk.error !== null) || chunk.object === 'error')
      throw failed(this.#who, complaintOf(chunk));
    const { choices, usage } = chunk;
    if (Array.isArray(choices)) {
      const choice: unknown = choices[0];
      if (choice !== undefined) this.#choice(choice, field, give);
    } else if (choices !== undefined && choices !== null) throw this.#garbled('`choices` that are no list');
    else if (usage === undefined && !this.#oddity) {
      this.#oddity = true;
      give({ type: 'warning', message: `${this.#who.name} sent an event that is no chat completion chunk.` });
    }
    if (isRecord(usage)) give({ type: 'usage', usage: usageOf(usage) });
  }

  #choice(choice: unknown, field: 'delta' | 'message', give: Give): void {
    if (!isRecord(choice)) throw this.#garbled('a choice that is no object');
    const said = choice[field];
    if (isRecord(said)) this.#said(said, give);
    else if (said !== undefined && said !== null) throw this.#garbled(`a \`${field}\` that is no object`);
    const reason = choice.finish_reason;
    if (reason === undefined || reason === null || reason === '') return;
    if (typeof reason !== 'string') throw this.#garbled('a `finish_reason` that is no text');
    this.#toolCalls.finish(give);
    const known = finishes.get(reason);
    this.finish = this.#refused ? 'filter' : (known ?? 'other');
    if (known === undefined)
      give({ type: 'warning', message: `${this.#who.name} finished with the unknown reason ${excerpt(reason)}.` });
  }

  #said(said: Record<string, unknown>, give: Give): void {
    const { content, refusal, tool_calls: calls } = said;
    const reasoning = said.reasoning_content ?? said.reasoning;
    if (typeof reasoning === 'string') {
      if (reasoning !== '') give({ type: 'reasoning', text: reasoning });
    } else if (reasoning !== undefined && reasoning !== null) throw this.#garbled('`reasoning` that is no text');
    if (typeof content === 'string') {
      if (content !== '') give({ type: 'delta', text: content });
    } else if (Array.isArray(content)) this.#list(content, give);
    else if (content !== undefined && content !== null) throw this.#garbled('`content` that is no text');
    if (typeof refusal === 'string' && refusal !== '') {
      this.#refused = true;
      give({ type: 'delta', text: refusal });
    }
    if (calls !== undefined && calls !== null) this.#calls(calls);
  }

  /** Some servers send the content as a list of typed pieces. */
  #list(content: unknown[], give: Give): void {
    for (const piece of content) {
      if (!isRecord(piece)) throw this.#garbled('`content` that is no text');
      const text = textOr(piece.text, '');
      if (piece.type === 'text' && text !== '') give({ type: 'delta', text });
      if (piece.type === 'thinking' && Array.isArray(piece.thinking))
        for (const thought of piece.thinking)
          if (isRecord(thought) && textOr(thought.text, '') !== '')
            give({ type: 'reasoning', text: textOr(thought.text, '') });
    }
  }

  #calls(calls: unknown): void {
    if (!Array.isArray(calls)) throw this.#garbled('`tool_calls` that are no list');
    calls.forEach((call: unknown, position) => {
      if (!isRecord(call)) throw this.#garbled('a tool call that is no object');
      const called = isRecord(call.function) ? call.function : {};
      const { arguments: input } = called;
      this.#toolCalls.add(countOr(call.index, position), {
        id: textOr(call.id, ''),
        name: textOr(called.name, ''),
        input: isRecord(input) ? JSON.stringify(input) : textOr(input, ''),
      });
    });
  }

  #garbled(what: string) {
    return garbled(this.#who.name, what);
  }
}

function usageOf(usage: Record<string, unknown>): Usage {
  const details = usage.completion_tokens_details;
  const found: Usage = {};
  const input = countOr(usage.prompt_tokens, undefined);
  const output = countOr(usage.completion_tokens, undefined);
  const reasoning = isRecord(details) ? countOr(details.reasoning_tokens, undefined) : undefined;
  if (input !== undefined) found.input = input;
  if (output !== undefined) found.output = output;
  if (reasoning !== undefined) found.reasoning = reasoning;
  return found;
}
