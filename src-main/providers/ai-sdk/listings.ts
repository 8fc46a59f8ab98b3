import { readModels } from '../openai/models.ts';
import type { Listing } from '../service.ts';

export const bearer = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };

/** People also paste the whole address of a call. */
export const trimmed = (baseUrl: string) =>
  baseUrl.replace(/\/+$/, '').replace(/\/(chat\/completions|responses|models)$/, '');

/** `GET /models` in the form of OpenAI's. */
export const openaiListing: Listing = {
  headers: bearer,
  models: (baseUrl) => `${trimmed(baseUrl)}/models`,
  readModels,
};
