import { createParser } from 'eventsource-parser';
import { garbled } from './refusal.ts';

/** What one event, one line, or a stretch without any event may be long, in characters. */
export const MAX_EVENT = 8 * 1024 * 1024;

export interface EventStream {
  /** Bytes as they come, split anywhere. Throws a ProviderRefusal (PROVIDER_GARBLED) when they exceed MAX_EVENT. */
  push(bytes: Uint8Array): void;
  /** The bytes have ended: gives an event whose closing blank line is missing. */
  end(): void;
  /** An event or a comment has been seen: it is an event stream. */
  readonly alive: boolean;
  /** It begins with a zero, not with text. */
  readonly binary?: boolean;
}

/** Server-sent events out of bytes, with limits. `each` is called within `push`; what it throws comes out of there. */
export function eventStream(name: string, each: (data: string, event: string | undefined) => void): EventStream {
  const decoder = new TextDecoder();
  let alive = false;
  let sinceEvent = 0;
  const parser = createParser({
    onEvent: ({ data, event }) => {
      alive = true;
      sinceEvent = 0;
      each(data, event);
    },
    onComment: () => {
      alive = true;
      sinceEvent = 0;
    },
  });
  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true });
      sinceEvent += text.length;
      parser.feed(text);
      if (sinceEvent > MAX_EVENT) throw garbled(name, 'a single event or line of more than 8 MB');
    },
    end() {
      parser.feed(`${decoder.decode()}\n\n`);
    },
    get alive() {
      return alive;
    },
  };
}
