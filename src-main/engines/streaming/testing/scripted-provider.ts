import type { ModelInfo } from '#shared/domain/summary.ts';
import type { ChatRequest, Provider, ProviderPart, Take } from '../../../providers/provider.ts';

/** One request to the scripted provider: the test says what comes, part by part. */
export class ScriptedCall {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly over: Promise<void>;
  /** What was asked for by the last part that was taken: undefined, or patience. */
  patience: void | Promise<void> = undefined;
  readonly #take: Take;
  #end = Promise.withResolvers<void>();

  constructor(request: ChatRequest, signal: AbortSignal, take: Take) {
    this.request = request;
    this.signal = signal;
    this.#take = take;
    this.over = this.#end.promise;
    if (signal.aborted) this.refuse(signal.reason);
    signal.addEventListener('abort', () => this.refuse(signal.reason), { once: true });
  }

  /** Gives them at once, even to one that has left: it must not heed them. */
  give(...parts: ProviderPart[]): void {
    for (const part of parts) this.patience = this.#take(part);
  }

  say(text: string): void {
    this.give({ type: 'start' }, { type: 'delta', text });
  }

  finish(): void {
    this.give({ type: 'finish', reason: 'stop' });
    this.end();
  }

  /** The request ends, with or without a finish before it. */
  end(): void {
    this.#end.resolve();
  }

  refuse(error: unknown): void {
    this.#end.reject(error);
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

  chat(request: ChatRequest, signal: AbortSignal, take: Take): Promise<void> {
    const call = new ScriptedCall(request, signal, take);
    this.calls.push(call);
    for (const { count, resolve } of this.#waiting) if (this.calls.length > count) resolve();
    return call.over;
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
