import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calls } from '#shared/contract/contract.ts';
import { originOf } from './origin.ts';

test('of the address of a page its origin is taken, as browsers send it', () => {
  expect(originOf(' https://Example.org/app?x=1#y ', [])).toEqual({ origin: 'https://example.org' });
  expect(originOf('http://localhost:5173', [])).toEqual({ origin: 'http://localhost:5173' });
  expect(originOf('https://example.org:443', [])).toEqual({ origin: 'https://example.org' });
});

test('what is no origin is refused with what is wrong', () => {
  const wrong = (typed: string) => (originOf(typed, ['https://example.org']) as { problem: string }).problem;
  expect(wrong('example.org')).toMatch(/begins with/);
  expect(wrong('file:///home')).toMatch(/begins with/);
  expect(wrong('*')).toMatch(/by itself/);
  expect(wrong('https://*.example.org')).toMatch(/by itself/);
  expect(wrong('https://ada:secret@example.org')).toMatch(/no user name/);
  expect(wrong('https://')).toMatch(/no address/);
  expect(wrong('https://EXAMPLE.org/')).toBe('https://example.org is in the list.');
});

test('twenty are the most', () => {
  const listed = Array.from({ length: 20 }, (_, index) => `https://${index}.example.org`);
  expect(originOf('https://example.org', listed)).toHaveProperty('problem');
  expect(originOf('https://example.org', listed.slice(1))).toHaveProperty('origin');
});

test('whatever is typed, what is taken is taken by the gateway as well', () => {
  const typed = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string(), fc.webAuthority());
  fc.assert(
    fc.property(typed, fc.constantFrom('', 'https://', 'http://'), (text, scheme) => {
      const found = originOf(scheme + text, []);
      if ('problem' in found) return;
      const wanted = { enabled: true, port: 0, origins: [found.origin] };
      expect(calls['gateway.set'].params.safeParse(wanted).success).toBe(true);
    }),
  );
});
