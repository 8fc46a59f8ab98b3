import { fits } from '#shared/wire/frame.ts';
import type { SentRequests } from '../engines/session/window/sent.ts';
import type { CallHandlers } from './handlers.ts';

/** What was really sent for a turn, in pages that fit a frame. */
export function sentCalls(requests: SentRequests): Pick<CallHandlers, 'turns.sent'> {
  return {
    'turns.sent': async ({ session, turn, from, limit }) => {
      const request = await requests.of(session, turn);
      const { sent, exact, messages } = request;
      // The first page has the system text; the others are about what follows.
      const system = from === 0 ? request.system : null;
      for (let count = limit; ; count = Math.ceil(count / 2)) {
        const page = messages.slice(from, from + count);
        const answer = {
          sent,
          exact,
          system,
          total: messages.length,
          messages: page.map((each) => ({ ...each, tokens: 0 })),
        };
        if (count > 1 && !fits(answer)) continue;
        const tokens = await requests.count(request, page);
        for (const [index, message] of answer.messages.entries()) message.tokens = tokens[index] ?? 0;
        return answer;
      }
    },
  };
}
