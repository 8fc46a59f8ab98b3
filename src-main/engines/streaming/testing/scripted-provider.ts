import type { ModelInfo } from '#shared/domain/summary.ts';
import type { ChatRequest, Provider, ProviderPart } from '../../../providers/provider.ts';

/** One request to the scripted provider: the test says what comes, part by part. */
export class ScriptedCall {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly #parts: ProviderPart[] = [];
  #ended = false;
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(request: ChatRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  give(...parts: ProviderPart[]): void {
    this.#parts.push(...parts);
    this.#wake();
  }

  say(text: string): void {
    this.give({ type: 'start' }, { type: 'delta', text });
  }

  finish(): void {
    this.give({ type: 'finish', reason: 'stop' });
    this.end();
  }

  /** The iteration ends, with or without a finish before it. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  refuse(error: unknown): void {
    this.#failure = error;
    this.end();
  }

  async *stream(): AsyncGenerator<ProviderPart> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) yield part;
      else if (this.signal.aborted) throw this.signal.reason;
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** A provider that a test drives by verbs. `call(n)` waits for its n-th request, counted from 0. */
export class ScriptedProvider implements Provider {
  readonly id: string;
  readonly name: string;
  readonly kind = 'scripted';
  readonly baseUrl = null;
  readonly offline = false;
  readonly prefill: boolean;
  readonly calls: ScriptedCall[] = [];
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor({ id = 'scripted', prefill = false } = {}) {
    this.id = id;
    this.name = 'Scripted';
    this.prefill = prefill;
  }

  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ProviderPart> {
    const call = new ScriptedCall(request, signal);
    this.calls.push(call);
    for (const { count, resolve } of this.#waiting) if (this.calls.length > count) resolve();
    return call.stream();
  }

  async models(): Promise<ModelInfo[]> {
    return [{ id: 'scripted-1' }];
  }

  async call(n: number): Promise<ScriptedCall> {
    if (this.calls.length <= n)
      await new Promise<void>((resolve) => {
        this.#waiting.push({ count: n, resolve });
      });
    return this.calls[n] as ScriptedCall;
  }
}
