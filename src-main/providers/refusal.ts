import { Problem, type ProblemCode } from '#shared/domain/problem.ts';
import { isRecord } from '#shared/kit/record.ts';
import { excerpt, textOr } from './json.ts';
import { ProviderRefusal } from './provider.ts';

/** Whom an error speaks of. */
export interface Named {
  name: string;
  baseUrl: string;
  /** The key of this request, never told: it is cut out of whatever the provider says about it. */
  key: string | undefined;
  /** What was sent, never told either: a complaint that quotes it is not passed on. */
  texts: readonly string[];
}

/** The provider sent what its dialect does not know. `what` never quotes more than a short word. */
export const garbled = (name: string, what: string): ProviderRefusal =>
  new ProviderRefusal(
    new Problem(
      'PROVIDER_GARBLED',
      `${name} sent ${what}.`,
      'Check the address and the kind of the provider, or try again.',
    ),
    false,
  );

export const empty = (name: string): ProviderRefusal =>
  new ProviderRefusal(
    new Problem('PROVIDER_EMPTY', `${name} answered with nothing at all.`, 'Try again, or choose another model.'),
    false,
  );

export const brokeOff = (name: string): Problem =>
  new Problem(
    'PROVIDER_BROKE_OFF',
    `${name} ended the stream in the middle of the answer.`,
    'Continue the answer or try again.',
  );

/** What a provider says about an error, in whichever of the usual shapes; empty when it says nothing readable. */
export interface Complaint {
  message: string;
  /** Its own words for the kind: `type`, `code` and what else there is, joined. */
  kind: string;
}

export function complaintOf(body: unknown): Complaint {
  if (typeof body === 'string') return { message: body, kind: '' };
  if (Array.isArray(body)) return complaintOf(body[0]);
  if (!isRecord(body)) return { message: '', kind: '' };
  const { error } = body;
  if (typeof error === 'string') return { message: error, kind: '' };
  const told = isRecord(error) ? error : body;
  const code = typeof told.code === 'number' ? String(told.code) : textOr(told.code, '');
  return {
    message: textOr(told.message, detail(told.detail)),
    kind: [textOr(told.type, ''), code, textOr(told.status, ''), textOr(told.param, '')].filter(Boolean).join(' '),
  };
}

/** `detail` is a text, or a list of places and what is wrong there (its `input` may be anything and is not told). */
function detail(value: unknown): string {
  if (!Array.isArray(value)) return textOr(value, '');
  const lines = value.filter(isRecord).map(({ loc, msg }) => {
    const place = Array.isArray(loc) ? loc.filter((step) => typeof step === 'string').join('.') : '';
    return `${place}: ${textOr(msg, '')}`;
  });
  return lines.join('; ');
}

const overloaded =
  /overload|rate.?limit|too many|server.?error|api.?error|internal|unavailable|timeout|capacity|\b(429|5\d\d)\b/i;

/** An error that came inside of a 200 answer. Before the start it may be worth another try. */
export function failed(who: Named, complaint: Complaint): ProviderRefusal {
  const limited = /rate.?limit|\b429\b/i.test(complaint.kind);
  return new ProviderRefusal(
    new Problem(
      limited ? 'PROVIDER_RATE_LIMITED' : 'PROVIDER_FAILED',
      `${who.name} reported an error${saying(who, complaint)}`,
      'Try again; choose another model when it happens again.',
    ),
    overloaded.test(complaint.kind) || (complaint.kind === '' && overloaded.test(complaint.message)),
  );
}

