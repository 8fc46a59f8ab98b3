import type { FinishReason } from '#shared/domain/things.ts';
import type { AnswerEnd, Telling, WholeAnswer } from '../answer.ts';
import { present } from '../present.ts';
import { openAiError } from './problem.ts';

/** What stands in every object about one answer. `created` is in Unix seconds. */
export interface Head {
  id: string;
  created: number;
  /** The name that was asked for. */
  model: string;
  /** Tokens of the question, for providers that do not count them. */
  estimated: number;
}

const finishes: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  filter: 'content_filter',
  other: 'stop',
};

/** Some providers say `stop` after tool calls. */
const finishOf = ({ finish }: AnswerEnd, called: boolean) =>
  called && (finish === 'stop' || finish === 'other') ? 'tool_calls' : finishes[finish ?? 'other'];

function usageOf({ usage }: AnswerEnd, estimated: number) {
  const { input = estimated, output = 0, reasoning } = usage ?? {};
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

const toolCallOf = ({ id, name, input }: { id: string; name: string; input: string }) => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

/** A `chat.completion`. */
export function wholeOf({ id, created, model, estimated }: Head, answer: WholeAnswer) {
  const { text, reasoning, toolCalls } = answer;
  const called = toolCalls.length > 0;
  const message = {
    role: 'assistant',
    content: text === '' && called ? null : text,
    refusal: null,
    ...present({
      reasoning_content: reasoning || undefined,
      tool_calls: called ? toolCalls.map(toolCallOf) : undefined,
    }),
  };
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(answer, called) }],
    usage: usageOf(answer, estimated),
  };
}

/** `chat.completion.chunk`s, put together by hand around the one text that is new in each. */
export function streamTelling({ id, created, model, estimated }: Head, includeUsage: boolean): Telling {
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
  const open = `data: ${head.slice(0, -1)},"choices":[`;
  const close = includeUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const delta = `${open}{"index":0,"delta":`;
  const goesOn = `,"logprobs":null,"finish_reason":null}${close}`;
  const [content, reasoning] = [`${delta}{"content":`, `${delta}{"reasoning_content":`];
  const after = `}${goesOn}`;
  let calls = 0;
  return {
    ping: ': ping\n\n',
    part(part) {
      if (part.type === 'delta') return content + JSON.stringify(part.text) + after;
      if (part.type === 'reasoning') return reasoning + JSON.stringify(part.text) + after;
      if (part.type === 'start') return `${delta}{"role":"assistant","content":""}${goesOn}`;
      if (part.type !== 'tool-call') return '';
      const call = { index: calls++, ...toolCallOf(part) };
      return `${delta}${JSON.stringify({ tool_calls: [call] })}${goesOn}`;
    },
    end(end) {
      const finish = `${delta}{},"logprobs":null,"finish_reason":"${finishOf(end, calls > 0)}"}${close}`;
      const usage = includeUsage ? `${open}],"usage":${JSON.stringify(usageOf(end, estimated))}}\n\n` : '';
      return `${finish}${usage}data: [DONE]\n\n`;
    },
    // Without [DONE], so that nobody takes it for the end of an answer.
    failure: (problem) => `data: ${JSON.stringify({ error: openAiError(problem) })}\n\n`,
  };
}
