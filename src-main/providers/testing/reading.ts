import { readFileSync } from 'node:fs';
import { Problem } from '#shared/domain/problem.ts';
import { Answer } from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import type { ChatRequest, ProviderPart } from '../provider.ts';
import { request } from './collect.ts';

export const fixture = (path: string): Buffer => readFileSync(new URL(`../${path}`, import.meta.url));

/** Reads an answer without any network: bytes in, parts out; what is thrown before the start is kept beside them. */
export function readAnswer(
  dialect: Dialect,
  pieces: Iterable<Uint8Array | string>,
  { ending = 'end', asked = {} }: { ending?: 'end' | 'break'; asked?: Partial<ChatRequest> } = {},
): { parts: ProviderPart[]; error: unknown } {
  const who = { name: 'Test Service', baseUrl: 'http://127.0.0.1/v1', key: undefined, texts: [] };
  const answer = new Answer(who.name, dialect.reader(who, request(asked)));
  const parts: ProviderPart[] = [];
  try {
    for (const piece of pieces) {
      answer.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
      parts.push(...answer.take());
    }
    if (ending === 'end') answer.end();
    else answer.fail(new Problem('PROVIDER_BROKE_OFF', 'The connection broke.'));
    parts.push(...answer.take());
  } catch (error) {
    return { parts: [...parts, ...answer.take()], error };
  }
  return { parts, error: undefined };
}
