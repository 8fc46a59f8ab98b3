import { Problem } from '#shared/domain/problem.ts';
import type { FinishReason, Usage } from '#shared/domain/things.ts';
import type { Piece } from './dialect.ts';
import { type ProviderPart, ProviderRefusal } from './provider.ts';
import { brokeOff, empty } from './refusal.ts';

const MAX_WARNINGS = 10;

/**
 * The parts of one answer in the order of the vocabulary: nothing before `start`, exactly one last part. `start` waits
 * for the first real piece, so whatever goes wrong before it is thrown as a ProviderRefusal and may be asked for again.
 */
export class Parts {
  /** The answer came in one piece. */
  buffered = false;
  readonly #name: string;
  #parts: ProviderPart[] = [];
  #warnings: Piece[] = [];
  #usage: Usage | undefined;
  #started = false;
  #content = false;
  #done = false;
  #complete = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** The last part is among those taken, or waits to be. */
  get done(): boolean {
    return this.#done;
  }

  /** It is done and has a finish. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The parts since the last call. */
  take(): ProviderPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  give(piece: Piece): void {
    if (this.#started) {
      if (piece.type !== 'warning' || this.#warnings.push(piece) <= MAX_WARNINGS) this.#parts.push(piece);
      if (piece.type !== 'warning' && piece.type !== 'usage') this.#content = true;
      return;
    }
    // Figures and oddities alone are no beginning of an answer.
    if (piece.type === 'usage') this.#usage = { ...this.#usage, ...piece.usage };
    else if (piece.type === 'warning') {
      if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(piece);
    } else {
      this.#start();
      this.#content = true;
      this.#parts.push(piece);
    }
  }

  /**
   * The provider has nothing more to say. `ended`: its dialect's own end mark came. Throws a ProviderRefusal when that
   * is no answer; it may be given to `fail`.
   */
  close(finish: FinishReason | undefined, ended: boolean): void {
    if (finish === undefined && !this.#content) throw empty(this.#name);
    // A dialect's own end mark without a reason: the answer is whole, why is not known.
    if (finish === undefined && !ended) throw new ProviderRefusal(brokeOff(this.#name), true);
    if (!this.#started) this.#start();
    this.#parts.push({ type: 'finish', reason: finish ?? 'other' });
    this.#done = true;
    this.#complete = true;
  }

  /** Ends it with an error; throws the error itself when nothing has been given yet. */
  fail(error: unknown): void {
    this.#done = true;
    if (!this.#started) throw error;
    this.#parts.push({ type: 'error', problem: error instanceof ProviderRefusal ? error.problem : Problem.of(error) });
  }

  #start(): void {
    this.#started = true;
    this.#parts.push(this.buffered ? { type: 'start', buffered: true } : { type: 'start' });
    this.#parts.push(...this.#warnings);
    if (this.#usage !== undefined) this.#parts.push({ type: 'usage', usage: this.#usage });
  }
}

/** A connection that broke, told under the provider's name, not under that of its address. */
export function broken(name: string, error: unknown): ProviderRefusal {
  const problem = Problem.of(error);
  const { code, next, cause } = problem;
  const message = `${name} closed the connection in the middle of the answer.`;
  return new ProviderRefusal(
    code === 'PROVIDER_BROKE_OFF' ? new Problem(code, message, next, { cause }) : problem,
    true,
  );
}
