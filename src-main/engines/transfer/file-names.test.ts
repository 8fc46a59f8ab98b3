import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileNames, fileName } from './file-names.ts';

describe('the name of a file', () => {
  it.each([
    ['Greek plays', 'Greek plays'],
    ['../../etc/passwd', 'etc passwd'],
    ['C:\\Windows\\x', 'C Windows x'],
    ['a/b|c?d*e"f<g>h:i', 'a b c d e f g h i'],
    ['con', 'session con'],
    ['NUL.txt', 'session NUL.txt'],
    ['lpt1 . x', 'session lpt1 . x'],
    ['...', 'session'],
    ['   ', 'session'],
    ['', 'session'],
    ['.hidden.', 'hidden'],
    ['line\nbreak\ttab\0nul', 'line break tab nul'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['a\u200bb\ufeffc', 'abc'],
    ['\ud800lone', 'lone'],
    ['naïve 日本 👩‍👩‍👧', 'naïve 日本 👩👩👧'],
    ['e\u0301', '\u00e9'],
  ])('%j is %j', (title, name) => {
    expect(fileName(title)).toBe(name);
  });

  it('is one that every file system takes, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (title) => {
        const name = fileName(title);
        expect(name).toMatch(/^[^<>:"/\\|?*\u0000-\u001f]+$/);
        expect(name).not.toMatch(/^[. ]|[. ]$/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
        expect(name.isWellFormed()).toBe(true);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is cut at whole characters', () => {
    const name = fileName('👍🏽'.repeat(100));
    expect(name).toBe('👍🏽'.repeat(18));
  });
});

describe('names in one folder', () => {
  it('are there once each, in any case of letters, also where a title looks like a number that was given', () => {
    const names = new FileNames();
    const given = ['Plan', 'plan', 'Plan (2)', 'PLAN', 'plan (2)'].map((title) => names.of(title, '.md'));
    expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(5);
    expect(given.slice(0, 2)).toEqual(['Plan.md', 'plan (2).md']);
  });

  it('stay apart and are found soon, however many have one title', () => {
    const names = new FileNames();
    const given = new Set<string>();
    for (let nth = 0; nth < 20_000; nth++) given.add(names.of('New conversation', '.json'));
    expect(given.size).toBe(20_000);
    expect(given).toContain('New conversation (20000).json');
  });
});