/** An HTTP status that is not a success. */
export function statusRefusal(
  who: Named,
  response: { status: number; headers: Readonly<Record<string, string | string[] | undefined>> },
  complaint: Complaint,
  asked: { model: string | undefined; stream: boolean; now: number },
): ProviderRefusal {
  const { status, headers } = response;
  const { name } = who;
  const said = saying(who, complaint);
  const refusal = (code: ProblemCode, message: string, next: string, retryable = false) =>
    new ProviderRefusal(
      new Problem(code, message, next),
      retryable,
      retryable ? retryAfter(headers, asked.now) : undefined,
    );

  if (/insufficient_quota|billing|credit/i.test(complaint.kind) || status === 402)
    return refusal(
      'PROVIDER_REFUSED',
      `${name} refused the request: the account has no credit left${said}`,
      `Look at plan and billing at ${name}.`,
    );
  if (status === 429)
    return refusal('PROVIDER_RATE_LIMITED', `${name} gets too many requests${said}`, 'Wait a little.', true);
  if (status >= 500 || status === 408) {
    if (asked.stream && status === 501 && /\bstream/i.test(complaint.message)) return cannotStream(who);
    return refusal('PROVIDER_FAILED', `${name} failed with status ${status}${said}`, 'Try again in a moment.', true);
  }
  // Google and xAI tell a wrong key as a wrong request.
  if (status === 401 || status === 403 || (status === 400 && /\bAPI key\b/i.test(complaint.message)))
    return who.key === undefined
      ? refusal('PROVIDER_REFUSED', `${name} wants a key and none is set${said}`, `Enter the key of ${name}.`)
      : refusal('PROVIDER_REFUSED', `${name} does not accept the key${said}`, `Enter a valid key of ${name}.`);
  if (status === 404)
    return asked.model !== undefined && (/model/i.test(complaint.kind) || /model/i.test(complaint.message))
      ? refusal('PROVIDER_REFUSED', `${name} has no model ${excerpt(asked.model)}${said}`, 'Choose another model.')
      : refusal(
          'PROVIDER_REFUSED',
          `${name} has nothing at ${who.baseUrl}${said}`,
          'Correct the address; most of them end in /v1.',
        );
  if (asked.stream && (status === 400 || status === 422) && /\bstream/i.test(`${complaint.message} ${complaint.kind}`))
    return cannotStream(who);
  if (status < 400)
    return refusal(
      'PROVIDER_REFUSED',
      `${name} points to another address (status ${status}).`,
      'Correct the address of the provider.',
    );
  return refusal(
    'PROVIDER_REFUSED',
    `${name} refused the request with status ${status}${said}`,
    'Change the request or choose another model.',
  );
}

const cannotStream = ({ name }: Named) =>
  new ProviderRefusal(
    new Problem('PROVIDER_CANNOT_STREAM', `${name} cannot stream with this model.`, 'Ask for the whole answer.'),
    false,
  );

/** Ends a sentence, with the provider's own words where there are any. */
function saying({ key, texts }: Named, { message }: Complaint): string {
  const words = excerpt(message, key);
  if (words === '' || texts.some((text) => quotes(words, text))) return '.';
  return `: ${words}${/[.!?…]$/.test(words) ? '' : '.'}`;
}

/** So many characters in a row are the same by quoting, not by chance. */
const QUOTED = 24;

function quotes(words: string, text: string): boolean {
  const sent = text.replace(/\s+/g, ' ').trim();
  if (sent.length < QUOTED) return sent.length >= QUOTED / 3 && words.includes(sent);
  for (let at = 0; at + QUOTED <= words.length; at++) if (sent.includes(words.slice(at, at + QUOTED))) return true;
  return false;
}

/** How a service complains that a field is not for this model. */
export const unsupported = (field: string) =>
  new RegExp(
    `(unsupported|not support|unrecognized|unknown).*${field}|${field}.*(unsupported|not support|not permitted)`,
    'i',
  );

/** Models that reason take no temperature and say so. */
export const noTemperature = unsupported('temperature');

export const leftOut = (name: string, wish: string) => `${name}: ${wish} is not supported by this model.`;

/** Milliseconds from `retry-after-ms`, or from `retry-after` in seconds or as a date. */
function retryAfter(headers: Readonly<Record<string, string | string[] | undefined>>, now: number): number | undefined {
  const exact = Number(textOr(headers['retry-after-ms'], 'none'));
  if (exact >= 0) return exact;
  const value = textOr(headers['retry-after'], '').trim();
  if (value === '') return undefined;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
