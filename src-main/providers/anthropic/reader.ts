import type { FinishReason, Usage } from '#shared/domain/things.ts';
import { isRecord } from '#shared/kit/record.ts';
import type { Piece, Reader } from '../dialect.ts';
import { countOr, excerpt, textOr } from '../json.ts';
import { complaintOf, failed, garbled, type Named } from '../refusal.ts';
import { ToolCalls } from '../tool-calls.ts';

type Give = (piece: Piece) => void;
type Json = Record<string, unknown>;

const finishes = new Map<string, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'filter'],
  ['pause_turn', 'other'],
]);

/** Without meaning for us: the signature of a thought and where a quotation comes from. */
const passedOver = new Set(['signature_delta', 'citations_delta']);

/** Reads messages events. The stop reason comes in `message_delta`, `message_stop` is the end mark. */
export class AnthropicReader implements Reader {
  finish: FinishReason | undefined;
  ended = false;
  readonly #who: Named;
  readonly #toolCalls: ToolCalls;
  readonly #odd = new Set<string>();
  /** White space that the answer so far already ends with; a continuation that begins with it says it twice. */
  #repeated: string;

  constructor(who: Named, repeated: string) {
    this.#who = who;
    this.#toolCalls = new ToolCalls(who.name);
    this.#repeated = repeated;
  }

  event(data: string, event: string | undefined, give: Give): void {
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      if (event === 'error') throw failed(this.#who, complaintOf(data));
      throw this.#garbled('an event with broken JSON');
    }
    if (!isRecord(json)) throw this.#garbled('an event that is no JSON object');
    switch (json.type ?? event) {
      case 'content_block_delta':
        this.#delta(json, give);
        break;
      case 'content_block_start':
        this.#block(this.#object(json.content_block, 'content_block'), countOr(json.index, 0), give);
        break;
      case 'message_start':
        this.#usage(this.#object(json.message, 'message').usage, give);
        break;
      case 'message_delta':
        this.#usage(json.usage, give);
        this.#stop(this.#object(json.delta, 'delta').stop_reason, give);
        break;
      case 'message_stop':
        this.#toolCalls.finish(give);
        this.ended = true;
        break;
      case 'error':
        throw failed(this.#who, complaintOf(json));
      case 'content_block_stop':
      case 'ping':
        break;
      default:
        if (isRecord(json.error)) throw failed(this.#who, complaintOf(json));
        this.#oddity('an event', textOr(json.type ?? event, 'without a type'), give);
    }
  }

  whole(json: unknown, give: Give): void {
    if (!isRecord(json)) throw this.#garbled('JSON that is no answer');
    if (json.type === 'error' || isRecord(json.error)) throw failed(this.#who, complaintOf(json));
    if (!Array.isArray(json.content)) throw this.#garbled('JSON that is no message');
    json.content.forEach((block: unknown, index) => {
      this.#block(this.#object(block, 'content block'), index, give);
    });
    this.#usage(json.usage, give);
    this.#stop(json.stop_reason, give);
    this.#toolCalls.finish(give);
    this.ended = true;
  }

  #delta(json: Json, give: Give): void {
    const delta = this.#object(json.delta, 'delta');
    switch (delta.type) {
      case 'text_delta':
        this.#say(this.#text(delta.text, 'text'), give);
        break;
      case 'thinking_delta':
        this.#think(this.#text(delta.thinking, 'thinking'), give);
        break;
      case 'input_json_delta': {
        const input = this.#text(delta.partial_json, 'partial_json');
        this.#toolCalls.continue(countOr(json.index, 0), input);
        break;
      }
      default: {
        const type = textOr(delta.type, 'without a type');
        if (!passedOver.has(type)) this.#oddity('a delta', type, give);
      }
    }
  }

  /** In a stream the block is empty at its start and filled by deltas; in a whole answer it is all there is. */
  #block(block: Json, index: number, give: Give): void {
    switch (block.type) {
      case 'text':
        this.#say(this.#text(block.text, 'text'), give);
        break;
      case 'thinking':
        this.#think(this.#text(block.thinking, 'thinking'), give);
        break;
      case 'tool_use': {
        const input = isRecord(block.input) && Object.keys(block.input).length > 0 ? JSON.stringify(block.input) : '';
        this.#toolCalls.add(index, { id: textOr(block.id, ''), name: textOr(block.name, ''), input });
        break;
      }
      case 'redacted_thinking':
        break;
      default:
        this.#oddity('a content block', textOr(block.type, 'without a type'), give);
    }
  }

  #say(text: string, give: Give): void {
    let from = 0;
    if (this.#repeated !== '') {
      while (from < text.length && from < this.#repeated.length && text[from] === this.#repeated[from]) from++;
      this.#repeated = from === text.length ? this.#repeated.slice(from) : '';
    }
    if (from < text.length) give({ type: 'delta', text: from === 0 ? text : text.slice(from) });
  }

  #think(text: string, give: Give): void {
    if (text !== '') give({ type: 'reasoning', text });
  }

  #stop(reason: unknown, give: Give): void {
    if (reason === null || reason === undefined) return;
    if (typeof reason !== 'string') throw this.#garbled('a `stop_reason` that is no text');
    this.#toolCalls.finish(give);
    const known = finishes.get(reason);
    this.finish = known ?? 'other';
    if (known === undefined) this.#oddity('a stop reason', reason, give);
  }

  #usage(usage: unknown, give: Give): void {
    if (!isRecord(usage)) return;
    const found: Usage = {};
    const input = countOr(usage.input_tokens, undefined);
    const output = countOr(usage.output_tokens, undefined);
    if (input !== undefined)
      found.input = input + countOr(usage.cache_read_input_tokens, 0) + countOr(usage.cache_creation_input_tokens, 0);
    if (output !== undefined) found.output = output;
    if (input !== undefined || output !== undefined) give({ type: 'usage', usage: found });
  }

  #oddity(what: string, type: string, give: Give): void {
    const message = `${this.#who.name} sent ${what} of the unknown type ${excerpt(type).slice(0, 40)}.`;
    if (this.#odd.size >= 10 || this.#odd.has(message)) return;
    this.#odd.add(message);
    give({ type: 'warning', message });
  }

  #text(value: unknown, field: string): string {
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    throw this.#garbled(`\`${field}\` that is no text`);
  }

  #object(value: unknown, field: string): Json {
    if (isRecord(value)) return value;
    throw this.#garbled(`an event without its \`${field}\``);
  }

  #garbled(what: string) {
    return garbled(this.#who.name, what);
  }
}
