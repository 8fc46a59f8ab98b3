import { expect, test } from 'vitest';
import { bytes, count, counted, duration, ordinal, perSecond, secondsUntil, size } from './format.ts';

test('durations have a unit, a space and the digits that matter', () => {
  expect([0.2, 4, 212.4, 1640, 12_345, 65_400].map(duration)).toEqual([
    '< 1 ms',
    '4 ms',
    '212 ms',
    '1.64 s',
    '12.3 s',
    '1 min 5 s',
  ]);
});

test('rates below ten keep a digit', () => {
  expect([0, 3.1234, 84.2, 1240].map(perSecond)).toEqual(['0 tok/s', '3.1 tok/s', '84 tok/s', '1,240 tok/s']);
});

test('counts are grouped, one is singular, nothing is no', () => {
  expect(count(6412)).toBe('6,412');
  expect([0, 1, 318].map((value) => counted(value, 'token'))).toEqual(['no tokens', '1 token', '318 tokens']);
});

test('small ordinals are words, large ones have the right ending', () => {
  expect([1, 3, 10, 11, 12, 13, 21, 22, 23, 24, 111].map(ordinal)).toEqual([
    'first',
    'third',
    'tenth',
    '11th',
    '12th',
    '13th',
    '21st',
    '22nd',
    '23rd',
    '24th',
    '111th',
  ]);
});

test('a countdown ends at nothing and never goes below', () => {
  expect([3000, 2001, 1, 0, -5000].map((ms) => secondsUntil(10_000 + ms, 10_000))).toEqual([3, 3, 1, 0, 0]);
});

test('sizes of a context are in thousands and millions', () => {
  expect([512, 4096, 32_768, 128_000, 1_048_576, 1_500_000].map(size)).toEqual([
    '512',
    '4k',
    '32k',
    '128k',
    '1M',
    '1.5M',
  ]);
});

test('sizes on a disk are in the unit that leaves three digits', () => {
  expect([0, 96, 312_400, 999_900, 184_000_000, 1_260_000_000].map(bytes)).toEqual([
    '0 B',
    '96 B',
    '312 kB',
    '1 MB',
    '184 MB',
    '1.26 GB',
  ]);
});
