import type { Field, Operation } from './operations.ts';

/** By the name of the field, as it was typed; what is empty is not sent. */
export type Values = Readonly<Record<string, string>>;

/** A request, ready to be sent but for who sends it. */
export interface Request {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** What keeps the form from being sent: a sentence for each field. */
export type Faults = Readonly<Record<string, string>>;

export function faultsOf({ fields }: Operation, values: Values): Faults {
  const faults = fields.map((field): [string, string] => [field.name, faultOf(field, values[field.name] ?? '')]);
  return Object.fromEntries(faults.filter(([, fault]) => fault !== ''));
}

function faultOf({ required, kind }: Field, value: string): string {
  if (value === '') return required ? 'This is needed.' : '';
  if (kind === 'number' && !Number.isFinite(Number(value))) return 'This must be a number.';
  if (kind === 'json' && parsed(value) === undefined) return 'This must be JSON.';
  return '';
}

/** Expects values without faults. */
export function requestOf({ method, path, fields }: Operation, values: Values): Request {
  const given = fields.filter(({ name }) => (values[name] ?? '') !== '');
  const of = (place: Field['place']) => given.filter((field) => field.place === place);
  const filled = of('path').reduce(
    (text, { name }) => text.replace(`{${name}}`, encodeURIComponent(values[name]!)),
    path,
  );
  const query = new URLSearchParams(of('query').map(({ name }) => [name, values[name]!])).toString();
  const hasBody = fields.some(({ place }) => place === 'body');
  const body = Object.fromEntries(of('body').map((field) => [field.name, typedValue(field, values[field.name]!)]));
  return {
    method,
    path: query === '' ? filled : `${filled}?${query}`,
    headers: {
      ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
      ...Object.fromEntries(of('header').map(({ name }) => [headerName(name), values[name]!])),
    },
    body: hasBody ? JSON.stringify(body) : null,
  };
}

/** For a shell of Unix. The access token is named, never shown. */
export function curlOf({ method, path, headers, body }: Request, origin: string): string {
  const parts = [
    `curl -N${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${origin}${path}`)}`,
    '-H "Authorization: Bearer $CHORAGUS_TOKEN"',
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`-d ${quoted(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const headerName = (name: string) =>
  name.replace(/(^|-)(\w)/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

function typedValue({ kind }: Field, value: string): unknown {
  if (kind === 'number') return Number(value);
  if (kind === 'boolean') return value === 'true';
  return kind === 'json' ? parsed(value) : value;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
