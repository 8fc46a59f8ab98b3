import { Problem } from '#shared/domain/problem.ts';
import type { AskOnce } from '../session/ports.ts';
import type { Completions } from './completions.ts';

/** One answer as a text, accounted like every completion. */
export const askOnce =
  (completions: Completions, dialect: string): AskOnce =>
  async ({ to, system, text, maxTokens }, signal) => {
    const completion = await completions.prepare({
      to,
      system,
      messages: [{ role: 'user', text }],
      maxTokens,
      temperature: undefined,
      stream: true,
      token: null,
      dialect,
    });
    let answer = '';
    const end = await completion.run((part) => {
      if (part.type === 'delta') answer += part.text;
    }, signal);
    if (end.problem !== null) throw end.problem;
    if (end.state !== 'done') throw new Problem('STOPPED', 'The answer was stopped.');
    return { text: answer.trim(), by: completion.speaker };
  };
