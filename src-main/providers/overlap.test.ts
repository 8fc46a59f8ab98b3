import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OverlapFilter } from './overlap.ts';

const through = (before: string, pieces: string[]) => {
  const filter = new OverlapFilter(before);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
};

describe('the overlap of a continuation', () => {
  const before = 'The loop catches every error, and a hang-up is one too.';

  it('is removed when the last words are repeated', () => {
    expect(through(before, ['a hang-up ', 'is one too. It waits', ' and tries again.'])).toBe(
      ' It waits and tries again.',
    );
  });

  it('is removed when the whole answer is told again', () => {
    expect(through(before, [...`${before} It waits.`])).toBe(' It waits.');
  });

  it('is removed in spite of white space before it', () => {
    expect(through(before, ['\n\na hang-up is one too.', ' So'])).toBe(' So');
  });

  it('leaves a continuation alone that repeats nothing', () => {
    expect(through(before, [' It waits.'])).toBe(' It waits.');
  });

  it('leaves short chance agreements alone', () => {
    expect(through('one two too', ['too many'])).toBe('too many');
  });

  it('does not hold back text that cannot be a repetition', () => {
    const filter = new OverlapFilter(before);
    expect(filter.push('Zebra')).toBe('Zebra');
    expect(filter.push(' crossing')).toBe(' crossing');
  });

  it('gives back what was held when the stream ends early', () => {
    expect(through(before, ['a hang-up'])).toBe('a hang-up');
  });

  it('never loses anything but a repetition, however the text is cut', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, pieces) => {
        const whole = pieces.join('');
        const result = through(text, pieces);
        expect(whole.endsWith(result)).toBe(true);
        const removed = whole.slice(0, whole.length - result.length).trimStart();
        expect(text.endsWith(removed)).toBe(true);
      }),
    );
  });

  it('does not depend on how the text is cut', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab ]{0,40}$/), fc.array(fc.stringMatching(/^[ab ]{0,9}$/)), (text, pieces) => {
        expect(through(text, pieces)).toBe(through(text, [pieces.join('')]));
      }),
    );
  });
});
