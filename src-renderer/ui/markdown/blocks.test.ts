import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockSplitter, finished } from './blocks.ts';

const fragment = fc.constantFrom(
  '# Title',
  '## Sub',
  'Some words',
  'more *words* here',
  '- one',
  '- two',
  '  - nested',
  '1. first',
  '2. second',
  '```js',
  '```',
  '~~~',
  'const a = 1;',
  '    indented',
  '> quoted',
  '> more',
  '---',
  '===',
  '| a | b |',
  '| - | - |',
  '| 1 | 2 |',
  '<div>',
  '</div>',
  '<!-- note',
  '-->',
  '[x]: http://a',
  '[x]',
  '[^1]: note',
  '\t tab',
  ' ',
  '',
  '\\',
  '`',
  '**',
  '$$',
  '* * *',
  '+ plus',
  '10) ten',
  '<b>raw</b>',
  '\u00a0',
  'ä€𝄞',
);
const text = fc
  .array(fc.tuple(fragment, fc.constantFrom('\n', '\n\n', ' ', '', '\r\n', '\n\n\n', '\n  ')), { maxLength: 24 })
  .map((parts) => parts.flat().join(''));

const pieces = fc.tuple(text, fc.array(fc.nat(), { maxLength: 12 })).map(([whole, cuts]) => {
  const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  return [...at.map((end) => whole.slice(0, end)), whole];
});

const shape = (splitter: BlockSplitter, whole: string) =>
  splitter.split(whole).map(({ start, raw }) => ({ start, raw: raw.trimEnd() }));

test('a text that comes in pieces gives the same blocks as the text at once', () => {
  fc.assert(
    fc.property(pieces, (prefixes) => {
      const whole = prefixes.at(-1) ?? '';
      const streamed = new BlockSplitter();
      for (const prefix of prefixes) streamed.split(prefix);
      expect(shape(streamed, whole)).toEqual(shape(new BlockSplitter(), whole));
    }),
    { numRuns: 3000 },
  );
});

test('every character that is not white space between blocks is in exactly one block', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const blocks = new BlockSplitter().split(whole);
      let end = 0;
      for (const block of blocks) {
        expect(whole.slice(end, block.start).trim()).toBe('');
        expect(whole.slice(block.start, block.start + block.raw.length)).toBe(block.raw);
        end = block.start + block.raw.length;
      }
      expect(whole.slice(end).trim()).toBe('');
    }),
  );
});

test('closed blocks keep their identity while the tail grows', () => {
  const splitter = new BlockSplitter();
  const first = splitter.split('One\n\nTwo\n\nThree\n\nFo')[0];
  expect(first).toMatchObject({ raw: 'One', closed: true });
  expect(splitter.split('One\n\nTwo\n\nThree\n\nFour')[0]).toBe(first);
});

test('an answer of many blocks that grew piece by piece holds little more than its text', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const splitter = new BlockSplitter();
  let text = '';
  const before = held();
  for (let block = 0; block < 1000; block++) {
    text += `Block ${block} says a hundred characters or so, ${'and so on '.repeat(6)}\n\n`;
    splitter.split(text);
  }
  expect(held() - before).toBeLessThan(30 * text.length);
  expect(splitter.split(text)).toHaveLength(1000);
});

test('a text that is replaced is split anew', () => {
  const splitter = new BlockSplitter();
  splitter.split('One\n\nTwo\n\nThree\n\nFour');
  expect(splitter.split('# Other').map((block) => block.raw)).toEqual(['# Other']);
});

test('a finished text with link definitions is one block, so that they reach everywhere', () => {
  const text = 'See [a].\n\n[a]: https://example.org';
  expect(finished(text, new BlockSplitter().split(text))).toEqual([{ start: 0, raw: text, closed: true }]);
});

test('a finished text without them keeps its blocks, all closed', () => {
  const blocks = finished('A\n\nB', new BlockSplitter().split('A\n\nB'));
  expect(blocks.map(({ raw, closed }) => [raw, closed])).toEqual([
    ['A', true],
    ['B', true],
  ]);
});
