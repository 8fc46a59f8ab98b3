import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problems } from '#shared/domain/problem.ts';
import type { Area, Told } from './area.ts';
import { problemPage, signInPage } from './pages.ts';

/** The path that a request asks for, as it stands there, without its query. */
export const pathOf = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? '/';

/** What HTTP has to say besides the problem. */
export interface Exactly {
  /** Where it is another one than the problem's own. */
  status?: number | undefined;
  /** Seconds. */
  retryAfter?: number;
}

/** Says what went wrong, in the dialect that the request was spoken in: a page for people, JSON for programs. */
export class Teller {
  readonly #areas: readonly Area[];
  readonly #linkCommand: string;

  constructor(areas: readonly Area[], linkCommand: string) {
    this.#areas = areas;
    this.#linkCommand = linkCommand;
  }

  areaOf(request: IncomingMessage): Area | undefined {
    const path = pathOf(request);
    return this.#areas.find((area) => area.owns(path, request.headers));
  }

  tell(request: IncomingMessage, problem: Problem, { status: exact, retryAfter }: Exactly = {}): Told {
    const area = this.areaOf(request);
    if (area !== undefined) {
      const { status, headers, body } = area.tell(problem, retryAfter);
      return { status: exact ?? status, headers: { 'cache-control': 'no-store', ...headers }, body };
    }
    const status = exact ?? problems[problem.code].http;
    const noStore = { 'cache-control': 'no-store' };
    if (request.headers.accept?.includes('text/html') !== true)
      return { status, headers: noStore, body: problem.toBody() };
    const body = status === 401 ? signInPage(this.#linkCommand) : problemPage(problem);
    return { status, headers: { ...noStore, 'content-type': 'text/html; charset=utf-8' }, body };
  }
}

/** How long a refused socket may stay, to read why. */
const hangUpMs = 1000;

/** Answers where there is no reply to do it: to a socket that asked for an upgrade, or could not even ask. */
export function refuse(socket: Socket, { status, headers, body }: Told): void {
  const text = JSON.stringify(body);
  const head = { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  // Whoever goes on sending has had the answer by then.
  const hangUp = setTimeout(() => socket.destroy(), hangUpMs).unref();
  socket.on('close', () => clearTimeout(hangUp));
  socket.end([`HTTP/1.1 ${status} Refused`, 'connection: close', ...lines, '', text].join('\r\n'));
}
