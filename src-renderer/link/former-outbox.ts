import { z } from 'zod';
import { ProblemShape, Target } from '#shared/domain/things.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';

/** A message as version 0.1 kept it in the local storage until it was sent, or for good when it was refused. */
const Former = z.object({
  command: z.string(),
  session: z.string(),
  message: z.string(),
  text: z.string(),
  to: Target,
  at: z.number(),
  replaces: z.string().optional(),
  whileRunning: z.enum(['queue', 'steer']),
  begins: z.boolean(),
  state: z.string(),
  problem: ProblemShape.optional(),
});

/** The same as a command; undefined for what was never one. */
export function formerly(value: unknown): KeptCommand | undefined {
  const read = Former.safeParse(value);
  if (!read.success) return undefined;
  const { command, session, message, text, to, at, replaces, whileRunning, begins, state, problem } = read.data;
  const said = { command, session, message, text, to };
  const asked =
    replaces === undefined
      ? { method: 'messages.send', params: { ...said, whileRunning } }
      : { method: 'messages.edit', params: { ...said, replaces } };
  const kept: KeptCommand = { id: command, ...asked, at, keep: { about: { begins }, refusals: true } };
  if (state !== 'refused') return kept;
  return { ...kept, refused: problem ?? { code: 'INTERNAL', message: 'The message was refused.' } };
}
