import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { withoutExtras } from '../extras.ts';
import { giver, pause, sleep } from '../pace.ts';
import { type ChatRequest, type Provider, ProviderRefusal, type Take } from '../provider.ts';
import { SimulatorOptions } from './options.ts';
import { answerTokens, reasoningTokens, seeded, seedOf } from './text.ts';

const models = ['steady', 'slow', 'thinker', 'buffered', 'fails', 'errors', 'breaks-off', 'stalls'] as const;
type Model = (typeof models)[number];

/** Tokens that may go out in one turn of the event loop. */
const BURST = 64;

/**
 * A provider that behaves like an AI in every way but one: it knows nothing, and says so. The same request gives the
 * same text, token by token, at the pace of the handed-in clock.
 */
export function simulator(
  { id, name, options }: { id: string; name: string; options?: Record<string, unknown> | undefined },
  { clock }: { clock: Clock },
): Provider {
  const settings = read(options, name);
  /** How often a question was refused by `fails`. */
  const refused = new Map<string, number>();

  function refuse(model: Model, { session, messages, stream }: ChatRequest): void {
    if (model === 'buffered' && stream)
      throw refusal('PROVIDER_CANNOT_STREAM', `${name} cannot stream with this model.`, 'Ask for the whole answer.');
    if (model !== 'fails') return;
    const question = `${session}:${seedOf(messages.at(-1)?.text ?? '', messages.length)}`;
    const times = refused.get(question) ?? 0;
    refused.delete(question);
    if (times >= settings.failures) return;
    if (refused.size > 1000) refused.clear();
    refused.set(question, times + 1);
    throw refusal('PROVIDER_FAILED', `${name} failed, as it was told to.`, 'Try again in a moment.', true);
  }

  async function chat(request: ChatRequest, signal: AbortSignal, take: Take): Promise<void> {
    signal.throwIfAborted();
    const model = models.find((each) => each === request.model);
    if (model === undefined)
      throw refusal('PROVIDER_REFUSED', `${name} has no model of this name.`, `It has ${models.join(', ')}.`);
    const began = clock.monotonic();
    const slow = model === 'slow' ? 10 : 1;
    const firstAt = began + settings.firstTokenMs * slow;
    const perToken = (1000 / settings.rate) * slow;
    const plan = planOf(request, model, settings);
    const { tokens, from } = plan;
    const give = giver(take, signal);
    const start = async (buffered: boolean) => {
      await give(buffered ? { type: 'start', buffered } : { type: 'start' });
      for (const warning of withoutExtras(name, request)) await give(warning);
    };

    refuse(model, request);
    if (!request.stream) {
      await sleep(clock, firstAt + (tokens.length - from) * perToken - began, signal);
      await start(true);
      const thoughts = tokens.slice(from, plan.reasoning).join('');
      if (thoughts !== '') await give({ type: 'reasoning', text: thoughts });
      await give({ type: 'delta', text: tokens.slice(Math.max(from, plan.reasoning)).join('') });
    } else {
      for (let index = from; index < tokens.length; index++) {
        const wait = firstAt + (index - from) * perToken - clock.monotonic();
        if (wait > 0) await sleep(clock, wait, signal);
        else if (index % BURST === 0) await pause(signal);
        if (index === from) await start(false);
        if (index === plan.breakAt) {
          if (model === 'stalls') await silence(signal);
          return give({ type: 'error', problem: broken(model, name) });
        }
        const patience = give({ type: index < plan.reasoning ? 'reasoning' : 'delta', text: tokens[index] ?? '' });
        if (patience !== undefined) await patience;
      }
      if (from === tokens.length) await start(false);
    }
    await give({ type: 'usage', usage: { input: inputOf(request), output: tokens.length - from, ...thought(plan) } });
    await give({ type: 'finish', reason: plan.cut ? 'length' : 'stop' });
  }

  return {
    id,
    name,
    kind: 'simulator',
    baseUrl: null,
    offline: false,
    prefill: true,
    chat,
    models: async () => models.map((model) => ({ id: model })),
  };
}

const thought = ({ reasoning }: Plan) => (reasoning > 0 ? { reasoning } : {});

interface Plan {
  /** All tokens of the answer, the reasoning first. */
  tokens: string[];
  /** Where it begins this time: further on when an answer is continued. */
  from: number;
  /** How many of the tokens are reasoning. */
  reasoning: number;
  /** Where it breaks, if it does. */
  breakAt: number;
  /** It is shorter than it would be without the limit of the request. */
  cut: boolean;
}

function planOf({ messages, prefill, maxTokens }: ChatRequest, model: Model, settings: SimulatorOptions): Plan {
  const said = prefill ? (messages.at(-1)?.text ?? '') : '';
  const question = messages.at(prefill ? -2 : -1)?.text ?? '';
  const seed = seedOf(`${model}:${question}`, settings.seed);
  const thoughts = model === 'thinker' && said === '' ? reasoningTokens(settings.reasoningTokens, seeded(~seed)) : [];
  const all = [...thoughts, ...answerTokens(settings.tokens, seeded(seed))];
  let from = 0;
  for (let length = 0; length < said.length && from < all.length; from++) length += all[from]?.length ?? 0;
  const limit = Math.min(all.length, from + (maxTokens ?? all.length));
  const breaks = model === 'breaks-off' || model === 'errors' || model === 'stalls';
  return {
    tokens: all.slice(0, limit),
    from,
    reasoning: Math.min(thoughts.length, limit),
    // A continued answer comes to its end.
    breakAt: breaks && said === '' ? Math.min(settings.breakAfter, limit - 1) : -1,
    cut: limit < all.length,
  };
}

const broken = (model: Model, name: string): Problem =>
  model === 'errors'
    ? new Problem(
        'PROVIDER_FAILED',
        `${name} reported an error, as it was told to.`,
        'Continue the answer or try again.',
      )
    : new Problem('PROVIDER_BROKE_OFF', `${name} broke off, as it was told to.`, 'Continue the answer or try again.');

/** Nothing until the signal, which ends it by its reason. */
const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const refusal = (code: Problem['code'], message: string, next: string, retryable = false) =>
  new ProviderRefusal(new Problem(code, message, next), retryable);

const inputOf = ({ system = '', messages }: ChatRequest): number =>
  Math.ceil(messages.reduce((length, { text }) => length + text.length, system.length) / 4);

function read(options: Record<string, unknown> | undefined, name: string): SimulatorOptions {
  const settings = SimulatorOptions.safeParse(options ?? {});
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  throw new Problem(
    'INVALID_PARAMS',
    `The options of ${name} are wrong at ${issue?.path.join('.') || 'their top'}: ${issue?.message ?? ''}.`,
    'Correct them in the configuration.',
  );
}
