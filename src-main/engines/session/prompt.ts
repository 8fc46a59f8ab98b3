import type { Node, TurnNode } from '#shared/domain/session.ts';
import type { ChatMessage, ChatRequest } from '../../providers/provider.ts';
import type { TurnSpec } from '../streaming/ports.ts';
import type { Answerer } from './ports.ts';

/** For providers that cannot go on from the assistant's own last message. */
const GO_ON =
  'Your last answer broke off. Go on exactly where it ended: begin with the next word, repeat nothing, add no introduction.';

/** What is sent along: the path to the message, without answers that never said anything. */
function messagesOf(path: readonly Node[]): ChatMessage[] {
  return path
    .filter((node) => node.kind === 'message' || node.text !== '')
    .map((node) => ({ role: node.kind === 'message' ? 'user' : 'assistant', text: node.text }));
}

/** The whole request of a turn; `from` when it goes on from a broken one. */
export function specOf(
  turn: { session: string; turn: string; path: readonly Node[]; from: TurnNode | undefined },
  { speaker, provider, system, temperature, maxTokens }: Answerer,
): TurnSpec {
  const messages = messagesOf(turn.path);
  const from = turn.from?.text ? turn.from : undefined;
  if (from !== undefined) {
    messages.push({ role: 'assistant', text: from.text });
    if (!provider.prefill) messages.push({ role: 'user', text: GO_ON });
  }
  const request: Omit<ChatRequest, 'stream'> = {
    model: speaker.model,
    system,
    messages,
    prefill: from !== undefined && provider.prefill,
    maxTokens,
    temperature,
    session: turn.session,
  };
  const start = from && { text: from.text, reasoning: from.reasoning, seams: from.seams, overlap: !provider.prefill };
  return { session: turn.session, turn: turn.turn, speaker, provider, request, from: start };
}
