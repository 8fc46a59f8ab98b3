import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { monotonicMs } from '../harness/machine.ts';
import { type Behaviour, ESSAY_PIECES, FLOOD_PIECES, PACED_PIECES, PIECE_UNITS, type Told } from './behaviours.ts';
import { tokens } from './document.ts';

/**
 * A provider that answers chat completions as the model's name says, in a process of its own. It tells its parent when a
 * socket was closed under it, and when it has reset one, with the words of the person's message.
 */
const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-Bq1Xn7yq5t4bJp0ZC1uEw8xkKf2aV',
    object: 'chat.completion.chunk',
    created: 1763800000,
    model: 'bench-model-2026',
    system_fingerprint: 'fp_7d4a1c90b2',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })}\n\n`;

const piece = chunk({ content: 'token'.padEnd(PIECE_UNITS) });
const ending = `${chunk({}, 'stop')}data: [DONE]\n\n`;
/** Written as a whole: the provider is to be the last thing that one waits for. */
const PIECES_A_WRITE = 64;
const flood = Buffer.from(piece.repeat(PIECES_A_WRITE));

const now = () => `@${process.hrtime.bigint()}@`;

let phase = 0;

const tell = (what: Told) => process.send!(what);

type Answer = (response: ServerResponse, words: string) => void;

const answers: Record<Behaviour, Answer> = {
  /** Thinks, writes the time into the first token, and says a few more. */
  first: (response) =>
    void setTimeout(() => {
      response.write(chunk({ role: 'assistant', content: now() }));
      every(response, 5, 3, () => response.end(ending));
    }, 50),

  flood(response) {
    let left = FLOOD_PIECES / PIECES_A_WRITE;
    const pour = () => {
      while (left > 0) {
        left--;
        if (!response.write(flood)) return void response.once('drain', pour);
      }
      response.end(ending);
    };
    pour();
  },

  /** No two streams of the real world beat in time. */
  paced(response) {
    phase = (phase + 3) % 10;
    setTimeout(() => every(response, 10, PACED_PIECES, () => response.end(ending)), phase);
  },

  endless(response, words) {
    const stop = every(response, 10, Number.POSITIVE_INFINITY, () => {});
    response.on('close', () => {
      tell({ closed: words, at: monotonicMs() });
      stop();
    });
  },

  /** Until somebody hangs up, slowly. */
  drip(response) {
    const stop = every(response, 40, Number.POSITIVE_INFINITY, () => {});
    response.on('close', stop);
  },

  reset: (response, words) =>
    void every(response, 2, 20, () => {
      tell({ reset: words, at: monotonicMs() });
      (response.socket as Socket).resetAndDestroy();
    }),

  markdown: (response) => writeOn(response),
  stamped: (response) => writeOn(response, 2),

  essay(response) {
    const next = writing();
    const finish = () => response.end(ending);
    every(response, 10, ESSAY_PIECES, finish, () => chunk({ content: next() }));
  },

  'whole-essay'(response) {
    const next = writing();
    response.write(chunk({ content: Array.from({ length: ESSAY_PIECES }, next).join('') }));
    response.end(ending);
  },
};

/** In the middle of a long answer, 100 tokens/s without an end, and after so many words the time. */
function writeOn(response: ServerResponse, stamps = Number.POSITIVE_INFINITY): void {
  const next = writing();
  response.write(chunk({ role: 'assistant', content: Array.from({ length: ESSAY_PIECES }, next).join('') }));
  let since = 0;
  const token = () => {
    const text = next();
    if (++since < stamps || !/^ [a-z]/.test(text)) return text;
    since = 0;
    return ` ${now()}${text}`;
  };
  const nothing = () => {};
  phase = (phase + 3) % 10;
  setTimeout(() => {
    const stop = every(response, 10, Number.POSITIVE_INFINITY, nothing, () => chunk({ content: token() }));
    if (response.destroyed) stop();
    else response.on('close', stop);
  }, phase);
}

/** The same text over and over, token by token. */
function writing(): () => string {
  let at = 0;
  return () => tokens[at++ % tokens.length]!;
}

/** A small piece every `ms`, then `after`. */
function every(
  response: ServerResponse,
  ms: number,
  count: number,
  after: () => void,
  next: () => string = () => piece,
): () => void {
  let left = count;
  const timer = setInterval(() => {
    response.write(next());
    if (--left > 0) return;
    clearInterval(timer);
    after();
  }, ms);
  return () => clearInterval(timer);
}

async function bodyOf(request: IncomingMessage): Promise<{ model: Behaviour; words: string }> {
  let text = '';
  for await (const data of request) text += data;
  const { model, messages } = JSON.parse(text);
  return { model, words: messages.at(-1).content };
}

const server = createServer(async (request, response) => {
  const { model, words } = await bodyOf(request);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  answers[model](response, words);
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
