import { answerRequest, MAX_BODY } from '../answer.ts';
import type { Area } from '../area.ts';
import { estimateTokens } from '../estimate.ts';
import { asGuest } from '../guest.ts';
import { modelNames, resolveModel } from '../models.ts';
import { readBody } from '../request-problem.ts';
import { embeddings } from './embeddings.ts';
import { tellOpenAi } from './problem.ts';
import { wishOf } from './request.ts';
import { ChatBody, EmbeddingsBody } from './schema.ts';
import { streamTelling, wholeOf } from './telling.ts';

const chat = { config: { scope: 'chat' as const }, bodyLimit: MAX_BODY };
const list = { config: { scope: ['chat', 'read'] as const } };

/** What programs know as the OpenAI API (chat completions), at `/v1`: https://platform.openai.com/docs/api-reference. */
export const openAiArea: Area = {
  name: 'openai',
  owns: (path) => path === '/v1' || path.startsWith('/v1/'),
  tell: tellOpenAi,
  install(app, context) {
    const { choragus, clock, newId } = context;
    const created = Math.floor(clock.now() / 1000);
    const modelOf = (id: string) => ({ id, object: 'model', created, owned_by: 'choragus' });

    app.get('/v1/models', list, async () => ({ object: 'list', data: modelNames(choragus.roster()).map(modelOf) }));
    app.get<{ Params: { '*': string } }>('/v1/models/*', list, async ({ params: { '*': name } }) => {
      resolveModel(name, choragus.roster());
      return modelOf(name);
    });

    app.post('/v1/chat/completions', chat, async (request, reply) => {
      const body = readBody(ChatBody, request.body);
      const wish = wishOf(body, resolveModel(body.model, choragus.roster()));
      const head = {
        id: `chatcmpl-${newId()}`,
        created: Math.floor(clock.now() / 1000),
        model: body.model,
        estimated: estimateTokens(wish),
      };
      return answerRequest(request, reply, context, {
        wish,
        telling: () => streamTelling(head, body.stream_options?.include_usage === true),
        whole: (answer) => wholeOf(head, answer),
      });
    });

    app.post('/v1/embeddings', chat, async (request, reply) => {
      const body = readBody(EmbeddingsBody, request.body);
      const to = resolveModel(body.model, choragus.roster());
      return asGuest(request, reply, context, ({ signal }, token) =>
        embeddings(body, to, choragus.completions, { token, signal }),
      );
    });
  },
};
