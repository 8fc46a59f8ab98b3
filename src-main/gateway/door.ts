import type { IncomingMessage } from 'node:http';
import { type Access, type Admission, cookieMs, type SignIn, thePage } from './access.ts';
import { readCookies } from './guard.ts';

/**
 * A browser can send no header of its own with a WebSocket; there the second of the protocols that it asks for, after
 * this one, is the access token of a program or the key of a page. A page's requests bring the key in this header.
 */
const protocol = 'choragus';
const keyHeader = 'choragus-key';

/** Looks at requests for what lets them in. */
export class Door {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** May see the pages, which hold nothing of anybody. */
  mayLook(request: IncomingMessage): boolean {
    return this.program(request) !== null || cookies(request).some((cookie) => this.#access.allowsCookie(cookie));
  }

  /** Who it is; null when nobody known. */
  admission(request: IncomingMessage): Admission | null {
    return this.program(request) ?? this.#page(request);
  }

  /** Who it is by its access token alone, wherever that stands. */
  program({ headers }: IncomingMessage): Admission | null {
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    for (const token of [bearer, one(headers['x-api-key']), secondProtocol(headers)]) {
      const admission = token === undefined ? null : this.#access.allowsToken(token);
      if (admission !== null) return admission;
    }
    return null;
  }

  #page(request: IncomingMessage): Admission | null {
    const key = secondProtocol(request.headers) ?? one(request.headers[keyHeader]);
    return cookies(request).some((cookie) => this.#access.allowsPage(cookie, key)) ? thePage : null;
  }
}

/** For the answer to this request. */
export const cookieHeader = (request: IncomingMessage, { cookie }: SignIn, secure: boolean) =>
  `${cookieName(request)}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieMs / 1000}${secure ? '; Secure' : ''}`;

/** One name per port, so that two data folders do not sign each other out. */
const cookieName = ({ socket }: IncomingMessage) => `choragus-${socket.localPort}`;
const cookies = (request: IncomingMessage) => readCookies(request.headers.cookie, cookieName(request));
const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);

function secondProtocol(headers: IncomingMessage['headers']): string | undefined {
  const [first, second] = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  return first === protocol ? second : undefined;
}
