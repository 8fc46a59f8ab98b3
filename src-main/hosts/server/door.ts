import type { IncomingMessage } from 'node:http';
import { type Access, type Admission, cookieMs, type SignIn } from './access.ts';
import { readCookies } from './guard.ts';

/** How a page shows its key: as the second of the protocols that its WebSocket asks for, or in this header. */
const keyHeader = 'choragus-key';
const protocol = 'choragus';

/** Looks at requests for what lets them in. */
export class Door {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** May see the pages, which hold nothing of anybody. */
  mayLook(request: IncomingMessage): boolean {
    return this.#program(request) !== null || cookies(request).some((cookie) => this.#access.allowsCookie(cookie));
  }

  /** May do everything; null when not. */
  admission(request: IncomingMessage): Admission | null {
    const key = keyOf(request);
    const page = () => cookies(request).some((cookie) => this.#access.allowsPage(cookie, key));
    return this.#program(request) ?? (page() ? { token: null } : null);
  }

  #program({ headers }: IncomingMessage): Admission | null {
    return this.#access.allowsBearer(headers.authorization);
  }
}

/** For the answer to this request. */
export const cookieHeader = (request: IncomingMessage, { cookie }: SignIn) =>
  `${cookieName(request)}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieMs / 1000}`;

/** One name per port, so that two data folders do not sign each other out. */
const cookieName = ({ socket }: IncomingMessage) => `choragus-${socket.localPort}`;
const cookies = (request: IncomingMessage) => readCookies(request.headers.cookie, cookieName(request));

function keyOf({ headers }: IncomingMessage): string | undefined {
  const [first, second] = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  if (first === protocol) return second;
  const given = headers[keyHeader];
  return typeof given === 'string' ? given : undefined;
}
