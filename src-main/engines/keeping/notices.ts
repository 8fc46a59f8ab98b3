import type { Problem } from '#shared/domain/problem.ts';
import { Signal } from '#shared/kit/signal.ts';

export interface Notice {
  message: string;
  next?: string;
}

/** So many are kept; who comes later is told the newest. */
const KEPT = 20;

/** What the user should know, of this start and since. */
export class Notices {
  /** What was not said before. */
  readonly added = new Signal<Notice>();
  readonly #list: Notice[];
  #trouble: Notice | undefined;

  constructor(first: readonly Notice[]) {
    this.#list = [...first];
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  add(notice: Notice): void {
    if (this.#list.some(({ message }) => message === notice.message)) return;
    this.#list.push(notice);
    this.#list.splice(0, this.#list.length - KEPT);
    this.added.emit(notice);
  }

  /** The log cannot be written, or it can again (null). */
  writing(problem: Problem | null): void {
    if (this.#trouble !== undefined) this.#remove(this.#trouble);
    this.#trouble = undefined;
    if (problem === null) {
      this.add(savedAgain);
      return;
    }
    this.#remove(savedAgain);
    const { message, next } = problem;
    this.#trouble = {
      message: `${message} What comes now is not saved yet; running answers go on, and are shown once they are saved.`,
      ...(next === undefined ? {} : { next }),
    };
    this.add(this.#trouble);
  }

  #remove({ message }: Notice): void {
    const at = this.#list.findIndex((each) => each.message === message);
    if (at >= 0) this.#list.splice(at, 1);
  }
}

const savedAgain: Notice = { message: 'Everything is saved again, and nothing of the running answers was lost.' };
