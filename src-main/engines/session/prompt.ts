import type { Node, TurnNode } from '#shared/domain/session.ts';
import type { Speaker } from '#shared/domain/things.ts';
import type { ChatMessage, ChatRequest } from '../../providers/provider.ts';
import type { TurnSpec } from '../streaming/ports.ts';
import type { Chosen } from './decide.ts';
import type { Answerer } from './ports.ts';

/** For providers that cannot go on from the assistant's own last message. */
const GO_ON =
  'Your last answer broke off. Go on exactly where it ended: begin with the next word, repeat nothing, add no introduction.';

/** The last exchanges of a path, each a person's message with its answers; all of them when `window` is 0 or absent. */
export function windowed(path: readonly Node[], window = 0): readonly Node[] {
  if (window === 0) return path;
  const messages = path.flatMap(({ kind }, index) => (kind === 'message' ? [index] : []));
  return path.slice(messages.at(-window) ?? 0);
}

/**
 * What is sent along: the path to the message, without answers that never said anything. What others answered is told
 * as theirs, so that nobody takes it for words of its own.
 */
function messagesOf(path: readonly Node[], speaker: Speaker): ChatMessage[] {
  return path
    .filter((node) => node.kind === 'message' || node.text !== '')
    .map((node) => {
      if (node.kind === 'message') return { role: 'user', text: node.text };
      if (isSame(node.speaker, speaker)) return { role: 'assistant', text: node.text };
      return { role: 'user', text: `${node.speaker.name} answered:\n${node.text}` };
    });
}

/** A specialist stays who it is when another model works for it; a plain model is its provider's. */
const isSame = (a: Speaker, b: Speaker): boolean =>
  a.specialist === b.specialist && (a.specialist !== undefined || (a.provider === b.provider && a.model === b.model));

/** What one turn is to answer, and how; `from` when it goes on from a broken one. */
export interface Asking extends Chosen {
  session: string;
  turn: string;
  /** Root to the message. */
  path: readonly Node[];
  /** Exchanges that are sent along. */
  window: number | undefined;
  from: TurnNode | undefined;
}

/** The whole request of a turn. */
export function specOf(asking: Asking, { speaker, provider, ...settings }: Answerer): TurnSpec {
  const { session, turn, parameters } = asking;
  const messages = messagesOf(windowed(asking.path, asking.window), speaker);
  const from = asking.from?.text ? asking.from : undefined;
  if (from !== undefined) {
    messages.push({ role: 'assistant', text: from.text });
    if (!provider.prefill) messages.push({ role: 'user', text: GO_ON });
  }
  const request: Omit<ChatRequest, 'stream'> = {
    model: speaker.model,
    system: [settings.system, asking.system].filter(Boolean).join('\n\n') || undefined,
    messages,
    prefill: from !== undefined && provider.prefill,
    maxTokens: parameters?.maxTokens ?? settings.maxTokens,
    temperature: parameters?.temperature ?? settings.temperature,
    session,
  };
  const start = from && { text: from.text, reasoning: from.reasoning, seams: from.seams, overlap: !provider.prefill };
  return { session, turn, speaker, provider, request, from: start };
}
