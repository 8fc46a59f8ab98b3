import { Problem, type ProblemCode } from '#shared/domain/problem.ts';

const NEXT = 'Export it again where it comes from, or choose another file.';

/** Something in a file that is not as it must be. `place`: where in it; it never holds what stands there. */
export class Wrong extends Error {
  readonly place: string;
  readonly code: ProblemCode;
  readonly next: string;

  constructor(place: string, what: string, { code = 'INVALID_PARAMS' as ProblemCode, next = NEXT } = {}) {
    super(what);
    this.name = 'Wrong';
    this.place = place;
    this.code = code;
    this.next = next;
  }

  /** In this file, or this entry of it. */
  in(where: string): Problem {
    const place = this.place === '' ? where : `${where}, ${this.place}`;
    return new Problem(this.code, `${place}: ${this.message}.`, this.next);
  }
}

const SHOWN = 80;

/** A name from outside as it can stand in a sentence: nothing that is not seen, or turns the line around. */
export function shown(name: string): string {
  const plain = name
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return plain.length <= SHOWN ? plain || 'a file' : `${plain.slice(0, SHOWN - 20).toWellFormed()}…${plain.slice(-18)}`;
}
