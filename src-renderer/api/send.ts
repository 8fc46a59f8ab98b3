import { createParser } from 'eventsource-parser';
import type { Request } from './request.ts';

export interface ShownEvent {
  /** Its place in the stream, from 1. */
  number: number;
  id: string;
  data: string;
  /** Since the request was sent. */
  ms: number;
}

/** A request and as much of its answer as has come. */
export interface Exchange {
  state: 'waiting' | 'streaming' | 'done' | 'left' | 'failed';
  status: number | null;
  statusText: string;
  headers: [string, string][];
  /** Of an answer that is no stream. */
  body: string;
  /** The newest of a stream; `eventCount` counts those that went before, too. */
  events: ShownEvent[];
  eventCount: number;
  firstMs: number | null;
  totalMs: number | null;
}

/** Shown of a stream, at most. */
const MOST_EVENTS = 500;
/** Headers that say something to whoever tries a request. */
const shown = /^(content-type|x-choragus-turn|x-ratelimit-.+|retry-after|allow)$/;

export interface Sender {
  /** An access token; empty: whoever is signed in here. */
  token: string;
  /** What the sign-in of this browser left for its pages. */
  key: string | null;
}

const identity = ({ token, key }: Sender): Record<string, string> =>
  token === '' ? { 'choragus-key': key ?? 'none' } : { Authorization: `Bearer ${token}` };

export const fetchAs = (sender: Sender, request: Request, signal?: AbortSignal): Promise<Response> =>
  fetch(request.path, {
    method: request.method,
    headers: { ...request.headers, ...identity(sender) },
    body: request.body,
    credentials: sender.token === '' ? 'same-origin' : 'omit',
    ...(signal === undefined ? {} : { signal }),
  });

/** Sends it; `changed` hears of each change, at once. Aborting hangs up. Resolves when the answer is over. */
export async function send(
  sender: Sender,
  request: Request,
  signal: AbortSignal,
  changed: (exchange: Exchange) => void,
): Promise<void> {
  const start = performance.now();
  const since = () => performance.now() - start;
  let now: Exchange = {
    state: 'waiting',
    status: null,
    statusText: '',
    headers: [],
    body: '',
    events: [],
    eventCount: 0,
    firstMs: null,
    totalMs: null,
  };
  const change = (what: Partial<Exchange>) => {
    now = { ...now, ...what };
    changed(now);
  };
  change({});
  try {
    const response = await fetchAs(sender, request, signal);
    const headers = [...response.headers].filter(([name]) => shown.test(name));
    change({ status: response.status, statusText: response.statusText, headers, state: 'streaming' });
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const parser = createParser({
      onEvent({ id = '', data }) {
        const number = now.eventCount + 1;
        const events = [...now.events.slice(1 - MOST_EVENTS), { number, id, data, ms: since() }];
        change({ events, eventCount: number });
      },
    });
    const decoder = new TextDecoder();
    for await (const bytes of chunks(response)) {
      if (now.firstMs === null) change({ firstMs: since() });
      const text = decoder.decode(bytes, { stream: true });
      if (streams) parser.feed(text);
      else change({ body: now.body + text });
    }
    change({ state: 'done', totalMs: since() });
  } catch (error) {
    if (signal.aborted) change({ state: 'left', totalMs: since() });
    else change({ state: 'failed', body: error instanceof Error ? error.message : '', totalMs: since() });
  }
}

async function* chunks({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) yield read.value;
}
