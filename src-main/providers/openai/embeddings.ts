import { z } from 'zod';
import type { EmbeddingDialect } from '../embeddings.ts';
import type { Embeddings } from '../provider.ts';

const EmbeddingList = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.array(z.number()) })),
  usage: z
    .object({ prompt_tokens: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** `POST /embeddings`; `root`: the address before it. `length`: how the wished length of a vector is called. */
export const openaiEmbeddings = (
  root: (baseUrl: string) => string,
  { length = 'dimensions', most = 2048 } = {},
): EmbeddingDialect => ({
  most,
  url: (baseUrl) => `${root(baseUrl)}/embeddings`,
  body: ({ model, texts, dimensions }) => ({
    model,
    input: texts,
    encoding_format: 'float',
    ...(dimensions === undefined ? {} : { [length]: dimensions }),
  }),
  read(json): Embeddings | undefined {
    const list = EmbeddingList.safeParse(json).data;
    if (list === undefined) return undefined;
    // They come in order, except where they say their places.
    const inOrder = list.data.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
    return { vectors: inOrder.map(({ embedding }) => embedding), tokens: list.usage?.prompt_tokens };
  },
});
