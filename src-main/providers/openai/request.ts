import type { ChatMessage, ChatOptions, Picture, Tool } from '../provider.ts';

/** A message as chat completions have it. */
export function messageOf(message: ChatMessage): Record<string, unknown> {
  const { role, text } = message;
  if (role === 'tool') return { role, tool_call_id: message.toolCall.id, content: text };
  if (role === 'user') {
    const { pictures = [] } = message;
    if (pictures.length === 0) return { role, content: text };
    return { role, content: [...(text === '' ? [] : [{ type: 'text', text }]), ...pictures.map(pictureOf)] };
  }
  const { toolCalls = [] } = message;
  if (toolCalls.length === 0) return { role, content: text };
  const calls = toolCalls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: input },
  }));
  return { role, content: text === '' ? null : text, tool_calls: calls };
}

const pictureOf = (picture: Picture) => ({
  type: 'image_url',
  image_url: { url: 'url' in picture ? picture.url : `data:${picture.mediaType};base64,${picture.data}` },
});

/** The fields of what was wished for. */
export function fieldsOf(options: ChatOptions): Record<string, unknown> {
  const { topP, stop, seed, frequencyPenalty, presencePenalty, tools = [], json, reasoningEffort } = options;
  const body: Record<string, unknown> = {};
  if (topP !== undefined) body.top_p = topP;
  if (stop !== undefined && stop.length > 0) body.stop = stop;
  if (seed !== undefined) body.seed = seed;
  if (frequencyPenalty !== undefined) body.frequency_penalty = frequencyPenalty;
  if (presencePenalty !== undefined) body.presence_penalty = presencePenalty;
  if (reasoningEffort !== undefined) body.reasoning_effort = reasoningEffort;
  if (json !== undefined)
    body.response_format =
      json.schema === undefined ? { type: 'json_object' } : { type: 'json_schema', json_schema: json.schema };
  // Without tools the dialect takes no choice among them.
  if (tools.length > 0) Object.assign(body, { tools: tools.map(toolOf) }, choiceOf(options));
  return body;
}

const toolOf = ({ name, description, parameters }: Tool) => ({
  type: 'function',
  function: { name, ...(description === undefined ? {} : { description }), parameters },
});

function choiceOf({ toolChoice, parallelToolCalls }: ChatOptions): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (typeof toolChoice === 'object') fields.tool_choice = { type: 'function', function: { name: toolChoice.name } };
  else if (toolChoice !== undefined) fields.tool_choice = toolChoice;
  if (parallelToolCalls !== undefined) fields.parallel_tool_calls = parallelToolCalls;
  return fields;
}
