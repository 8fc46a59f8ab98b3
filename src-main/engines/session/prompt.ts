import type { Node } from '#shared/domain/session.ts';
import type { Parameters, Speaker } from '#shared/domain/things.ts';
import type { ChatMessage, ChatRequest } from '../../providers/provider.ts';

/** For providers that cannot go on from the assistant's own last message. */
const GO_ON =
  'Your last answer broke off. Go on exactly where it ended: begin with the next word, repeat nothing, add no introduction.';

/** How what fell out of the history window is told, after the system text. */
const IN_SHORT = 'What was said before, in short:';

type TextMessage = Pick<Extract<ChatMessage, { role: 'user' | 'assistant' }>, 'role' | 'text'>;

/** One of the messages that go along, where it comes from and why it is there. */
export interface Told extends TextMessage {
  /** Null for what Choragus itself added. */
  node: string | null;
  why: 'history' | 'pinned' | 'question' | 'continued';
}

/** Answers that never said anything are not told. */
export const isSaid = (node: Node): boolean => node.kind === 'message' || node.text !== '';

/** What others answered is told as theirs, so that nobody takes it for words of its own. */
export function tellNode(node: Node, speaker: Speaker): TextMessage {
  if (node.kind === 'message') return { role: 'user', text: node.text };
  if (isSame(node.speaker, speaker)) return { role: 'assistant', text: node.text };
  return { role: 'user', text: `${node.speaker.name} answered:\n${node.text}` };
}

/** A pinned answer stands without its question, so that nobody is made to seem to answer something else. */
export function tellPinned(node: Node, speaker: Speaker): TextMessage {
  const { role, text } = tellNode(node, speaker);
  return { role: 'user', text: role === 'assistant' ? `You answered:\n${text}` : text };
}

/** A specialist stays who it is when another model works for it; a plain model is its provider's. */
const isSame = (a: Speaker, b: Speaker): boolean =>
  a.specialist === b.specialist && (a.specialist !== undefined || (a.provider === b.provider && a.model === b.model));

/** Of what a request is made. */
export interface Parts {
  session: string;
  speaker: Speaker;
  /** The persona, and what a program added to it. */
  system: string | undefined;
  /** What fell out of the window, in short. */
  summary: string | undefined;
  /** What was pinned and stands before the history. */
  pinned: readonly Node[];
  /** The history, with the message that is answered as its last. */
  nodes: readonly Node[];
  /** How a broken answer is gone on with, and what it said. */
  goesOn: { how: 'prefill' | 'asked'; text: string } | undefined;
  parameters: Parameters;
}

export const systemOf = (...texts: (string | undefined)[]): string | undefined =>
  texts.filter(Boolean).join('\n\n') || undefined;

/** All messages, in order: what was pinned before the rest. */
export function tell({ speaker, pinned, nodes, goesOn }: Parts): Told[] {
  const question = nodes.at(-1);
  const told: Told[] = [
    ...pinned.filter(isSaid).map((node): Told => ({ ...tellPinned(node, speaker), node: node.id, why: 'pinned' })),
    ...nodes.filter(isSaid).map(
      (node): Told => ({
        ...tellNode(node, speaker),
        node: node.id,
        why: node === question ? 'question' : 'history',
      }),
    ),
  ];
  if (goesOn === undefined) return told;
  told.push({ role: 'assistant', text: goesOn.text, node: null, why: 'continued' });
  if (goesOn.how === 'asked') told.push({ role: 'user', text: GO_ON, node: null, why: 'continued' });
  return told;
}

/** What is told of a history that was left out. */
export const tellSummary = (summary: string): string => `${IN_SHORT}\n${summary}`;

/** Text of what is added where a broken answer is gone on with. */
export const wordsOfGoingOn = ({ how, text }: NonNullable<Parts['goesOn']>): string =>
  how === 'asked' ? `${text}${GO_ON}` : text;

/** The whole request, the same for the same parts. */
export function requestOf(parts: Parts): Omit<ChatRequest, 'stream'> {
  const { session, speaker, summary, goesOn, parameters } = parts;
  return {
    model: speaker.model,
    system: systemOf(parts.system, summary === undefined ? undefined : tellSummary(summary)),
    messages: tell(parts).map(({ role, text }) => ({ role, text })),
    prefill: goesOn?.how === 'prefill',
    maxTokens: parameters.maxTokens,
    temperature: parameters.temperature,
    session,
  };
}
