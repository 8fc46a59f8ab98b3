/** The barest client of a chat completion: bytes as they come, nothing parsed. */
import { Agent, type ClientRequest, request } from 'node:http';

const agent = new Agent({ keepAlive: true });
const headers = { 'content-type': 'application/json' };

export interface Asked {
  request: ClientRequest;
  /** Resolves with true at the end of a whole answer, with false when it broke off. */
  whole: Promise<boolean>;
}

export function ask(port: number, model: string, words: string, seen: (bytes: Buffer) => void): Asked {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: words }], stream: true });
  const asked = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/chat/completions', headers, agent });
  const whole = new Promise<boolean>((resolve) => {
    asked.on('response', (response) => {
      response.on('data', seen);
      response.on('end', () => resolve(true));
      response.on('error', () => resolve(false));
    });
    asked.on('error', () => resolve(false));
  });
  asked.end(body);
  return { request: asked, whole };
}

/** Asks `count` times at once and waits for all the ends. */
export async function askAll(port: number, count: number, model: string, seen: (bytes: Buffer) => void): Promise<void> {
  const asked = Array.from({ length: count }, () => ask(port, model, model, seen).whole);
  if ((await Promise.all(asked)).includes(false)) throw new Error('An answer broke off.');
}
