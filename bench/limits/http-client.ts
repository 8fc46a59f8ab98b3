/** The barest client of a chat completion: bytes as they come, nothing parsed. */
import { Agent, type ClientRequest, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** Whom one asks, and how. */
export interface Gateway {
  port: number;
  /** As this one calls the model. */
  model?: (model: string) => string;
  headers?: Record<string, string>;
}

export interface Asked {
  request: ClientRequest;
  /** Resolves with true at the end of a whole answer, with false when it broke off. */
  whole: Promise<boolean>;
}

export function ask(to: number | Gateway, behaviour: string, words: string, seen: (bytes: Buffer) => void): Asked {
  const { port, model = (name: string) => name, headers: more = {} } = typeof to === 'number' ? { port: to } : to;
  const headers = { 'content-type': 'application/json', ...more };
  const body = JSON.stringify({ model: model(behaviour), messages: [{ role: 'user', content: words }], stream: true });
  const asked = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/chat/completions', headers, agent });
  const whole = new Promise<boolean>((resolve) => {
    asked.on('response', (response) => {
      response.on('data', seen);
      response.on('end', () => resolve(response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    asked.on('error', () => resolve(false));
  });
  asked.end(body);
  return { request: asked, whole };
}

/** Asks `count` times at once and waits for all the ends. */
export async function askAll(
  to: number | Gateway,
  count: number,
  behaviour: string,
  seen: (bytes: Buffer) => void,
): Promise<void> {
  const asked = Array.from({ length: count }, () => ask(to, behaviour, behaviour, seen).whole);
  if ((await Promise.all(asked)).includes(false)) throw new Error('An answer broke off.');
}
