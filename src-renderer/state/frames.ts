export interface FrameHost {
  /** Before the next paint; the returned function cancels. */
  frame(run: () => void): () => void;
  /** As soon as possible, also in a page that is not painted. */
  soon(run: () => void): () => void;
  hidden(): boolean;
  onHidden(listener: () => void): void;
}

/**
 * Gathers work and does all of it at once, before the next paint; in a hidden page, where nothing is painted, as soon
 * as possible. The same work asked for twice is done once.
 */
export class Frames {
  readonly #host: FrameHost;
  readonly #work = new Set<() => void>();
  #cancel: (() => void) | undefined;

  constructor(host: FrameHost) {
    this.#host = host;
    host.onHidden(() => {
      if (this.#cancel === undefined) return;
      this.#cancel();
      this.#cancel = host.soon(this.#run);
    });
  }

  request(work: () => void): void {
    this.#work.add(work);
    this.#cancel ??= this.#host.hidden() ? this.#host.soon(this.#run) : this.#host.frame(this.#run);
  }

  readonly #run = () => {
    const work = [...this.#work];
    this.#work.clear();
    this.#cancel = undefined;
    for (const each of work) each();
  };
}
