import type fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { calls, streams } from '#shared/contract/contract.ts';
import { problems } from '#shared/domain/problem.ts';
import type { Told } from './rpc-line.ts';
import { fitting, type Schema } from './values.ts';

export type Name = keyof typeof calls | keyof typeof streams;
export const contract: Record<string, { params: z.ZodType; result?: z.ZodType; item?: z.ZodType }> = {
  ...calls,
  ...streams,
};
/** Of all calls and streams. */
export const names = Object.keys(contract) as Name[];

/** What may be asked of it. */
export const paramsOf = (name: Name): fc.Arbitrary<unknown> =>
  fitting(z.toJSONSchema(contract[name]!.params, { io: 'input', unrepresentable: 'any' }) as Schema, () => ({}));

/** Null: too deep to tell. */
export function fits(name: Name, params: unknown): boolean | null {
  try {
    return contract[name]!.params.safeParse(params).success;
  } catch {
    return null;
  }
}

/** Undefined: it is no JSON. */
export function parsed(frame: string): { params?: unknown } | undefined {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}

/** Null: it is no refusal. */
export const codeOf = ({ error }: Told): string | null => error?.data?.code ?? null;

/** A problem as it is documented, and no mistake of ours. */
export function expectProblem(told: Told): void {
  const code = codeOf(told) as keyof typeof problems;
  expect(Object.keys(problems), JSON.stringify(told).slice(0, 500)).toContain(code);
  expect(['INTERNAL', 'STORAGE'], JSON.stringify(told)).not.toContain(code);
  expect(told.error).toMatchObject({ code: problems[code].rpc, message: expect.any(String) });
}
