import { Problem, problems } from '#shared/domain/problem.ts';
import type { Area } from '../area.ts';
import { specialistOf } from '../models.ts';
import { Conversation } from './conversation.ts';

const PREFIX = '/ws/ai/';
/** Longest reason that a close frame can hold, in bytes. */
const LONGEST_REASON = 123;

/**
 * The JSON-RPC dialect at `/ws/ai/{specialist_id}`: chat, stream, resume, stop, ping, subscribe and unsubscribe. A
 * specialist that does not exist is told by close code 4404, for a browser sees no refusal of a handshake.
 */
export const sockets: Area = {
  name: 'sockets',
  owns: (path) => path.startsWith(PREFIX),
  tell(problem) {
    const { code, message, next } = problem;
    const details = next === undefined ? {} : { next };
    return { status: problems[code].http, body: { error: { code, message, details } } };
  },
  install(app) {
    app.get(`${PREFIX}*`, { config: { scope: 'chat' } }, async (_, reply) => {
      const problem = new Problem('INVALID_REQUEST', 'There is a WebSocket here, and nothing else.', 'Ask to upgrade.');
      const { body } = sockets.tell(problem);
      // Without "close" the connection would stay, also for who wanted it closed: Node asks the header.
      return reply.code(426).headers({ upgrade: 'websocket', connection: 'Upgrade, close' }).send(body);
    });
  },
  socket(path) {
    if (!path.startsWith(PREFIX)) return undefined;
    return {
      scope: 'chat',
      serve(socket, caller, context) {
        const name = decoded(path.slice(PREFIX.length));
        const specialist = specialistOf(name, context.choragus.roster());
        if (specialist !== undefined) return new Conversation(socket, specialist, caller, context).connection;
        const reason = Buffer.from(`There is no specialist ${name}.`).subarray(0, LONGEST_REASON);
        // Half a letter at the end is no text.
        socket.close(4404, new TextDecoder().decode(reason, { stream: true }));
      },
    };
  },
};

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
