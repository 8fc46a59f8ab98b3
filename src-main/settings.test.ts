import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { SpecialistDefinition } from '#shared/domain/summary.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Client } from '#shared/wire/client.ts';
import { secretStore } from './config/secrets.ts';
import { json, startTestServer, stream, type TestServer } from './providers/testing/server.ts';
import { openaiStream } from './providers/testing/streams.ts';
import { type Composed, composed } from './testing/composed.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const id = () => uuidv7(Date.now(), Math.random);

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'choragus-settings-'));
  ends.push(() => rmSync(dir, { recursive: true }));
  return dir;
}

/** An AI service of the chat completions dialect, or Ollama, which is one with two addresses more. */
async function service(answer = 'Here'): Promise<TestServer & { ollama: boolean }> {
  const started = Object.assign(await startTestServer(), { ollama: false });
  ends.push(() => started.close());
  const says = stream(openaiStream([answer]));
  const models = json({ object: 'list', data: [{ id: 'qwen3', object: 'model', owned_by: 'library' }] });
  started.always((request, response) => {
    if (request.method === 'POST' && request.path.endsWith('/chat/completions')) return says(request, response);
    if (request.path.endsWith('/models')) return models(request, response);
    const own = started.ollama
      ? { '/api/version': { version: '0.12.3' }, '/api/tags': { models: [{ name: 'qwen3', model: 'qwen3' }] } }
      : {};
    const found = (own as Record<string, unknown>)[request.path];
    return json(found ?? { error: 'not found' }, found === undefined ? 404 : 200)(request, response);
  });
  return started;
}

async function app(dir: string, localServices: unknown = false, more: Parameters<typeof composed>[1] | object = {}) {
  const made = await composed(dir, { config: { localServices }, ...more });
  ends.push(made.close);
  return { ...made, ...roster(made.client) };
}

/** Follows the roster, as a window does. */
function roster(client: Client) {
  const items: StreamItem<'roster.follow'>[] = [];
  const follow = client.follow(
    'roster.follow',
    () => ({}),
    (batch) => void items.push(...batch),
  );
  ends.push(() => follow.close());
  const provider = (name: string) => items.at(-1)?.providers.find((each) => each.id === name);
  const specialist = (name: string) => items.at(-1)?.specialists.find((each) => each.id === name);
  return { items, provider, specialist };
}

/** Sends a message and waits for the end of its answer. */
async function ask(client: Client, to: { specialist: string } | { provider: string; model: string }) {
  const session = id();
  await client.call('messages.send', { command: id(), session, message: id(), text: 'Hi', to });
  return vi.waitFor(async () => {
    const { events } = await client.call('sessions.older', { session, before: Number.MAX_SAFE_INTEGER });
    const end = events.find(({ type }) => type === 'turn.finished');
    expect(end).toBeDefined();
    const asked = events.find(({ type }) => type === 'turn.requested')!;
    return { ...(end!.data as { state: string; text: string }), speaker: asked.data.speaker };
  });
}

const connect = (client: Client, url: string, more: object = {}) =>
  client.call('providers.connect', {
    command: id(),
    kind: 'openai-compatible',
    name: 'Near',
    baseUrl: `${url}/v1`,
    ...more,
  });
const change = (client: Client, provider: string, wish: object) =>
  client.call('providers.change', { command: id(), provider, ...wish });

