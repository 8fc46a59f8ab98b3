import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { calls, PROTOCOL, streams } from './contract.ts';

/** Of everything that crosses the wire in this version of the contract. */
const PINNED = '17edefb598550c8f';

const schema = (type: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(type, { io, unrepresentable: 'any' });

const wire = {
  protocol: PROTOCOL,
  calls: Object.entries(calls).map(([name, { params, result }]) => [
    name,
    schema(params, 'input'),
    schema(result, 'output'),
  ]),
  streams: Object.entries(streams).map(([name, { params, item }]) => [
    name,
    schema(params, 'input'),
    schema(item, 'output'),
  ]),
};

const sorted = (_key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

it('the wire is as it was decided to be', () => {
  const fingerprint = createHash('sha256').update(JSON.stringify(wire, sorted)).digest('hex').slice(0, 16);
  expect(
    fingerprint,
    `The contract has changed. If other programs can still talk to it (something was added, nothing taken away or made
stricter), write ${fingerprint} into contract.test.ts. If old clients would misread it, raise PROTOCOL too.`,
  ).toBe(PINNED);
});
