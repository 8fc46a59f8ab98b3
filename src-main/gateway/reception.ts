import type { IncomingMessage } from 'node:http';
import type { Scope } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Admission } from './access.ts';
import type { Area, RouteConfig } from './area.ts';
import type { Door } from './door.ts';
import { foreign, type Place } from './guard.ts';
import { type Allowance, RateLimited, type Rates, rateKey } from './rate.ts';
import { type Exactly, pathOf, type Teller } from './teller.ts';
import { visitor, visitorHeaders } from './visitors.ts';

/** What is known about a request before anything is done for it. */
export interface Visit {
  area: Area | undefined;
  /** Null: nobody known. */
  admission: Admission | null;
  /** A web page elsewhere that was named in the settings. */
  origin: string | null;
  /** What any answer to it carries. */
  headers: Record<string, string>;
  /** Why nothing is done for it. */
  refusal: ({ problem: Problem } & Exactly) | null;
}

export interface ReceptionOptions {
  place: Place;
  door: Door;
  teller: Teller;
  rates: Rates;
  /** Origins of web pages elsewhere that may ask, with an access token. */
  origins: () => readonly string[];
  clock: Pick<Clock, 'now'>;
  /** What to type to get a new link. */
  linkCommand: string;
}

/** What a route needs. `look`: outside of the areas it is a page, which whoever is signed in may see. */
export type Needs = RouteConfig & { look?: boolean };

/** Whoever has access at all. */
export const anybody: RouteConfig = { scope: ['chat', 'read'] };

/** Places that are no area's and yet for programs, those of named web pages included. */
const forPrograms = new Set(['/rpc', '/health']);

/** Finds out who asks and whether they may, for requests and for WebSockets alike. */
export class Reception {
  readonly #options: ReceptionOptions;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** Counts it as one request. `preflight`: it only asks whether another page may ask. */
  receive(request: IncomingMessage, needs: Needs, preflight = false): Visit {
    const { place, door, teller, origins } = this.#options;
    const area = teller.areaOf(request);
    const welcome = area !== undefined || forPrograms.has(pathOf(request));
    const origin = welcome ? visitor(request, origins()) : null;
    const visit: Visit = { area, admission: null, origin, headers: {}, refusal: null };
    if (origin !== null) visit.headers = visitorHeaders(origin);
    visit.refusal = foreign(request, place, origin !== null);
    if (visit.refusal !== null || (preflight && origin !== null)) return visit;

    // A page elsewhere is let in by its token alone: whatever else a browser sends along may be somebody else's.
    visit.admission = origin === null ? door.admission(request) : door.program(request);
    visit.refusal = this.#limit(request, visit, needs) ?? this.#refusal(request, visit, needs);
    return visit;
  }

  /** Throws UNAUTHORIZED when the access token was removed since the head of the request came: a body may take long. */
  mustStillKnow(request: IncomingMessage, { admission }: Visit): void {
    if (admission === null || admission.token === null) return;
    if (this.#options.door.program(request)?.token?.id === admission.token.id) return;
    throw noAccess(this.#options.linkCommand);
  }

  #limit(request: IncomingMessage, visit: Visit, { look }: Needs): Visit['refusal'] {
    const key =
      look === true && visit.area === undefined ? null : rateKey(visit.admission, request.socket.remoteAddress);
    if (key === null) return null;
    const allowance = this.#options.rates.take(key);
    if (visit.area !== undefined) Object.assign(visit.headers, this.#rateHeaders(allowance));
    if (allowance.waitMs === 0) return null;
    const problem = new RateLimited(allowance);
    visit.headers['retry-after'] = String(problem.retryAfter);
    return { problem, retryAfter: problem.retryAfter };
  }

  #rateHeaders({ limit, left, fullMs }: Allowance): Record<string, string> {
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-reset': String(Math.ceil((this.#options.clock.now() + fullMs) / 1000)),
    };
  }

  #refusal(request: IncomingMessage, { area, admission }: Visit, needs: Needs): Visit['refusal'] {
    if (needs.open === true) return null;
    if (needs.look === true && area === undefined && this.#options.door.mayLook(request)) return null;
    if (admission === null) return { problem: noAccess(this.#options.linkCommand) };
    return allows(admission.scopes, needs.scope) ? null : { problem: beyond(needs.scope) };
  }
}

function allows(given: Admission['scopes'], wanted: RouteConfig['scope']): boolean {
  if (given === 'user') return true;
  if (wanted === undefined) return false;
  return given.includes('admin') || named(wanted).some((scope) => given.includes(scope));
}

const named = (scope: Scope | readonly Scope[]): readonly Scope[] => (typeof scope === 'string' ? [scope] : scope);

const noAccess = (linkCommand: string) =>
  new Problem(
    'UNAUTHORIZED',
    'This needs access to Choragus.',
    `Sign in with a link from: ${linkCommand}; programs send the access token as Authorization: Bearer.`,
  );

const beyond = (wanted: RouteConfig['scope']) =>
  wanted === undefined
    ? new Problem('FORBIDDEN', 'This is for the user alone, not for programs with an access token of their own.')
    : new Problem(
        'FORBIDDEN',
        `The access token lacks the scope ${named(wanted).join(' or ')}.`,
        'Use a token with more scopes; they are made in Settings under Gateway.',
      );
