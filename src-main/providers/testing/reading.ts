import { readFileSync } from 'node:fs';
import { Problem } from '#shared/domain/problem.ts';
import { Answer } from '../answer.ts';
import type { ProviderDeclaration } from '../create.ts';
import type { Dialect } from '../dialect.ts';
import type { Http } from '../http.ts';
import type { ChatRequest, ProviderPart } from '../provider.ts';
import { collect, request } from './collect.ts';
import { make, never } from './make.ts';

type Pieces = Iterable<Uint8Array | string>;

export const fixture = (path: string): Buffer => readFileSync(new URL(`../${path}`, import.meta.url));

/** Reads an answer without any network: bytes in, parts out; what is thrown before the start is kept beside them. */
export function readAnswer(
  dialect: Dialect,
  pieces: Pieces,
  { ending = 'end', asked = {} }: { ending?: 'end' | 'break'; asked?: Partial<ChatRequest> } = {},
): { parts: ProviderPart[]; error: unknown } {
  const who = { name: 'Test Service', baseUrl: 'http://127.0.0.1/v1', key: undefined, texts: [] };
  const parts: ProviderPart[] = [];
  try {
    const answer = new Answer(who.name, dialect.reader(who, request(asked)), (part) => parts.push(part));
    for (const piece of pieces) answer.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    if (ending === 'end') answer.end();
    else answer.fail(new Problem('PROVIDER_BROKE_OFF', 'The connection broke.'));
  } catch (error) {
    return { parts, error };
  }
  return { parts, error: undefined };
}

/** A network that answers everything with these bytes, in these pieces. */
export const answering =
  (pieces: Pieces, ending: 'end' | 'break' = 'end'): Http =>
  async () => ({
    status: 200,
    headers: {},
    body: {
      async read(take) {
        for (const piece of pieces) {
          const answer = take(typeof piece === 'string' ? Buffer.from(piece) : piece);
          if (answer === false) return;
          await answer;
        }
        if (ending === 'break') throw new Problem('PROVIDER_BROKE_OFF', 'The connection broke.');
      },
    },
  });

/** The same through a whole provider, for those whose answers a package reads. */
export const readAs = (
  kind: ProviderDeclaration['kind'],
  pieces: Pieces,
  { ending, asked }: { ending?: 'end' | 'break'; asked?: Partial<ChatRequest> } = {},
) => collect(make(kind, 'http://127.0.0.1/v1', { http: answering(pieces, ending) }), request(asked), never());

/** The models that a provider of this kind makes out of a list. */
export const listAs = (kind: ProviderDeclaration['kind'], list: unknown) =>
  make(kind, 'http://127.0.0.1/v1', { http: answering([JSON.stringify(list)]) }).models(never());
