import { type Act, json, stream } from '../../src-main/providers/testing/server.ts';
import { chatList, openaiStream } from '../../src-main/providers/testing/streams.ts';

/** Long enough for a speed. */
const words = Array.from({ length: 12 }, (_, index) => `word${index} `);
const speed = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Lists these models, and answers whatever else is asked with the same words. */
export const listing =
  (...models: string[]): Act =>
  (request, response) =>
    request.path.endsWith('/models')
      ? json(chatList(models.map((id) => ({ id }))))(request, response)
      : stream(openaiStream(words), { pace: speed })(request, response);

/** As Ollama answers, after https://github.com/ollama/ollama/blob/main/docs/api.md */
export const ollama = (...models: string[]): Act => {
  const own: Record<string, unknown> = {
    '/api/version': { version: '0.12.3' },
    '/api/tags': { models: models.map((name) => ({ name, model: name, digest: `sha256:${name}` })) },
  };
  return (request, response) => (own[request.path] ? json(own[request.path]) : listing(...models))(request, response);
};
