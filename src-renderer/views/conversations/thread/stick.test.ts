import { expect, test } from 'vitest';
import { atEnd, follows } from './stick.ts';

const scroll = (top: number, height = 2000) => ({ top, height, client: 500 });

test('the end is followed while the reader is there', () => {
  expect(follows({ following: true, top: 1490 }, scroll(1500))).toBe(true);
  expect(follows({ following: false, top: 900 }, scroll(1480))).toBe(true);
});

test('scrolling up ends the following, however little new text there is', () => {
  expect(follows({ following: true, top: 1500 }, scroll(1400))).toBe(false);
  expect(follows({ following: true, top: 1500 }, scroll(1497))).toBe(false);
});

test('a text that becomes shorter under a reader at its end leaves the reader at its end', () => {
  expect(follows({ following: true, top: 1500 }, scroll(1300, 1800))).toBe(true);
});

test('text that grows between the scroll and its event does not end the following', () => {
  expect(follows({ following: true, top: 1500 }, scroll(1500, 2400))).toBe(true);
});

test('moving down in the middle does not begin it', () => {
  expect(follows({ following: false, top: 300 }, scroll(600))).toBe(false);
});

test('a conversation that fits is at its end', () => {
  expect(atEnd({ top: 0, height: 400, client: 500 })).toBe(true);
});
