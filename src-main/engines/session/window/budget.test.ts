import { expect, it } from 'vitest';
import { budgetOf, summaryTokens } from './budget.ts';

const all = { tokens: null };

it('is what the model takes, less room for the answer and for what stands around the messages', () => {
  expect(budgetOf(all, { contextWindow: 128_000 }, undefined)).toEqual({ tokens: 121_344, of: 'model' });
  expect(budgetOf(all, { contextWindow: 128_000, maxOutput: 1000 }, undefined)).toEqual({
    tokens: 124_440,
    of: 'model',
  });
  expect(budgetOf(all, { contextWindow: 128_000 }, 16_000)).toEqual({ tokens: 109_440, of: 'model' });
  // A quarter of a small one.
  expect(budgetOf(all, { contextWindow: 2000 }, undefined)).toEqual({ tokens: 1460, of: 'model' });
});

it('is at least half of what the model takes, whatever answer is asked for', () => {
  expect(budgetOf(all, { contextWindow: 8000 }, 8000)).toEqual({ tokens: 4000, of: 'model' });
});

it('is assumed where nobody tells', () => {
  expect(budgetOf(all, undefined, undefined)).toEqual({ tokens: 27_264, of: 'assumed' });
  expect(budgetOf(all, {}, 1000)).toEqual({ tokens: 30_360, of: 'assumed' });
});

it('is what the history window says, unless the model takes less', () => {
  expect(budgetOf({ tokens: 500 }, { contextWindow: 8000 }, undefined)).toEqual({ tokens: 500, of: 'window' });
  expect(budgetOf({ tokens: 50_000 }, { contextWindow: 8000 }, undefined)).toMatchObject({ of: 'model' });
});

it('leaves an eighth for what is told in short, and no more than 1,500 tokens', () => {
  expect([800, 8000, 200_000].map((tokens) => summaryTokens({ tokens, of: 'model' }))).toEqual([100, 1000, 1500]);
});
