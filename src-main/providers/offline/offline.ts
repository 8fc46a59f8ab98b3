import { Problem } from '#shared/domain/problem.ts';
import { withoutExtras } from '../extras.ts';
import { giver, pause } from '../pace.ts';
import { type ChatRequest, type Provider, ProviderRefusal, type Take } from '../provider.ts';
import { RECALL_LINE, recall, type Search } from './recall.ts';
import { SUMMARY_LINE, summarise } from './summary.ts';
import { isWorkerModel, lines, workerModels } from './work-models.ts';
import type { Workroom } from './workroom.ts';

const models = ['recall', 'summary', ...workerModels] as const;
/** Characters of one piece of a stream. */
const PIECE = 32;

export interface OfflineParts {
  search: Search;
  workroom: Workroom;
}

/** Models that do real work without a language model. */
export function offline({ id, name }: { id: string; name: string }, { search, workroom }: OfflineParts): Provider {
  const own = (text: string) => [RECALL_LINE, SUMMARY_LINE, ...lines].some((line) => text.startsWith(line));

  async function answer({ model, messages, session }: ChatRequest, signal: AbortSignal): Promise<string> {
    if (model === 'recall') return recall({ messages, session }, search, own, signal);
    if (model === 'summary') return summarise(messages, own, signal);
    if (isWorkerModel(model)) {
      const last = messages.findLastIndex(({ role }) => role === 'user');
      const earlier = messages.slice(0, Math.max(0, last)).map(({ text }) => text);
      const request = { text: messages[last]?.text ?? '', earlier: earlier.filter((text) => !own(text)) };
      return workroom.do({ model, request }, signal);
    }
    throw new Problem('PROVIDER_REFUSED', `${name} has no model of this name.`, `It has ${models.join(', ')}.`);
  }

  async function chat(request: ChatRequest, signal: AbortSignal, take: Take): Promise<void> {
    signal.throwIfAborted();
    // To continue is to do the same work again and to give what is missing.
    const said = request.prefill ? (request.messages.at(-1)?.text ?? '') : '';
    const messages = request.prefill ? request.messages.slice(0, -1) : request.messages;
    const whole = await answer({ ...request, messages }, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProviderRefusal(Problem.of(error), false);
    });
    signal.throwIfAborted();
    const text = whole.startsWith(said) ? whole.slice(said.length) : `\n\n${whole}`;
    const give = giver(take, signal);
    await give(request.stream ? { type: 'start' } : { type: 'start', buffered: true });
    for (const warning of withoutExtras(name, request)) await give(warning);
    if (!request.stream) await give({ type: 'delta', text });
    else
      for (const piece of text.match(new RegExp(`[\\s\\S]{1,${PIECE}}(?:\\s+|$)|[\\s\\S]{1,${PIECE}}`, 'gu')) ?? []) {
        await give({ type: 'delta', text: piece });
        await pause(signal);
      }
    await give({ type: 'finish', reason: 'stop' });
  }

  return {
    id,
    name,
    kind: 'offline',
    baseUrl: null,
    offline: true,
    prefill: true,
    chat,
    models: async () => models.map((model) => ({ id: model })),
  };
}
