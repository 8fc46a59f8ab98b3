import { Problem } from '#shared/domain/problem.ts';
import type { Guest } from '../../compose.ts';
import type { Ask } from './protocol.ts';

type Asker = Pick<Guest, 'call' | 'open'>;

/**
 * Asks a specialist: in a session, or, when none is named, in one of its own that is in no list. Rejects with NOT_FOUND,
 * EXPIRED, or BUSY while another message of the session is answered.
 */
export async function ask(guest: Asker, newId: () => string, specialist: string, wish: Ask): Promise<{ turn: string }> {
  const { message: text, temperature, max_tokens: maxTokens, session_id: session } = wish;
  const to = { specialist };
  const parameters = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
  const command = newId();
  if (session == null) {
    const history = [{ role: 'user' as const, text }];
    const made = { by: 'completion' as const };
    return guest.call('sessions.begin', { command, session: newId(), history, to, parameters, made });
  }
  await mustBeThere(guest, session);
  const asked = { command, session, message: newId(), text, to, parameters };
  const { turn } = await guest.call('messages.send', { ...asked, whileRunning: 'refuse' });
  return { turn: turn! };
}

/** A message to a session that does not exist would make it. Rejects with NOT_FOUND. */
async function mustBeThere(guest: Asker, session: string): Promise<void> {
  const source = await guest.open('session.follow', { session });
  try {
    const [first] = (await source.pull(1)) ?? [];
    if (first?.kind === 'snapshot' && !first.view.deleted) return;
  } finally {
    source.close();
  }
  throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Leave session_id out, or name one that is there.');
}
