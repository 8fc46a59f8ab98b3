import { describe, expect, it } from 'vitest';
import { Problem, type ProblemCode, problems } from '../domain/problem.ts';
import { fromError, toError } from './messages.ts';

describe('problems on the wire', () => {
  it.each(Object.keys(problems) as ProblemCode[])('%s arrives as it was sent', (code) => {
    for (const next of ['Do this.', undefined]) {
      const sent = new Problem(code, 'It happened here.', next);
      expect(fromError(JSON.parse(JSON.stringify(toError(sent)))).toBody()).toEqual(sent.toBody());
    }
  });

  it('a foreign error is read by its number', () => {
    expect(fromError({ code: -32601, message: 'Method not found' })).toMatchObject({
      code: 'UNKNOWN_METHOD',
      message: 'Method not found',
    });
  });

  it.each([
    [null],
    ['no'],
    [[]],
    [{}],
    [{ code: 5, message: 7, data: [] }],
    [{ data: { code: '__proto__', next: 1 } }],
  ])('an error that is none (%j) is a problem nevertheless', (error) => {
    const { code, message, next } = fromError(error);
    expect([code, typeof message, next]).toEqual(['INTERNAL', 'string', undefined]);
  });
});
