import { connect } from 'node:net';

/** Octets as they go out; a string is one octet a character. */
type Octets = string | Uint8Array;

export interface RawRequest {
  method: string;
  /** As it stands in the first line. */
  path: string;
  /** In this order, also twice. */
  headers: readonly (readonly [name: string, value: string])[];
  body?: Octets;
}

export interface RawAnswer {
  status: number;
  /** Names in small letters; of several the last. */
  headers: Map<string, string>;
  body: string;
}

/** How long all of an answer may take, in ms. */
const patience = 8_000;

const octets = (text: Octets) => (typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text));

/** A request with nothing checked, on a connection of its own. Null: it was hung up on without a word. */
export async function askRaw(port: number, { method, path, headers, body }: RawRequest): Promise<RawAnswer | null> {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const known = body === undefined || given.has('transfer-encoding');
  const length = known ? [] : [['Content-Length', String(octets(body).length)] as const];
  const usual = [['Host', `127.0.0.1:${port}`] as const, ['Connection', 'close'] as const, ...length];
  const all = [...usual.filter(([name]) => !given.has(name.toLowerCase())), ...headers];
  const head = [`${method} ${path} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return read(await exchange(port, Buffer.concat([octets(head), octets(body ?? '')])), method);
}

/** All that the server says to these octets until it hangs up. */
export function exchange(port: number, sent: Octets): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const told: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const late = setTimeout(() => {
      socket.destroy();
      reject(
        new Error(
          `After ${patience} ms the server had not hung up on ${JSON.stringify(octets(sent).toString('latin1').slice(0, 2000))}; it said ${Buffer.concat(told).toString('latin1').slice(0, 500)}.`,
        ),
      );
    }, patience);
    socket.on('data', (data) => told.push(data));
    // What had been said before a reset counts.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(late);
      resolve(Buffer.concat(told));
    });
    socket.write(octets(sent));
  });
}

/** Throws for what is no answer. */
export function read(told: Buffer, method = 'GET'): RawAnswer | null {
  if (told.length === 0) return null;
  const end = told.indexOf('\r\n\r\n');
  const [first, ...lines] = told.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first!)?.[1]);
  if (end < 0 || Number.isNaN(status)) throw new Error(`This is no answer: ${told.toString('latin1').slice(0, 300)}`);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = told.subarray(end + 4);
  // "Go on": the answer follows.
  if (status === 100) return read(rest, method);
  const body = method === 'HEAD' ? '' : headers.get('transfer-encoding') === 'chunked' ? chunks(rest) : rest;
  return { status, headers, body: body.toString() };
}

function chunks(rest: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.subarray(at, line).toString(), 16);
    if (line < 0 || Number.isNaN(size)) throw new Error('The answer broke off.');
    if (size === 0) return Buffer.concat(parts);
    parts.push(rest.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