/** Every file in the data folder but the one for keys. */
const stored = (dir: string): string =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe('the settings of providers', () => {
  it('never tell a key: not in an answer, an event, the log, or an error', async () => {
    const [one, other] = [await service(), await service()];
    const dir = folder();
    const logged: unknown[] = [];
    const logger = Object.fromEntries(
      ['debug', 'info', 'warn', 'error'].map((level) => [level, (...args: unknown[]) => void logged.push(args)]),
    );
    const { client, items, provider, close } = await app(dir, false, { logger });
    const said: unknown[] = [];
    const hear = async (answer: Promise<unknown>) => {
      said.push(await answer.catch((error: { code: string; message: string; next: string }) => ({ ...error })));
    };
    await hear(connect(client, one.url, { key: 'canary-one' }));
    await hear(client.call('providers.test', { provider: 'near' }));
    const moving = change(client, 'near', { baseUrl: `${other.url}/v1` });
    await expect(moving).rejects.toMatchObject({ code: 'CONFLICT', next: expect.stringContaining('Enter the key') });
    await hear(change(client, 'near', { baseUrl: `${other.url}/v1`, key: 'canary-two' }));
    await vi.waitFor(() => expect(provider('near')).toMatchObject({ state: 'ready', key: 'stored', local: true }));
    await hear(client.call('providers.test', { provider: 'near', model: 'qwen3' }));
    await hear(change(client, 'near', { key: '' }));
    await vi.waitFor(() => expect(provider('near')?.key).toBe('none'));
    await hear(change(client, 'near', { baseUrl: 'http://127.0.0.1:9/v1', key: 'canary-three' }));
    await hear(client.call('providers.test', { provider: 'near' }));
    await close();

    expect(said.at(-1)).toMatchObject({ models: null, answer: null, problem: { message: expect.any(String) } });
    const everything = JSON.stringify([said, items, logged]) + stored(dir);
    expect(everything).toContain('provider.changed');
    expect(everything).not.toContain('canary');
    const keysAt = ({ requests }: TestServer) => new Set(requests.map(({ headers }) => headers.authorization));
    expect(keysAt(one)).toEqual(new Set(['Bearer canary-one']));
    expect(keysAt(other)).toEqual(new Set(['Bearer canary-two', undefined]));
  });

  it('are tested with real requests that leave no trace among the conversations', async () => {
    const near = await service();
    const { client } = await app(folder());
    await connect(client, near.url);
    const result = await client.call('providers.test', { provider: 'near' });
    expect(result).toMatchObject({ models: { count: 1 }, answer: { model: 'qwen3', buffered: false }, problem: null });
    expect(result.answer!.firstTokenMs).toBeGreaterThan(0);
    expect(near.requests.at(-1)?.body).toMatchObject({ messages: [{ role: 'user', content: 'Say OK.' }] });
    expect((await client.call('sessions.list', {})).sessions).toEqual([]);
  });

  it('carry a change out once, however often it is sent', async () => {
    const near = await service();
    const { client, provider } = await app(folder());
    await connect(client, near.url);
    const wish = { command: id(), provider: 'near', name: 'Once' };
    await client.call('providers.change', wish);
    await change(client, 'near', { name: 'Twice' });
    await client.call('providers.change', wish);
    await vi.waitFor(() => expect(provider('near')?.name).toBe('Twice'));
  });

  it('store a key at last when what could not be done is sent once more as it was', async () => {
    const near = await service();
    const dir = folder();
    let locked = false;
    const seal = (text: string) => {
      if (locked) throw new Error('Locked.');
      return Buffer.from(text).toString('base64');
    };
    const open = (sealed: string) => Buffer.from(sealed, 'base64').toString();
    const sealer = { name: 'Keyring', sealed: true, warning: null, seal, open };
    const file = join(dir, 'secrets.json');
    const secrets = secretStore({ file, fixed: new Map(), hide() {}, tightened() {}, sealer });
    const { client, provider } = await app(dir, false, { secrets });
    await connect(client, near.url);
    const wish = { command: id(), provider: 'near', key: 'canary-new' };
    locked = true;
    await expect(client.call('providers.change', wish)).rejects.toThrow('Keyring did not seal the key.');
    locked = false;
    await client.call('providers.change', wish);
    await vi.waitFor(() => expect(provider('near')?.key).toBe('stored'));
    await client.call('providers.check', { provider: 'near' });
    expect(near.requests.at(-1)?.headers.authorization).toBe('Bearer canary-new');
  });

  it('let one be switched off: a turn of it says so, and specialists look elsewhere', async () => {
    const near = await service();
    const { client, specialist } = await app(folder());
    await connect(client, near.url);
    await change(client, 'near', { enabled: false });
    await vi.waitFor(() => expect(specialist('apollo')?.binding).toBeNull());
    await expect(ask(client, { provider: 'near', model: 'qwen3' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Near is switched off.',
    });
    await change(client, 'near', { enabled: true });
    expect(await ask(client, { provider: 'near', model: 'qwen3' })).toMatchObject({ state: 'done', text: 'Here' });
  });
});

describe('an AI service on this computer', () => {
  it('is found when it starts, answers, and is gone when it ends', async () => {
    const near = await service('From Ollama');
    const { client, provider } = await app(folder(), { ollama: near.url, lmStudio: near.url, llamaCpp: near.url });
    await client.call('providers.look', {});
    expect(provider('found-ollama')).toBeUndefined();

    near.ollama = true;
    await client.call('providers.look', {});
    await vi.waitFor(() => expect(provider('found-ollama')).toMatchObject({ origin: 'found', state: 'ready' }));
    expect(provider('found-lm-studio') ?? provider('found-llama-cpp')).toBeUndefined();
    expect(await ask(client, { specialist: 'apollo' })).toMatchObject({
      text: 'From Ollama',
      speaker: { provider: 'found-ollama', model: 'qwen3', look: { colour: 'apollo', glyph: 'apollo' } },
    });

    near.ollama = false;
    await client.call('providers.look', {});
    await vi.waitFor(() => expect(provider('found-ollama')).toBeUndefined());
    const to = { provider: 'found-ollama', model: 'qwen3' };
    await expect(ask(client, to)).rejects.toMatchObject({ message: 'Ollama does not run on this computer now.' });
    near.ollama = true;
    expect(await ask(client, to)).toMatchObject({ state: 'done', text: 'From Ollama' });
  });

  it('is found at the start, without a question', async () => {
    const near = await service();
    near.ollama = true;
    const { provider } = await app(folder(), { ollama: near.url, lmStudio: near.url, llamaCpp: near.url });
    await vi.waitFor(() => expect(provider('found-ollama')?.state).toBe('ready'));
  });
});

describe('the settings of specialists', () => {
  it('are made, changed and removed; old answers still say who it was', async () => {
    const near = await service();
    const dir = folder();
    const first: Composed & ReturnType<typeof roster> = await app(dir);
    const { client, specialist } = first;
    await connect(client, near.url);
    const { definition: apollo } = await client.call('specialists.get', { specialist: 'apollo' });
    const definition: SpecialistDefinition = {
      ...apollo,
      name: 'Kassandra',
      persona: 'Be right.',
      look: { colour: 'numa', glyph: 'telos' },
      model: { provider: 'near', model: 'qwen3' },
    };
    const wish = { command: id(), definition };
    expect(await client.call('specialists.create', wish)).toEqual({ specialist: 'kassandra' });
    expect(await client.call('specialists.create', wish)).toEqual({ specialist: 'kassandra' });
    expect(await ask(client, { specialist: 'kassandra' })).toMatchObject({
      state: 'done',
      speaker: { specialist: 'kassandra', name: 'Kassandra', look: { colour: 'numa', glyph: 'telos' } },
    });
    expect(near.requests.at(-1)?.body.messages?.[0]).toMatchObject({ role: 'system', content: 'Be right.' });

    await client.call('specialists.change', {
      command: id(),
      specialist: 'apollo',
      definition: { ...apollo, role: 'X' },
    });
    await client.call('automatic.set', { command: id(), automatic: 'local' });
    await vi.waitFor(() => expect(specialist('apollo')).toMatchObject({ role: 'X', origin: 'changed' }));
    await first.close();

    const second = await app(dir);
    await vi.waitFor(() => expect(second.specialist('apollo')).toMatchObject({ role: 'X', origin: 'changed' }));
    expect(second.items.at(-1)?.automatic).toBe('local');
    await second.client.call('specialists.remove', { command: id(), specialist: 'apollo' });
    await second.client.call('specialists.remove', { command: id(), specialist: 'kassandra' });
    expect(await second.client.call('specialists.get', { specialist: 'apollo' })).toEqual({
      definition: apollo,
      shipped: apollo,
    });
    await expect(ask(second.client, { specialist: 'kassandra' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      next: expect.any(String),
    });
    const { sessions } = await second.client.call('sessions.list', {});
    expect(sessions[0]?.last?.speaker.name).toBe('Kassandra');
  });
});
