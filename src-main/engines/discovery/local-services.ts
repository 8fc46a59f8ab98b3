import { isRecord } from '#shared/kit/record.ts';

/**
 * AI services that people run on their own computer. Each is asked at the address that is its own, and known by the
 * shape of its answers: another program at that port is never taken for one.
 */

/** The network, as narrow as it is needed here; follows no redirect. Throws when there is no response. */
export type Get = (request: {
  url: string;
  method: 'GET';
  headers: Record<string, string>;
  signal: AbortSignal;
}) => Promise<{ status: number; body: { read(take: (bytes: Uint8Array) => false | undefined): Promise<void> } }>;

/** JSON at a path; undefined when there is none, whatever the reason. */
type Ask = (path: string) => Promise<unknown>;

export type LocalServiceKind = 'ollama' | 'lmStudio' | 'llamaCpp';

export interface LocalService {
  /** Reserved: no provider that the user connects gets it. */
  id: string;
  name: string;
  /** Where it speaks the chat completions dialect. */
  baseUrl: string;
  /** What it offers, as a text that is another one when that is; null when it does not run. Never rejects. */
  look(signal: AbortSignal): Promise<string | null>;
}

/** What is read of an answer: a list of models may be long. */
const MAX_BYTES = 1024 * 1024;

interface Kind {
  id: string;
  name: string;
  /** Scheme, host and port. */
  usual: string;
  offer(ask: Ask): Promise<string | null>;
}

const kinds: Readonly<Record<LocalServiceKind, Kind>> = {
  /** https://github.com/ollama/ollama/blob/main/docs/api.md */
  ollama: {
    id: 'found-ollama',
    name: 'Ollama',
    usual: 'http://127.0.0.1:11434',
    async offer(ask) {
      const version = await ask('/api/version');
      if (!isRecord(version) || typeof version.version !== 'string') return null;
      return listed(await ask('/api/tags'), 'models', ({ name, digest }) => typeof name === 'string' && [name, digest]);
    },
  },
  /** https://lmstudio.ai/docs/developer/rest/endpoints */
  lmStudio: {
    id: 'found-lm-studio',
    name: 'LM Studio',
    usual: 'http://127.0.0.1:1234',
    async offer(ask) {
      return listed(await ask('/api/v0/models'), 'data', ({ id, object, type, state }) => {
        return typeof id === 'string' && object === 'model' && typeof type === 'string' && [id, type, state];
      });
    },
  },
  /** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md */
  llamaCpp: {
    id: 'found-llama-cpp',
    name: 'llama.cpp',
    usual: 'http://127.0.0.1:8080',
    async offer(ask) {
      const health = await ask('/health');
      if (!isRecord(health) || health.status !== 'ok') return null;
      const models = listed(await ask('/v1/models'), 'data', ({ id, owned_by: owner }) => owner === 'llamacpp' && [id]);
      // It never runs without one; an empty list may be anybody's.
      return models === '[]' ? null : models;
    },
  },
};

/** The services to look for; `addresses` stand instead of the usual ones. */
export function localServices(
  get: Get,
  addresses: Readonly<Partial<Record<LocalServiceKind, string | undefined>>>,
): LocalService[] {
  return (Object.keys(kinds) as LocalServiceKind[]).map((kind) => {
    const { id, name, usual, offer } = kinds[kind];
    const root = (addresses[kind] ?? usual).replace(/\/+$/, '');
    return { id, name, baseUrl: `${root}/v1`, look: (signal) => offer((path) => json(get, root + path, signal)) };
  });
}

const names = new Map(Object.values(kinds).map(({ id, name }) => [id, name]));

/** What is called by this id, whether it runs or not; undefined for any other id. */
export const localServiceName = (id: string): string | undefined => names.get(id);

/** What `tell` says of each item of a list, maybe an empty one; null when it is no list of nothing but such items. */
function listed(
  answer: unknown,
  field: string,
  tell: (item: Record<string, unknown>) => unknown[] | false,
): string | null {
  const items = isRecord(answer) ? answer[field] : undefined;
  if (!Array.isArray(items)) return null;
  const told = items.map((item) => isRecord(item) && tell(item));
  return told.includes(false) ? null : JSON.stringify(told);
}

async function json(get: Get, url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const { status, body } = await get({ url, method: 'GET', headers: { accept: 'application/json' }, signal });
    const pieces: Uint8Array[] = [];
    let length = 0;
    await body.read((bytes) => {
      length += bytes.length;
      pieces.push(bytes);
      return length > MAX_BYTES ? false : undefined;
    });
    return status === 200 && length <= MAX_BYTES ? JSON.parse(Buffer.concat(pieces).toString('utf8')) : undefined;
  } catch {
    // Whatever it is, it is not what is looked for.
    return undefined;
  }
}
