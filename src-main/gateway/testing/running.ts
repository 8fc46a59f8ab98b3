import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type RequestOptions,
} from 'node:http';
import { request } from 'node:https';
import { WebSocket } from 'ws';
import type { Scope } from '#shared/domain/gateway.ts';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { Access } from '../access.ts';
import { type Server, type ServerOptions, startServer } from '../server.ts';
import { type Listeners, listeners } from './listeners.ts';

/** The access tokens that there are: the folder's own, and one for each way to have scopes. */
export const user = 'the-access-token';
const given: Record<string, Scope[]> = { chat: ['chat'], read: ['read'], both: ['chat', 'read'], admin: ['admin'] };
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  json: any;
}

export interface Running extends Listeners {
  server: Server;
  clock: FakeClock;
  /** Everything that was logged, level first. */
  logged: string[];
  /** A plain request that, unlike fetch, may claim anything. */
  ask(path: string, options?: RequestOptions & { body?: unknown }): Promise<Answer>;
  /** Resolves with an open socket, or with what the refusal said. */
  upgrade(path: string, headers?: Record<string, string>, protocols?: string[]): Promise<WebSocket | Answer>;
  close(): Promise<void>;
}

/** A server on a free port, at a time that stands still. */
export async function running(changed: Partial<ServerOptions> = {}): Promise<Running> {
  const clock = fakeClock();
  const limits = { connections: 100, requestsPerMinute: 6000, ...changed.limits };
  const there = listeners(clock, limits.connections);
  const logged: string[] = [];
  const log = (level: string) => (fields: object, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)} ${String('error' in fields ? fields.error : '')}`);
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    access: new Access({ token: user, secret: 'x'.repeat(32) }, clock, {
      use: (token) => (given[token] === undefined ? null : { id: `${token}-id`, name: token, scopes: given[token] }),
    }),
    rendererDir: import.meta.dirname,
    version: '1.2.3',
    linkCommand: 'npm start link',
    choragus: there.choragus,
    areas: [],
    clock,
    random: Math.random,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    ...changed,
    limits,
  });
  const secure = server.local.startsWith('https');
  const sockets: WebSocket[] = [];

  const answered = (answer: IncomingMessage, resolve: (answer: Answer) => void) => {
    let text = '';
    answer.on('data', (data) => (text += data));
    answer.on('end', () => {
      const isJson = text !== '' && answer.headers['content-type']?.includes('json') === true;
      const json = isJson ? JSON.parse(text) : undefined;
      resolve({ status: answer.statusCode!, headers: answer.headers, text, json });
    });
  };
  return {
    ...there,
    server,
    clock,
    logged,
    ask(path, { body, ...options } = {}) {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
      const headers = {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...length,
        ...options.headers,
      };
      const method = text === undefined ? 'GET' : 'POST';
      const target = { host: '127.0.0.1', port: server.port, path, agent: false, method, ...options, headers };
      return new Promise<Answer>((resolve, reject) => {
        const sent = secure ? request({ rejectUnauthorized: false, ...target }) : plainRequest(target);
        sent.on('response', (answer) => answered(answer, resolve)).on('error', reject);
        sent.end(text);
      });
    },
    upgrade(path, headers = {}, protocols = []) {
      const address = `${server.local.replace('http', 'ws')}${path}`;
      const socket = new WebSocket(address, protocols, { headers, rejectUnauthorized: false });
      sockets.push(socket);
      return new Promise((resolve, reject) => {
        socket.on('open', () => resolve(socket)).on('error', reject);
        socket.on('unexpected-response', (_, answer) => answered(answer, resolve));
      });
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await server.close(async () => {});
    },
  };
}
