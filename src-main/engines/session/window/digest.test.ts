import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf, hashOf, isDigestOf } from './digest.ts';

const request = {
  messages: [{ role: 'user' as const, text: 'Grüße' }],
  model: 'm',
  maxTokens: 9,
  temperature: undefined,
  system: 'Be brief.',
  prefill: false,
  session: 's',
};
const json =
  '{"messages":[{"role":"user","text":"Grüße"}],"model":"m","parameters":{"maxTokens":9},"prefill":false,"system":"Be brief."}';

describe('the digest of a request', () => {
  it('is the first 16 bytes of the SHA-256 of its canonical JSON', () => {
    const whole = createHash('sha256').update(json).digest();
    expect(digestOf(request)).toBe(whole.subarray(0, 16).toString('base64url'));
    expect(digestOf(request)).toHaveLength(22);
  });

  it('is its own, and so is the whole SHA-256 of early records; nothing else is', () => {
    expect(isDigestOf(digestOf(request), request)).toBe(true);
    expect(isDigestOf(hashOf(json), request)).toBe(true);
    const other = { ...request, model: 'n' };
    expect(isDigestOf(digestOf(request), other)).toBe(false);
    expect(isDigestOf(hashOf(json), other)).toBe(false);
    for (const cut of ['', hashOf(json).slice(0, 22), hashOf(json).slice(0, 42), `${digestOf(request)}A`])
      expect(isDigestOf(cut, request)).toBe(false);
  });
});
