import { decode, encode } from './frame.ts';
import type { Pipe, PipeListener } from './pipe.ts';

/** A pipe whose far end and congestion a test holds in its hands. */
export interface MemoryPipe extends Pipe {
  congested: boolean;
  /** Lets a frame arrive here as if the far end had sent exactly this. */
  arrive(frame: unknown): void;
}

/**
 * Two joined pipes. All that passes goes through the same frames as on a socket, so what JSON cannot carry fails here as
 * it would there. Delivery is in order, in a microtask of its own. Frames under way are not bounded.
 */
export function memoryPipes(): [MemoryPipe, MemoryPipe] {
  const a = new End();
  const b = new End();
  a.join(b);
  b.join(a);
  return [a, b];
}

class End implements MemoryPipe {
  #far: End | undefined;
  #listener: PipeListener | undefined;
  #closed: string | undefined;
  #congested = false;

  join(far: End): void {
    this.#far = far;
  }

  listen(listener: PipeListener): void {
    this.#listener = listener;
    if (this.#closed !== undefined) this.#tell();
  }

  send(batch: readonly unknown[]): void {
    if (this.#closed === undefined) for (const frame of encode(batch)) this.#far!.arrive(frame);
  }

  arrive(frame: unknown): void {
    queueMicrotask(() => {
      if (this.#closed === undefined && this.#listener !== undefined) decode(frame, this.#listener);
    });
  }

  get waiting(): number {
    return 0;
  }

  get congested(): boolean {
    return this.#congested;
  }

  set congested(value: boolean) {
    const drained = this.#congested && !value;
    this.#congested = value;
    if (drained && this.#closed === undefined) this.#listener?.drained();
  }

  close(reason = 'closed'): void {
    if (this.#closed !== undefined) return;
    this.#end(reason);
    queueMicrotask(() => this.#far!.#end(reason));
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#tell();
  }

  #tell(): void {
    queueMicrotask(() => {
      const listener = this.#listener;
      this.#listener = undefined;
      listener?.closed(this.#closed!);
    });
  }
}
