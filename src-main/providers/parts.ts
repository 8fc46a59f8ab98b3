import { Problem } from '#shared/domain/problem.ts';
import type { FinishReason, Usage } from '#shared/domain/things.ts';
import type { Piece } from './dialect.ts';
import { type ProviderPart, ProviderRefusal } from './provider.ts';
import { brokeOff, empty } from './refusal.ts';

const MAX_WARNINGS = 10;

/**
 * Gives the parts of one answer in the order of the vocabulary: nothing before `start`, exactly one last part. `start`
 * waits for the first real piece, so whatever goes wrong before it is thrown as a ProviderRefusal and may be asked for
 * again.
 */
export class Parts {
  /** The answer came in one piece. */
  buffered = false;
  readonly #name: string;
  readonly #take: (part: ProviderPart) => void;
  #warnings: Piece[] = [];
  #usage: Usage | undefined;
  #started = false;
  #content = false;
  #done = false;

  /** `take` never throws. */
  constructor(name: string, take: (part: ProviderPart) => void) {
    this.#name = name;
    this.#take = take;
  }

  /** The last part has been given, or a refusal thrown. */
  get done(): boolean {
    return this.#done;
  }

  give(piece: Piece): void {
    if (this.#started) {
      if (piece.type !== 'warning' && piece.type !== 'usage') this.#content = true;
      if (piece.type !== 'warning' || this.#warnings.push(piece) <= MAX_WARNINGS) this.#take(piece);
      return;
    }
    // Figures and oddities alone are no beginning of an answer.
    if (piece.type === 'usage') this.#usage = { ...this.#usage, ...piece.usage };
    else if (piece.type === 'warning') {
      if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(piece);
    } else {
      this.#start();
      this.#content = true;
      this.#take(piece);
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
    this.#done = true;
    this.#take({ type: 'finish', reason: finish ?? 'other' });
  }

  /** Ends it with an error; throws the error itself when nothing has been given yet. */
  fail(error: unknown): void {
    this.#done = true;
    if (!this.#started) throw error;
    this.#take({ type: 'error', problem: error instanceof ProviderRefusal ? error.problem : Problem.of(error) });
  }

  #start(): void {
    this.#started = true;
    this.#take(this.buffered ? { type: 'start', buffered: true } : { type: 'start' });
    for (const warning of this.#warnings) this.#take(warning);
    if (this.#usage !== undefined) this.#take({ type: 'usage', usage: this.#usage });
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
