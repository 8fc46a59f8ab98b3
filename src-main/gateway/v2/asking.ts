import { Problem } from '#shared/domain/problem.ts';
import type { SessionView } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { ownOf, targetId } from './answers.ts';
import type { Call } from './call.ts';
import { withExpiry } from './records.ts';

export interface Wish {
  text: string;
  to: Target;
  temperature?: number | undefined;
  max_tokens?: number | undefined;
  request_id?: string | undefined;
}

/** A turn that was asked for. */
export interface Begun {
  turn: string;
  requestId: string;
}

const isUuidv7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Sent again with this request id, a request has no second effect. */
export const isRepeatable = (given: string | undefined): given is string => given !== undefined && isUuidv7.test(given);

/**
 * A request id that is a UUID of version 7 is the id of the command, and of all that the command makes: sent again it
 * has no second effect, also after a restart.
 */
function idsOf(wish: Wish, call: Call) {
  const { request_id: given } = wish;
  const command = isRepeatable(given) ? given : call.context.newId();
  return { command, requestId: given ?? call.newId('req') };
}

const parametersOf = ({ temperature, max_tokens }: Wish) => ({
  ...(temperature === undefined ? {} : { temperature }),
  ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
});

/** An answer that stands alone. */
export async function askAlone(wish: Wish, call: Call): Promise<Begun> {
  const { command, requestId } = idsOf(wish, call);
  const { turn } = await call.guest.call('sessions.begin', {
    command,
    session: command,
    history: [{ role: 'user', text: wish.text }],
    to: wish.to,
    parameters: parametersOf(wish),
    made: { by: 'completion' },
  });
  return { turn, requestId };
}

/** A message into a session. Rejects with BUSY while another one is answered. */
export async function askIn(view: SessionView, wish: Wish, call: Call): Promise<Begun> {
  const { command, requestId } = idsOf(wish, call);
  const { text, to } = wish;
  const asked = { command, session: view.id, message: command, text, to, parameters: parametersOf(wish) };
  const { turn } = await call.guest
    .call('messages.send', { ...asked, whileRunning: 'refuse' })
    .catch((error: unknown) => {
      throw withExpiry(error, view);
    });
  return { turn: turn!, requestId };
}

/** Who answers in a session: its own specialist; in a shared one whoever is asked. */
export function whoAnswers(view: SessionView, asked: string | undefined, call: Call): Target {
  const { specialist: own = view.to, shared } = ownOf(view);
  if (asked === undefined) {
    if (own !== null) return own;
    throw new Problem('INVALID_PARAMS', 'Nobody has answered in this session yet.', 'Say who, with specialist_id.');
  }
  const to = call.target(asked);
  if (shared || own === null || targetId(own) === targetId(to)) return to;
  throw new Problem(
    'INVALID_PARAMS',
    `This session is with ${targetId(own)} alone.`,
    'Leave specialist_id out, or begin a session with "shared": true.',
  );
}
