import { z } from 'zod';

/** How a simulated provider behaves; stands under `options` in the configuration. */
export const SimulatorOptions = z.strictObject({
  rate: z.number().positive().max(1_000_000).default(40).describe('Tokens a second.'),
  firstTokenMs: z.number().min(0).max(3_600_000).default(300).describe('Time to the first token.'),
  tokens: z.int().min(1).max(100_000).default(160).describe('Tokens of an answer.'),
  reasoningTokens: z.int().min(1).max(100_000).default(60).describe('Tokens that `thinker` thinks before it answers.'),
  seed: z.int().default(1).describe('Another seed gives other texts.'),
  failures: z.int().min(0).default(2).describe('How often `fails` fails before it answers.'),
  breakAfter: z.int().min(1).default(40).describe('Tokens after which `breaks-off`, `errors` and `stalls` do so.'),
});
export type SimulatorOptions = z.output<typeof SimulatorOptions>;
