import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { Budget, Rates, rateKey } from './rate.ts';

it('a minute’s requests may come at once, then they come back evenly', () => {
  const clock = fakeClock();
  const rates = new Rates(60, clock);
  for (let left = 59; left >= 0; left--) expect(rates.take('a')).toMatchObject({ limit: 60, left, waitMs: 0 });
  expect(rates.take('a')).toEqual({ limit: 60, left: 0, fullMs: 60_000, waitMs: 1000 });
  clock.advance(999);
  expect(rates.take('a').waitMs).toBeCloseTo(1);
  clock.advance(1);
  expect([rates.take('a').waitMs, rates.take('a').waitMs]).toEqual([0, 1000]);
  clock.advance(3_600_000);
  expect(rates.take('a')).toMatchObject({ left: 59, fullMs: 1000 });
});

it('nobody uses up what is another’s', () => {
  const rates = new Rates(10, fakeClock());
  for (let asked = 0; asked < 20; asked++) rates.take('a');
  expect(rates.take('b')).toMatchObject({ left: 9, waitMs: 0 });
});

it('in no time more comes through than the limit allows, whenever it is asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { maxLength: 300 }), fc.integer({ min: 10, max: 200 }), (pauses, limit) => {
      const clock = fakeClock();
      const rates = new Rates(limit, clock);
      let through = 0;
      let elapsed = 0;
      for (const pause of pauses) {
        clock.advance(pause);
        elapsed += pause;
        if (rates.take('a').waitMs === 0) through++;
        expect(through).toBeLessThanOrEqual(limit + (elapsed * limit) / 60_000 + 1e-6);
      }
    }),
  );
});

it('remembers so many and no more: who asked longest ago begins anew', () => {
  const rates = new Rates(10, fakeClock());
  for (const key of ['old', 'busy']) for (let asked = 0; asked < 10; asked++) rates.take(key);
  for (let other = 0; other < 9_999; other++) rates.take(String(other));
  expect([rates.take('busy').waitMs > 0, rates.take('old').waitMs]).toEqual([true, 0]);
});

it('what a socket spends is what its token has, and the refusal says when to come again', () => {
  const clock = fakeClock();
  const rates = new Rates(10, clock);
  const budgets = [new Budget(rates, 'token a'), new Budget(rates, 'token a')];
  for (let asked = 0; asked < 10; asked++) budgets[asked % 2]!.spend();
  expect(() => budgets[0]!.spend()).toThrow(
    expect.objectContaining({
      code: 'RATE_LIMITED',
      message: 'More than 10 requests came in a minute.',
      next: 'Ask again in 6 s, or raise limits.requestsPerMinute in the configuration.',
    }),
  );
  clock.advance(6000);
  budgets[1]!.spend();
});

it('a token counts wherever it comes from, the user by address, our own pages not at all', () => {
  const scopes = ['chat'] as const;
  expect(rateKey({ token: { id: 'a', name: '' }, scopes, page: false }, '1.2.3.4')).toBe('token a');
  expect(rateKey({ token: null, scopes: 'user', page: false }, '1.2.3.4')).toBe('user 1.2.3.4');
  expect(rateKey(null, '1.2.3.4')).toBe('nobody 1.2.3.4');
  expect(rateKey({ token: null, scopes: 'user', page: true }, '1.2.3.4')).toBeNull();
});
