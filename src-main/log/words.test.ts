import SQLite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createVolume } from './search-tables.ts';
import { eachWord, indexed, terms, wordsOf } from './words.ts';

test('the index has exactly the words that are told apart here, for every sign there may be', () => {
  const db = new SQLite(':memory:');
  createVolume(db, 0);
  db.exec('CREATE VIRTUAL TABLE held USING fts5vocab (search_0, instance)');
  const insert = db.prepare('INSERT INTO search_0 (rowid, text, who) VALUES (?, ?, ?)');
  const blocks: string[] = [];
  // What lies beyond is not given to any sign.
  for (let start = 0; start < 0x33500; start += 64) {
    const points = Array.from({ length: 64 }, (_, index) => start + index);
    const signs = points.filter((point) => point > 0 && (point < 0xd800 || point > 0xdfff));
    blocks.push(signs.map((point) => `a${String.fromCodePoint(point)}B`).join(' . '));
  }
  db.transaction(() => {
    for (const [row, text] of blocks.entries()) insert.run(row, indexed(text), '');
  })();
  const held = blocks.map((): string[] => []);
  const rows = db.prepare<[], { doc: number; term: string }>(
    `SELECT doc, term FROM held WHERE col = 'text' ORDER BY doc, offset`,
  );
  for (const { doc, term } of rows.iterate()) held[doc]!.push(term);
  for (const [row, text] of blocks.entries()) expect(held[row], `block ${row}`).toEqual(wordsOf(text));
  db.close();
}, 60_000);

test('case, diacritics and ways to encode a sign do not matter; scripts without spaces are words sign by sign', () => {
  expect(wordsOf('Übergröße STRASSE Straẞe')).toEqual(['ubergrosse', 'strasse', 'strasse']);
  expect(wordsOf('caf\u00e9 cafe\u0301 ＣＡＦＥ ﬁn')).toEqual(['cafe', 'cafe', 'cafe', 'fin']);
  expect(wordsOf('ΣΊΣΥΦΟΣ Σίσυφος')).toEqual(['σισυφοσ', 'σισυφοσ']);
  expect(wordsOf('今日はGPT4o天気')).toEqual(['今', '日', 'は', 'gpt4o', '天', '気']);
  expect(wordsOf('don’t snake_case a.b 3½')).toEqual(['don', 't', 'snake', 'case', 'a', 'b', '31', '2']);
  expect(wordsOf('🦦 … \ud83e')).toEqual([]);
});

test('each word stands where it was written', () => {
  const text = '𝔘nd: Größe, ½ 天気!';
  const places: [string, string][] = [];
  eachWord(text, (word, from, to) => places.push([word, text.slice(from, to)]));
  expect(places).toEqual([
    ['und', '𝔘nd'],
    ['grosse', 'Größe'],
    ['1', '½'],
    ['2', '½'],
    ['天', '天'],
    ['気', '気'],
  ]);
});

test('a query is words, phrases in quotes and beginnings, whatever else stands in it', () => {
  const said = (query: string) => terms(query).map(({ words, open }) => words.join(' ') + (open ? '…' : ''));
  expect(said('apples pea')).toEqual(['apples', 'pea…']);
  expect(said('app* pears, ')).toEqual(['app…', 'pears']);
  expect(said('"green apples" pea')).toEqual(['green apples', 'pea…']);
  expect(said('"green apples"')).toEqual(['green apples']);
  expect(said('"green app"*')).toEqual(['green app…']);
  expect(said('"green app')).toEqual(['green app…']);
  expect(said('a "b" "" *')).toEqual(['a', 'b']);
  expect(said('NEAR(a b) AND text:c OR ^d - NOT')).toEqual(['near a', 'b', 'and', 'text c', 'or', 'd', 'not…']);
  expect(said(' " * ( ) ')).toEqual([]);
  expect(terms('x '.repeat(100))).toHaveLength(32);
});
