import type { ChatMessage, ChatOptions } from '../provider.ts';

/** A JSON schema. */
export const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** Plain text, pictures of both kinds, calls and what they gave. */
export const withTools: ChatMessage[] = [
  { role: 'user', text: 'First.' },
  { role: 'user', text: 'Second.' },
  {
    role: 'user',
    text: 'What is on these?',
    pictures: [{ mediaType: 'image/png', data: 'iVBORw0=' }, { url: 'https://example.com/cat.jpg' }],
  },
  {
    role: 'assistant',
    text: 'I look.',
    toolCalls: [
      { id: 'c1', name: 'weather', input: '{"city":"Zürich"}' },
      { id: 'c2', name: 'now', input: '{}' },
    ],
  },
  { role: 'tool', text: 'rain', toolCall: { id: 'c1', name: 'weather' } },
  { role: 'tool', text: '', toolCall: { id: 'c2', name: 'now' } },
  { role: 'user', text: 'And?' },
];

/** All that a program can wish for. */
export const everything: ChatOptions = {
  topP: 0.9,
  stop: ['END', '\n'],
  seed: 7,
  frequencyPenalty: 0.1,
  presencePenalty: 0.2,
  tools: [
    { name: 'weather', description: 'Tells it.', parameters: schema },
    { name: 'now', parameters: { type: 'object' } },
  ],
  toolChoice: { name: 'now' },
  parallelToolCalls: false,
  json: { schema: { name: 'answer', schema, strict: true } },
  reasoningEffort: 'low',
};
