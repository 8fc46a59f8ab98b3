import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { type Event, readEvent } from '#shared/domain/events.ts';
import { foldSession, path, type SessionView } from '#shared/domain/session.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Client } from '#shared/wire/client.ts';
import type { Choragus } from './compose.ts';
import { startTestServer, stream, type TestServer } from './providers/testing/server.ts';
import { openaiStream } from './providers/testing/streams.ts';
import { composed } from './testing/composed.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const to = { provider: 'near', model: 'm' };
const id = () => uuidv7(Date.now(), Math.random);

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'choragus-compose-'));
  ends.push(() => rmSync(dir, { recursive: true }));
  return dir;
}

async function server(): Promise<TestServer> {
  const started = await startTestServer();
  ends.push(() => started.close());
  return started;
}

async function app(
  dir: string,
  url: string,
  endOfTurn: (commit: () => void) => void = setImmediate,
  models: string[] = ['m'],
): Promise<{ choragus: Choragus; client: Client }> {
  const near = { id: 'near', kind: 'openai-compatible', baseUrl: `${url}/v1` };
  const config = { providers: [models.length > 0 ? { ...near, models } : near], localServices: false };
  const { choragus, client, close } = await composed(dir, { config, endOfTurn });
  ends.push(close);
  return { choragus, client };
}

/** A window: follows one session and folds it. */
function window(client: Client, session: string) {
  let view: SessionView | undefined;
  let cursor: string | undefined;
  const items: StreamItem<'session.follow'>[] = [];
  const waiting = new Set<{ test: (view: SessionView) => boolean; resolve: (view: SessionView) => void }>();
  const follow = client.follow(
    'session.follow',
    () => (cursor === undefined ? { session } : { session, cursor }),
    (batch) => {
      for (const item of batch) {
        items.push(item);
        cursor = item.cursor;
        if (item.kind === 'snapshot') view = item.view;
        else view = foldSession(view!, readEvent(item.event) as Event);
      }
      for (const each of waiting) if (view !== undefined && each.test(view)) each.resolve(view);
    },
  );
  ends.push(() => follow.close());
  return {
    items,
    get view() {
      return view!;
    },
    until: (test: (view: SessionView) => boolean) =>
      view !== undefined && test(view)
        ? Promise.resolve(view)
        : new Promise<SessionView>((resolve) => waiting.add({ test, resolve })),
  };
}

const last = (view: SessionView) => {
  const node = path(view).at(-1);
  return node?.kind === 'turn' ? node : undefined;
};
const ended = (view: SessionView) => ['done', 'failed', 'stopped'].includes(last(view)?.state ?? '');
const send = (client: Client, session: string, text: string) =>
  client.call('messages.send', { command: id(), session, message: id(), text, to });

