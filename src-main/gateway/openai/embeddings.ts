import type { z } from 'zod';
import type { Target } from '#shared/domain/things.ts';
import type { Choragus } from '../../compose.ts';
import { present } from '../present.ts';
import type { EmbeddingsBody } from './schema.ts';

/** Answers `POST /v1/embeddings`. Rejects with the provider's Problem. */
export async function embeddings(
  body: z.output<typeof EmbeddingsBody>,
  to: Target,
  completions: Pick<Choragus['completions'], 'embed'>,
  { token, signal }: { token: string | null; signal: AbortSignal },
) {
  const { input, model, dimensions, encoding_format } = body;
  const texts = typeof input === 'string' ? [input] : input;
  const { vectors, tokens } = await completions.embed(
    { to, texts, token, dialect: 'openai', ...present({ dimensions }) },
    signal,
  );
  const used = tokens ?? Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4);
  const told = encoding_format === 'base64' ? base64 : (vector: number[]) => vector;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: told(vector) })),
    model,
    usage: { prompt_tokens: used, total_tokens: used },
  };
}

/** 32-bit floats, the least byte first. */
function base64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
