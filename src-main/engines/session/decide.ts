import type { NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import { isRunning, type Parameters, type Speaker, type Target } from '#shared/domain/things.ts';
import type { SessionShape } from '../../log/log.ts';
import { waking } from './arranging.ts';

/**
 * Deciding: a session's shape and a wish give events, or a Problem. Pure; ids and speakers are handed in. Nothing here
 * looks at running turns other than to refuse: who stops them first is the caller's matter.
 */

const TITLE_UNITS = 60;
/** What may wait in the queue of one session: it travels in one piece with the session's snapshot. */
const MOST_QUEUED = { messages: 50, units: 200_000 };

/** The first words of the first message, cut at a word. */
export function titleOf(text: string): string {
  const line = (text.trim().split('\n', 1)[0] ?? '').replace(/\s+/g, ' ').trimEnd();
  if (line.length <= TITLE_UNITS) return line || 'New conversation';
  const cut = line
    .slice(0, TITLE_UNITS)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > TITLE_UNITS / 2 ? space : TITLE_UNITS).replace(/[\s,;:.–-]+$/, '')}…`;
}

export const runningTurn = (shape: SessionShape): string | undefined => {
  for (const [id, node] of shape.nodes) if (node.state !== null && isRunning(node.state)) return id;
  return undefined;
};

/** What of a turn a program chose. */
export interface Chosen {
  parameters?: Parameters | undefined;
  system?: string | undefined;
}

export interface Asked extends Chosen {
  message: string;
  text: string;
  to: Target;
  turn: string;
  speaker: Speaker;
}

/** A message and the turn that answers it, at the end of the branch. A session that does not exist yet begins with it. */
export function send(shape: SessionShape | null, asked: Asked): NewEvent[] {
  const events: NewEvent[] = [];
  if (shape === null) events.push({ type: 'session.created', data: { title: titleOf(asked.text), to: asked.to } });
  else if (shape.title === '') events.push({ type: 'session.renamed', data: { title: titleOf(asked.text) } });
  if (shape !== null) {
    mustBeFree(shape, asked.message);
    events.push(...waking(shape));
  }
  return [...events, ...ask(shape?.head ?? null, asked)];
}

/** A turn runs, or others wait already: what is written goes behind them, and the first of them goes out. */
export const mustWait = (shape: SessionShape): boolean => runningTurn(shape) !== undefined || shape.queue.length > 0;

/** Throws BUSY while a turn runs. */
export function mustBeQuiet(shape: SessionShape): void {
  if (runningTurn(shape) === undefined) return;
  throw new Problem(
    'BUSY',
    `Session ${shape.id} is answering another message.`,
    'Wait for that answer or stop its turn, then send this one again.',
  );
}

export function queue(shape: SessionShape, asked: Pick<Asked, 'message' | 'text' | 'to'>): NewEvent[] {
  const { message, text, to } = asked;
  mustBeFree(shape, message);
  const units = shape.queue.reduce((sum, each) => sum + each.text.length, text.length);
  if (shape.queue.length >= MOST_QUEUED.messages || units > MOST_QUEUED.units)
    throw new Problem(
      'LIMIT',
      `The queue of a session holds ${MOST_QUEUED.messages} messages and ${MOST_QUEUED.units.toLocaleString('en')} characters.`,
      'Wait for the answer, or take a message out of the queue.',
    );
  return [...waking(shape), { type: 'queue.added', data: { message, text, to } }];
}

export function queued(shape: SessionShape, message: string): SessionShape['queue'][number] {
  const found = shape.queue.find((each) => each.id === message);
  if (found !== undefined) return found;
  throw new Problem('NOT_FOUND', 'This message is no longer in the queue.', 'It was sent or removed; look above.');
}

/** A queued message goes out: it leaves the queue and is asked in one step. */
export function sendQueued(shape: SessionShape, asked: Asked): NewEvent[] {
  queued(shape, asked.message);
  const removed: NewEvent = { type: 'queue.removed', data: { message: asked.message, reason: 'sent' } };
  return [...waking(shape), removed, ...ask(shape.head, asked)];
}

export function editQueued(shape: SessionShape, asked: Pick<Asked, 'message' | 'text' | 'to'>): NewEvent[] {
  queued(shape, asked.message);
  const { message, text, to } = asked;
  return [{ type: 'queue.edited', data: { message, text, to } }];
}

export function unqueue(shape: SessionShape, message: string): NewEvent[] {
  queued(shape, message);
  return [{ type: 'queue.removed', data: { message, reason: 'removed' } }];
}

/** The same message in other words, beside the old one. */
export function reword(shape: SessionShape, replaces: string, asked: Asked): NewEvent[] {
  const node = shape.nodes.get(replaces);
  if (node?.kind !== 'message') throw missing('message', replaces);
  mustBeFree(shape, asked.message);
  return [...waking(shape), ...ask(node.parent, asked)];
}

export function retry(
  shape: SessionShape,
  of: string,
  asked: { turn: string; to: Target; speaker: Speaker } & Chosen,
): NewEvent[] {
  const { turn, to, speaker } = asked;
  const data = { turn, parent: messageOf(shape, of), to, speaker, ...chosen(asked) };
  return [...waking(shape), { type: 'turn.requested', data }];
}

/** Why a turn can be gone on with; undefined when it cannot. */
export function brokenBecause(turn: TurnNode): string | undefined {
  if (turn.state === 'failed') return turn.problem?.message ?? 'The answer broke off.';
  if (turn.state === 'stopped') return 'Stopped here.';
  if (turn.state === 'interrupted') return 'Choragus ended here.';
  return turn.state === 'done' && turn.finish === 'length' ? 'The answer reached its length limit.' : undefined;
}

/** A new turn that starts with what came of the old one; where there is nothing, it is another try. */
export function goOn(
  shape: SessionShape,
  old: TurnNode,
  asked: { turn: string; speaker: Speaker } & Chosen,
): NewEvent[] {
  const reason = brokenBecause(old);
  if (reason === undefined)
    throw new Problem('CONFLICT', 'This answer is complete; there is nothing to go on with.', 'Retry it instead.');
  const parent = messageOf(shape, old.id);
  const { text, reasoning } = old;
  const seams = [...old.seams, { offset: text.length, reason }];
  const from = text === '' ? {} : { from: { turn: old.id, text, reasoning, seams } };
  const { turn, speaker } = asked;
  const data = { turn, parent, to: old.to, speaker, ...from, ...chosen(asked) };
  return [...waking(shape), { type: 'turn.requested', data }];
}

/** The session is to show `node`: its head becomes `leaf`, the newest end below; null when there is no such node. */
export function select(shape: SessionShape, node: string, leaf: string | null): NewEvent[] {
  if (leaf === null) throw missing('message', node);
  return leaf === shape.head ? [] : [{ type: 'head.moved', data: { head: leaf } }];
}

export function ask(parent: string | null, asked: Asked): NewEvent[] {
  const { message, text, to, turn, speaker } = asked;
  return [
    { type: 'message.added', data: { message, parent, text, to } },
    { type: 'turn.requested', data: { turn, parent: message, to, speaker, ...chosen(asked) } },
  ];
}

const chosen = ({ parameters, system }: Chosen) => ({
  ...(parameters === undefined ? {} : { parameters }),
  ...(system === undefined ? {} : { system }),
});

/** Refused while it is being copied or imported: it is not whole. */
export function mustBeWhole({ id, job }: SessionShape): void {
  if (job === null) return;
  throw new Problem('BUSY', `Session ${id} is still being filled.`, 'Wait until its job has ended.');
}

/** Refused where a program gave the session a lifetime and it is over. A clock that was set back ends none. */
export function mustLive({ made, updatedAt }: SessionShape, now: number): void {
  if (made?.lifetimeMs === undefined || now - updatedAt <= made.lifetimeMs) return;
  const when = new Date(updatedAt + made.lifetimeMs).toISOString();
  throw new Problem('EXPIRED', `This session expired at ${when}.`, 'Begin a new one; what was said can still be read.');
}

function messageOf(shape: SessionShape, turn: string): string {
  const node = shape.nodes.get(turn);
  if (node?.kind !== 'turn' || node.parent === null) throw missing('turn', turn);
  return node.parent;
}

const missing = (what: string, id: string) =>
  new Problem('NOT_FOUND', `This session has no ${what} ${id}.`, 'Load the session again.');

function mustBeFree(shape: SessionShape, message: string): void {
  if (shape.nodes.has(message) || shape.queue.some((each) => each.id === message))
    throw new Problem('CONFLICT', `The message id ${message} is taken.`, 'Send the message with a new id.');
}
