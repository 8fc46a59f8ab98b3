import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answerRequest, MAX_BODY } from '../answer.ts';
import type { Area } from '../area.ts';
import { estimateTokens } from '../estimate.ts';
import { modelNames, resolveModel } from '../models.ts';
import { readBody } from '../request-problem.ts';
import { tellAnthropic } from './problem.ts';
import { questionOf, wishOf } from './request.ts';
import { CountBody, MessagesBody } from './schema.ts';
import { streamTelling, wholeOf } from './telling.ts';

const chat = { config: { scope: 'chat' as const }, bodyLimit: MAX_BODY };
/** Another dialect has these paths, too; clients of this one say which version of it they speak. */
const list = { config: { scope: ['chat', 'read'] as const }, constraints: { anthropic: 'yes' } };

const speaksIt = (headers: IncomingMessage['headers']) => headers['anthropic-version'] !== undefined;
const requestId = () => `req_${randomUUID().replaceAll('-', '')}`;

/** What programs know as the Anthropic API, at `/v1`: https://platform.claude.com/docs/en/api/messages. */
export const anthropicArea: Area = {
  name: 'anthropic',
  owns: (path, headers) =>
    path === '/v1/messages' ||
    path.startsWith('/v1/messages/') ||
    ((path === '/v1/models' || path.startsWith('/v1/models/')) && speaksIt(headers)),
  tell: (problem, retryAfter) => tellAnthropic(problem, requestId(), retryAfter),
  install(app, context) {
    const { choragus, clock, newId } = context;
    const created_at = new Date(clock.now()).toISOString();
    const modelOf = (id: string) => ({ type: 'model', id, display_name: id, created_at });

    app.addConstraintStrategy({
      name: 'anthropic',
      storage: () => {
        const handlers = new Map();
        return { get: (key) => handlers.get(key) ?? null, set: (key, store) => void handlers.set(key, store) };
      },
      deriveConstraint: ({ headers }) => (speaksIt(headers) ? 'yes' : undefined),
      mustMatchWhenDerived: false,
    });
    app.get('/v1/models', list, async () => {
      const data = modelNames(choragus.roster()).map(modelOf);
      return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    });
    app.get<{ Params: { '*': string } }>('/v1/models/*', list, async ({ params: { '*': name } }) => {
      resolveModel(name, choragus.roster());
      return modelOf(name);
    });

    app.post('/v1/messages', chat, async (request, reply) => {
      const body = readBody(MessagesBody, request.body);
      const wish = wishOf(body, resolveModel(body.model, choragus.roster()));
      const id = requestId();
      const head = {
        id: `msg_${newId().replaceAll('-', '')}`,
        model: body.model,
        estimated: estimateTokens(wish),
        thinking: body.thinking != null && body.thinking.type !== 'disabled',
      };
      reply.header('request-id', id);
      return answerRequest(request, reply, context, {
        wish,
        telling: () => streamTelling(head, id),
        whole: (answer) => wholeOf(head, answer),
      });
    });

    // An estimate: characters / 4.
    app.post('/v1/messages/count_tokens', chat, async (request) => {
      const body = readBody(CountBody, request.body);
      resolveModel(body.model, choragus.roster());
      return { input_tokens: estimateTokens(questionOf(body)) };
    });
  },
};
