import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DATA_LINE } from '../work-models.ts';
import { data } from './data.ts';
import { readTable } from './read.ts';
import { converted } from './write.ts';

const csv = [
  'name,city,amount,born',
  'Anna,Bern,120,1990-01-02',
  'Bo,Basel,80,',
  'Carl,Bern,40.5,1985-05-06',
  '"Dora, Dr.",Genf,300,1970-12-31',
].join('\n');
const ask = (text: string, earlier: string[] = [csv]) => data({ text, earlier });
/** The cells of the table in an answer, without its head. */
const rows = (text: string, earlier?: string[]) =>
  (ask(text, earlier) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it.each<[string, string[][]]>([
  ['filter amount > 50 and city = Bern', [['Anna', 'Bern', '120', '1990-01-02']]],
  ['filter city is Genf or amount at most 41 | select name', [['Carl'], ['Dora, Dr.']]],
  ['keep born is empty | select name', [['Bo']]],
  ['filter name contains "dr" | select city, amount', [['Genf', '300']]],
  ['filter city is not Bern | sort by amount desc | select name', [['Dora, Dr.'], ['Bo']]],
  ['sort by amount | first 2 | select amount', [['40.5'], ['80']]],
  [
    'group by city, sum amount, count',
    [
      ['Basel', '80', '1'],
      ['Bern', '160.5', '2'],
      ['Genf', '300', '1'],
    ],
  ],
  [
    'Group by city and average amount',
    [
      ['Basel', '80'],
      ['Bern', '80.25'],
      ['Genf', '300'],
    ],
  ],
  [
    'unique city',
    [
      ['Bern', '2'],
      ['Basel', '1'],
      ['Genf', '1'],
    ],
  ],
  ['how many rows', [['4']]],
  ['please sort by born then last 1 | select name', [['Bo']]],
])('carries out “%s”', (text, expected) => {
  expect(rows(text)).toEqual(expected);
});

it.each([
  [
    'group by city, sum amount',
    '\n\n',
    'city,amount\nBern,10\nKiel,5\nBern,32',
    [
      ['Bern', '42'],
      ['Kiel', '5'],
    ],
  ],
  ['select city, amount', '\n', 'city,amount\nBern,10', [['Bern', '10']]],
])('%s is no row of names, also when it has as many commas as the data below', (wish, between, table, expected) => {
  expect(rows(`${wish}${between}${table}`, [])).toEqual(expected);
});

it('describes each column', () => {
  expect(rows('describe')).toEqual([
    ['name', 'text', '4', '0', '4', '', '', '', ''],
    ['city', 'text', '4', '0', '3', '', '', '', ''],
    ['amount', 'number', '4', '0', '4', '135.125', '100', '40.5', '300'],
    ['born', 'date', '3', '1', '3', '', '', '1970-12-31', '1990-01-02'],
  ]);
});

it.each([
  ['CSV', 'a,b\n1,x\n2,y'],
  ['CSV', 'a;b\n1;x\n2;y'],
  ['JSON', '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'],
  ['JSON', '{"page":1,"items":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}'],
  ['JSON', '{"a":1,"b":"x"}\n{"a":2,"b":"y"}'],
  ['YAML', '- a: 1\n  b: x\n- a: 2\n  b: y'],
  ['Markdown', '| a | b |\n| --- | --- |\n| 1 | x |\n| 2 | y |'],
])('reads %s, bare below a command and in a fence', (format, text) => {
  for (const message of [
    `sort by a desc\n${text}`,
    `sort by a desc\n\n\`\`\`\n${text}\n\`\`\``,
    `${text}\n\nsort by a desc`,
  ]) {
    expect(ask(message, [])).toContain(`Read as ${format}: 2 rows, 2 columns`);
    expect(rows(message, [])).toEqual([
      ['2', 'y'],
      ['1', 'x'],
    ]);
  }
});

it.each([
  'Dear team, hello.\nI like apples, pears, and plums.\nRegards, Bo',
  'Note: buy milk',
  'What is 2+2?',
  'hello',
])('takes “%s” for no data', (text) => {
  expect(ask(text, [])).toBeNull();
});

it('names the columns when one is not there, and the command that it does not know', () => {
  expect(ask('filter colour = red')).toContain('There is no column “colour”. There are: “name”, “city”');
  expect(ask('sort by amount | dance')).toContain('“dance” is no command');
  expect(ask(`dance\n${csv}`)).toContain(
    '“dance” is no command that this model knows, so here is what the data holds.',
  );
  expect(ask('sort by amount', [])).toContain('There is no data in this conversation yet.');
  expect(ask('group by city, sum')).toContain('Say which column to take the sum of');
});

it('keeps codes with leading zeros, names that stand twice, and what is nested', () => {
  expect(ask('convert to json\nzip,a,a\n03010,1,2', [])).toContain('"zip": "03010",\n    "a": 1,\n    "a 2": 2');
  expect(ask('convert to json\na,a 2,a\n1,2,3', [])).toContain('"a": 1,\n    "a 2": 2,\n    "a 3": 3');
  expect(ask('convert to csv', ['[{"a":{"b":1}}]'])).toContain('"{""b"":1}"');
});

it('shows fifty rows and says how many there are; a conversion gives all', () => {
  const long = ['n,m', ...Array.from({ length: 80 }, (_, index) => `${index},x`)].join('\n');
  expect(ask(`sort by n\n${long}`, [])).toContain('The first 50 of 80 rows');
  expect(rows(`sort by n\n${long}`, [])).toHaveLength(50);
  expect(
    ask('convert to tsv', [long])!
      .split('\n')
      .filter((line) => /^\d+\tx$/.test(line)),
  ).toHaveLength(80);
});

it('loses nothing on the way through CSV, JSON and YAML', () => {
  const cell = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.stringMatching(/^[a-z",;:#'|\n -]{1,12}$/));
  const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.record({
      columns: fc.constant(['a', 'b', 'c', 'd'].slice(0, width)),
      rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
    }),
  );
  fc.assert(
    fc.property(table, fc.constantFrom('json', 'yaml'), (given, format) => {
      const fence = converted(given, format as 'json');
      expect(readTable(fence.split('\n').slice(1, -1).join('\n'))?.table).toEqual(given);
    }),
  );
});

it('takes a list of records for that, whatever signs stand in it', () => {
  const table = { columns: ['a', 'b'], rows: [['|\n', '|\n']] };
  expect(readTable('- a: "|\\n"\n  b: "|\\n"')).toEqual({ table, format: 'YAML' });
});

it('answers anything at all, or takes it for no data', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('filter ', 'group by ', 'sort by ', 'select ', ''), (text, command) => {
      const answer = ask(`${command}${text}`);
      expect(answer === null || answer.startsWith(DATA_LINE)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('says nothing of the data anywhere but in its answer', () => {
  const warned: string[] = [];
  const listen = (warning: Error) => warned.push(warning.message);
  process.on('warning', listen);
  ask('describe\n- name: !secret diary', []);
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });
});