describe('a conversation through the whole house', () => {
  it('goes from a message to a live, folded, stored answer', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['Hel', 'lo', ' there'])));
    const { client } = await app(folder(), provider.url);
    const session = id();
    await send(client, session, 'Hi');
    const view = await window(client, session).until(ended);
    expect(last(view)).toMatchObject({ state: 'done', text: 'Hello there', finish: 'stop', usage: { output: 3 } });
    expect(view.title).toBe('Hi');
    expect(last(view)?.timing?.firstTokenMs).toBeGreaterThan(0);
  });

  it('shows nothing that is not committed: while a commit is held back, nothing appears', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['Hel', 'lo'])));
    let delay: (commit: () => void) => void = setImmediate;
    const { client } = await app(folder(), provider.url, (commit) => delay(commit));
    const session = id();
    await send(client, session, 'Hi');
    const seen = window(client, session);
    await seen.until(ended);

    let held: (() => void) | undefined;
    delay = (commit) => {
      held = commit;
    };
    const before = seen.items.length;
    let answered = false;
    const sent = send(client, session, 'Again').then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(held).toBeDefined();
    expect(answered).toBe(false);
    expect(seen.items.length).toBe(before);
    expect(provider.requests).toHaveLength(1);

    delay = setImmediate;
    held?.();
    await sent;
    await seen.until((view) => Object.keys(view.nodes).length === 4 && ended(view));
  });

  it('has every followed event as a committed row, seen from another connection', async () => {
    const provider = await server();
    let go: () => void = () => {};
    const tokens = Array.from({ length: 50 }, (_, n) => `word${n} `);
    provider.always(stream(openaiStream(tokens), { pace: () => new Promise((resolve) => setImmediate(resolve)) }));
    const dir = folder();
    const { client } = await app(dir, provider.url);
    const reader = new Database(join(dir, 'choragus.db'), { readonly: true });
    ends.push(() => reader.close());
    const session = id();
    await client.call('sessions.create', { command: id(), session });
    const done = new Promise<void>((resolve) => {
      go = resolve;
    });
    let checked = 0;
    const row = reader.prepare('SELECT name FROM events JOIN event_types ON id = type WHERE seq = ?').pluck();
    const follow = client.follow(
      'session.follow',
      () => ({ session }),
      (items) => {
        for (const item of items) {
          if (item.kind !== 'event') continue;
          expect(row.get(item.event.seq)).toBe(item.event.type);
          checked++;
          if (item.event.type === 'turn.finished') go();
        }
      },
    );
    ends.push(() => follow.close());
    await send(client, session, 'Go');
    await done;
    expect(checked).toBeGreaterThan(5);
  });

  it('gives every view again after all projections were dropped', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['One', ' two'])));
    const dir = folder();
    const first = await app(dir, provider.url);
    const sessions = [id(), id(), id()];
    const before: Record<string, SessionView> = {};
    for (const session of sessions) {
      await send(first.client, session, `About ${session}`);
      const seen = window(first.client, session);
      const turn = last(await seen.until(ended))!;
      await first.client.call('turns.retry', { command: id(), session, turn: turn.id });
      await seen.until((view) => Object.keys(view.nodes).length === 3 && ended(view));
      await first.client.call('sessions.rename', { command: id(), session, title: `Renamed ${session}` });
      before[session] = await seen.until((view) => view.title.startsWith('Renamed'));
    }
    const list = await first.client.call('sessions.list', {});
    first.client.close();
    await first.choragus.close();

    const db = new Database(join(dir, 'choragus.db'));
    const kept = new Set([
      ...['events', 'commands', 'meta', 'projections', 'session_ids', 'event_types'],
      ...['blocks', 'block_pieces', 'dictionaries'],
    ]);
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").pluck().all();
    for (const table of tables as string[]) {
      if (kept.has(table) || table.startsWith('sqlite_')) continue;
      // Shadow tables of the full-text index go with it.
      if (db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table)) db.exec(`DROP TABLE "${table}"`);
    }
    db.exec('DELETE FROM projections');
    db.close();

    const second = await app(dir, provider.url);
    for (const session of sessions) {
      const view = await window(second.client, session).until(() => true);
      const { seq: _, ...shown } = view;
      const { seq: __, ...known } = before[session]!;
      expect(shown).toEqual(known);
    }
    expect(await second.client.call('sessions.list', {})).toEqual(list);
  });

  it('takes a command once, however often it is sent', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['Yes'])));
    const { client } = await app(folder(), provider.url);
    const wish = { command: id(), session: id(), message: id(), text: 'Once', to };
    const answers = await Promise.all([1, 2, 3].map(() => client.call('messages.send', wish)));
    expect(new Set(answers.map(({ turn }) => turn)).size).toBe(1);
    expect(await client.call('messages.send', wish)).toEqual(answers[0]);
    await expect(client.call('messages.send', { ...wish, text: 'Other' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await window(client, wish.session).until(ended);
    expect(provider.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('resumes by cursor without a gap and without a repetition', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['One'])));
    const { client } = await app(folder(), provider.url);
    const session = id();
    await send(client, session, 'first');
    const seen = window(client, session);
    await seen.until(ended);
    const cursor = seen.items.at(-1)!.cursor;
    await send(client, session, 'second');
    const whole = await seen.until((view) => Object.keys(view.nodes).length === 4 && ended(view));

    const resumed: StreamItem<'session.follow'>[] = [];
    const follow = client.follow(
      'session.follow',
      () => ({ session, cursor }),
      (items) => void resumed.push(...items),
    );
    ends.push(() => follow.close());
    await expect.poll(() => resumed.at(-1)?.cursor).toBe(seen.items.at(-1)!.cursor);
    expect(resumed.every(({ kind }) => kind === 'event')).toBe(true);
    expect(resumed.length).toBeGreaterThan(0);
    expect(whole.seq).toBe(seen.view.seq);
  });

  it('gives a snapshot, marked as not recovered, for a cursor of another epoch', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['One'])));
    const { client } = await app(folder(), provider.url);
    const session = id();
    await send(client, session, 'first');
    await window(client, session).until(ended);
    const first = await new Promise<StreamItem<'session.follow'>>((resolve) => {
      const cursor = 'other-epoch:3';
      const follow = client.follow(
        'session.follow',
        () => ({ session, cursor }),
        ([item]) => resolve(item!),
      );
      ends.push(() => follow.close());
    });
    expect(first).toMatchObject({ kind: 'snapshot', recovered: false });
  });

  it('stops at the provider when told to, and not when the last follower leaves', async () => {
    const provider = await server();
    const silent = stream(openaiStream(['Half']).slice(0, 2), { ending: 'silence' });
    provider.always(silent);
    const { client, choragus } = await app(folder(), provider.url);
    const session = id();
    const { turn } = await send(client, session, 'first');
    const seen = window(client, session);
    await seen.until((view) => last(view)?.text === 'Half');
    for (const end of ends.splice(-1)) await end();
    expect(choragus.running).toBe(1);
    await client.call('turns.stop', { command: id(), session, turn: turn! });
    await provider.requests[0]!.closed;
    expect(choragus.running).toBe(0);
    expect(last(await window(client, session).until(ended))).toMatchObject({ state: 'stopped', text: 'Half' });
  });

  it('tells the list of each session that changed', async () => {
    const provider = await server();
    provider.always(stream(openaiStream(['One'])));
    const { client } = await app(folder(), provider.url);
    const items: StreamItem<'sessions.follow'>[] = [];
    const follow = client.follow(
      'sessions.follow',
      () => ({}),
      (batch) => void items.push(...batch),
    );
    ends.push(() => follow.close());
    await expect.poll(() => items.length).toBe(1);
    expect(items[0]).toEqual({ kind: 'list', sessions: [], more: false });
    const session = id();
    await send(client, session, 'What is new?');
    await expect
      .poll(() => items.at(-1))
      .toMatchObject({ kind: 'changed', session: { id: session, title: 'What is new?', last: { state: 'done' } } });
  });

  it('connects a provider by a real request, and binds the specialists to it', async () => {
    const provider = await server();
    const models = JSON.stringify({ object: 'list', data: [{ id: 'qwen3', object: 'model' }] });
    provider.always((_, response) => void response.setHeader('content-type', 'application/json').end(models));
    const dir = folder();
    const { client, choragus } = await app(dir, provider.url);
    const wish = {
      kind: 'openai-compatible' as const,
      name: 'My Ollama',
      baseUrl: `${provider.url}/v1`,
      key: 'canary-key',
    };
    expect(await client.call('providers.connect', { command: id(), ...wish })).toEqual({ provider: 'my-ollama' });
    expect(provider.requests.at(-1)?.headers.authorization).toBe('Bearer canary-key');
    const items: StreamItem<'roster.follow'>[] = [];
    const follow = client.follow(
      'roster.follow',
      () => ({}),
      (batch) => void items.push(...batch),
    );
    ends.push(() => follow.close());
    await expect.poll(() => items.at(-1)?.providers.find(({ id }) => id === 'my-ollama')?.state).toBe('ready');
    expect(JSON.stringify(items)).not.toContain('canary-key');
    client.close();
    await choragus.close();

    const again = await app(dir, provider.url);
    const later: StreamItem<'roster.follow'>[] = [];
    const second = again.client.follow(
      'roster.follow',
      () => ({}),
      (batch) => void later.push(...batch),
    );
    ends.push(() => second.close());
    await expect.poll(() => later.at(-1)?.providers.map(({ id }) => id)).toContain('my-ollama');
  });

  it('never gives an id, and with it a key, of a provider that is gone to another one', async () => {
    const provider = await server();
    const models = JSON.stringify({ object: 'list', data: [{ id: 'qwen3', object: 'model' }] });
    provider.always((_, response) => void response.setHeader('content-type', 'application/json').end(models));
    const { client } = await app(folder(), provider.url);
    const wish = { kind: 'openai-compatible' as const, name: 'Near by', baseUrl: `${provider.url}/v1` };
    const connect = (more: object) => client.call('providers.connect', { command: id(), ...wish, ...more });
    expect(await Promise.all([connect({ key: 'canary-one' }), connect({ key: 'canary-two' })])).toEqual([
      { provider: 'near-by' },
      { provider: 'near-by-2' },
    ]);
    await client.call('providers.remove', { command: id(), provider: 'near-by' });
    expect(await connect({})).toEqual({ provider: 'near-by-3' });
    await client.call('providers.check', { provider: 'near-by-3' });
    expect(provider.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('lets a specialist wait, right after a start, until it is known who can answer', async () => {
    const provider = await server();
    const models = JSON.stringify({ object: 'list', data: [{ id: 'qwen3', object: 'model' }] });
    const ask = stream(openaiStream(['Here']));
    let tell: () => void = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    provider.always(async (request, response) => {
      if (request.method === 'POST') return ask(request, response);
      await told;
      response.setHeader('content-type', 'application/json').end(models);
    });
    const { client } = await app(folder(), provider.url, setImmediate, []);
    const session = id();
    const wish = { command: id(), session, message: id(), text: 'Hi', to: { specialist: 'apollo' } };
    const sent = client.call('messages.send', wish);
    await expect.poll(() => provider.requests.length).toBe(1);
    tell();
    await sent;
    expect(last(await window(client, session).until(ended))).toMatchObject({
      text: 'Here',
      speaker: { model: 'qwen3' },
    });
  });

  it('says why a provider cannot be connected, and keeps nothing of it', async () => {
    const { client } = await app(folder(), (await server()).url);
    const wish = { kind: 'openai-compatible' as const, name: 'Dead', baseUrl: 'http://127.0.0.1:9/v1' };
    await expect(client.call('providers.connect', { command: id(), ...wish })).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
    });
    const items: StreamItem<'roster.follow'>[] = [];
    const follow = client.follow(
      'roster.follow',
      () => ({}),
      (batch) => void items.push(...batch),
    );
    ends.push(() => follow.close());
    await expect.poll(() => items.length).toBeGreaterThan(0);
    expect(items.at(-1)?.providers.map(({ id }) => id)).not.toContain('dead');
  });
});
