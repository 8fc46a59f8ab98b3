import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { calls, type StreamItem, streams } from '#shared/contract/contract.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { type Client, connect } from '#shared/wire/client.ts';
import { memoryPipes } from '#shared/wire/memory.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { opened } from '#shared/wire/websocket.ts';
import { HostAsks } from '../api/host.ts';
import type { Caller } from '../compose.ts';
import type { Sealer } from '../config/secrets.ts';
import { lastOwner } from '../log/lock.ts';
import { startTestServer } from '../providers/testing/server.ts';
import { systemClock } from './clock.ts';
import { type Engines, type EnginesOptions, openEngines } from './engines.ts';

let folder: string;
let ends: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-engines-'));
  ends = [];
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

const sealer: Sealer = {
  name: 'Keyring',
  sealed: true,
  warning: null,
  seal: (text) => Buffer.from(text).toString('hex'),
  open: (sealed) => Buffer.from(sealed, 'hex').toString(),
};
const headless = { rendererDir: tmpdir(), linkCommand: 'link', window: { port: 0 } };
const desktop = { rendererDir: tmpdir(), linkCommand: 'link' };

async function open(options: Partial<EnginesOptions> = {}): Promise<Engines> {
  const engines = await openEngines({
    dataDir: folder,
    config: undefined,
    env: {},
    version: '1.2.3',
    versions: { Node: '24.0.0' },
    licencesFile: join(folder, 'licences.json'),
    gateway: headless,
    ...options,
  });
  ends.push(() => engines.close(0));
  return engines;
}

const user: Caller = { kind: 'rpc', address: 'test', token: null, scopes: 'user', host: null };
const client = ({ choragus }: Engines, who: Caller = user): Client =>
  clientBy(async () => {
    const [ours, theirs] = memoryPipes();
    choragus.connect(theirs, who);
    return ours;
  });

/** A program on this computer. */
const program = (url: string | null, token: string): Client =>
  clientBy((signal) => {
    const headers = { authorization: `Bearer ${token}` };
    return opened(new WebSocket(`${url!.replace('http', 'ws')}/rpc`, { headers }), systemClock, signal);
  });

function clientBy(open: (signal: AbortSignal) => Promise<Pipe>): Client {
  const made = connect({
    open,
    contract: { calls, streams },
    client: { name: 'test', version: '0' },
    clock: systemClock,
    random: Math.random,
  });
  ends.push(() => made.close());
  return made;
}

describe('a client', () => {
  it('learns what runs here and where it keeps what', async () => {
    const info = await client(await open()).call('app.info', {});
    expect(info).toEqual({
      version: '1.2.3',
      platform: `${process.platform} ${process.arch}`,
      versions: { Node: '24.0.0' },
      data: { folder, bytes: expect.any(Number), config: join(folder, 'config.json') },
      secrets: { place: 'a file that only you can read', sealed: false, warning: null },
    });
    expect(info.data.bytes).toBeGreaterThan(4096);
  });

  it('learns what seals the keys', async () => {
    const { secrets } = await client(await open({ sealer })).call('app.info', {});
    expect(secrets).toEqual({ place: 'Keyring', sealed: true, warning: null });
  });

  it('reads the licences that the build wrote, and hears what to do where there was none', async () => {
    const asking = client(await open());
    await expect(asking.call('app.licences', {})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      next: 'It is made by the build: run npm run build.',
    });
    const licences = [{ name: 'zod', version: '4.0.0', licence: 'MIT' }];
    writeFileSync(join(folder, 'licences.json'), JSON.stringify(licences));
    expect(await asking.call('app.licences', {})).toEqual({ licences });
  });

  it('has the data folder shown where there is a desktop, and is told its place elsewhere', async () => {
    await expect(client(await open()).call('app.openDataFolder', {})).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      next: `Open ${folder} yourself.`,
    });
    await ends.splice(0, 1)[0]!();
    const shown: string[] = [];
    const engines = await open({ openDataFolder: async (path) => void shown.push(path) });
    await client(engines).call('app.openDataFolder', {});
    expect(shown).toEqual([folder]);
  });

  describe('that is a window', () => {
    /** Follows what the menus ask of it. `opened`: from then on it hears. */
    const follow = (engines: Engines, address: string) => {
      const heard: string[] = [];
      const window = client(engines, {
        ...user,
        kind: 'window',
        address,
        host: { kind: 'desktop', platform: 'linux' },
      });
      window.follow(
        'host.follow',
        () => ({}),
        (items) => void heard.push(...items.map(({ ask }) => ask)),
      );
      // Answered only when what was asked before, the follow, is.
      return { window, heard, opened: window.call('app.info', {}) };
    };

    it('hears what the menus ask of it, and of no other', async () => {
      const asks = new HostAsks();
      const engines = await open({ asks, gateway: desktop });
      const [one, two] = [follow(engines, 'window 1'), follow(engines, 'window 2')];
      await Promise.all([one.opened, two.opened]);
      asks.ask('window 1', 'settings');
      asks.ask('window 2', 'commands');
      await expect.poll(() => [one.heard, two.heard]).toEqual([['settings'], ['commands']]);
    });

    it('hears once, when its page is there, what it was asked last while that was loaded', async () => {
      const asks = new HostAsks();
      const engines = await open({ asks, gateway: desktop });
      asks.ask('window 1', 'settings');
      asks.ask('window 1', 'shortcuts');
      const before = follow(engines, 'window 1');
      await expect.poll(() => before.heard).toEqual(['shortcuts']);
      const after = follow(engines, 'window 1');
      await after.opened;
      asks.ask('window 1', 'switch');
      await expect.poll(() => [before.heard, after.heard]).toEqual([['shortcuts', 'switch'], ['switch']]);
    });
  });

  it('that comes by the gateway of a desktop is in no window of it', async () => {
    const engines = await open({ gateway: desktop });
    const host = { kind: 'desktop', platform: 'linux' } as const;
    const window = client(engines, { ...user, kind: 'window', address: 'window 1', host });
    const { url } = await window.call('gateway.set', { enabled: true, port: 0 });
    expect(window.hello?.host).toEqual(host);
    const { token } = await window.call('gateway.addToken', { name: 'notes' });
    const notes = program(url, token);
    await notes.call('sessions.list', {});
    expect(notes.hello?.host).toBeNull();
  });

  it('gives a program an access token, by which it comes in until that is taken back', async () => {
    const engines = await open({ gateway: desktop });
    const asking = client(engines);
    const { url } = await asking.call('gateway.set', { enabled: true, port: 0 });
    const { id, token } = await asking.call('gateway.addToken', { name: 'notes' });
    const notes = program(url, token);
    expect(await notes.call('sessions.list', {})).toEqual({ sessions: [], more: false });
    expect(await asking.call('gateway.get', {})).toMatchObject({ url, tokens: [{ id, name: 'notes' }] });

    await asking.call('gateway.removeToken', { id });
    await expect.poll(() => notes.state.kind).toBe('refused');
    await expect(notes.call('sessions.list', {})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(asking.call('gateway.removeToken', { id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('an access token gets nothing that would outlive it: no link, no other token, no other gateway', async () => {
  const engines = await open({ gateway: desktop });
  const owner = client(engines);
  const { url } = await owner.call('gateway.set', { enabled: true, port: 0 });
  const { id, token } = await owner.call('gateway.addToken', { name: 'notes', scopes: ['admin'] });
  const headers = { authorization: `Bearer ${token}` };
  expect((await fetch(`${url}/link`, { method: 'POST', headers })).status).toBe(403);
  const notes = program(url, token);
  for (const refused of [
    notes.call('gateway.addToken', { name: 'more' }),
    notes.call('gateway.removeToken', { id }),
    notes.call('gateway.set', { enabled: true, port: 0 }),
  ])
    await expect(refused).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/^This access token does not allow gateway\.\w+\.$/),
    });
  expect(await notes.call('gateway.get', {})).toMatchObject({ url, tokens: [{ id, name: 'notes' }] });
});

it('an access token opens at /rpc what its scopes open, and tells what is missing', async () => {
  const engines = await open();
  const owner = client(engines);
  const { url } = engines.gateway.info();
  const can: Record<string, string[]> = {};
  for (const scope of ['chat', 'read', 'admin'] as const) {
    const { token } = await owner.call('gateway.addToken', { name: scope, scopes: [scope] });
    const asking = program(url, token);
    const asked = {
      list: asking.call('sessions.list', {}),
      rename: asking.call('sessions.rename', { command: uuidv7(Date.now(), Math.random), session: 'none', title: 'A' }),
      info: asking.call('app.info', {}),
      folder: asking.call('app.openDataFolder', {}),
    };
    const answers = await Promise.allSettled(Object.values(asked));
    const forbidden = answers.map((each) => each.status === 'rejected' && each.reason.code === 'FORBIDDEN');
    can[scope] = Object.keys(asked).filter((_, index) => !forbidden[index]);
  }
  expect(can).toEqual({ chat: ['rename'], read: ['list'], admin: ['list', 'rename', 'info'] });
});

it('a program that asks too often at /rpc is told when to come again, and our own pages are not', async () => {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ limits: { requestsPerMinute: 10 } }));
  const engines = await open();
  const { token } = await client(engines).call('gateway.addToken', { name: 'busy', scopes: ['read'] });
  const busy = program(engines.gateway.info().url, token);
  const ask = async (asking: Client) => {
    const answers = [];
    for (let asked = 0; asked < 12; asked++)
      answers.push(
        await asking.call('sessions.list', {}).then(
          () => 'OK',
          (error) => error.code,
        ),
      );
    return answers;
  };
  // The connection itself was one.
  expect(await ask(busy)).toEqual([...Array(9).fill('OK'), ...Array(3).fill('RATE_LIMITED')]);
  expect(await ask(client(engines))).toEqual(Array(12).fill('OK'));
});

it('a later process finds it where the gateway listens, as long as it does', async () => {
  const engines = await open({ gateway: desktop });
  expect(lastOwner(folder)?.address).toBeUndefined();
  const { url } = await engines.gateway.set({ enabled: true, port: 0 });
  expect(lastOwner(folder)?.address).toBe(url);
  await engines.gateway.set({ enabled: false, port: 0 });
  expect(lastOwner(folder)).toMatchObject({ pid: process.pid });
  expect(lastOwner(folder)?.address).toBeUndefined();
});

it('what was opened is closed again when a later step fails', async () => {
  const { gateway } = await open();
  const second = mkdtempSync(join(tmpdir(), 'choragus-engines-'));
  ends.push(() => rmSync(second, { recursive: true }));
  const port = Number(new URL(gateway.url!).port);
  const taken = open({ dataDir: second, gateway: { ...headless, window: { port } } });
  await expect(taken).rejects.toThrow('another program uses it');
  expect(existsSync(join(second, 'owner.json'))).toBe(false);
  await open({ dataDir: second });
});

it('a folder has one owner', async () => {
  await open();
  await expect(open()).rejects.toMatchObject({ code: 'BUSY' });
});

it('a key that the desktop sealed stands nowhere in the data folder, and is locked without the desktop', async () => {
  const key = 'canary-of-the-key';
  const service = await startTestServer();
  ends.push(() => service.close());
  service.always((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: [{ id: 'qwen3' }] }));
  });
  const desk = await open({ sealer, gateway: desktop });
  const { provider } = await client(desk).call('providers.connect', {
    command: uuidv7(Date.now(), Math.random),
    kind: 'openai-compatible',
    name: 'Near',
    baseUrl: `${service.url}/v1`,
    key,
  });
  expect(service.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
  await desk.close(0);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(key)).toBe(false);

  const asked = service.requests.length;
  const rosters: StreamItem<'roster.follow'>[] = [];
  const window = client(await open());
  window.follow(
    'roster.follow',
    () => ({}),
    (items) => void rosters.push(...items),
  );
  const found = () => rosters.at(-1)?.providers.find(({ id }) => id === provider);
  await expect.poll(() => found()?.state).toBe('refused');
  expect(found()).toMatchObject({
    key: 'locked',
    problem: {
      message: `The key of the provider ${provider} is locked here: it was sealed by Keyring.`,
      next: 'Enter it again here, or use the desktop app.',
    },
  });
  expect(service.requests.length).toBe(asked);
});

it('no secret of the access stands in the log file', async () => {
  const engines = await open();
  const { token } = await client(engines).call('gateway.addToken', { name: 'notes' });
  const access = JSON.parse(readFileSync(join(folder, 'access.json'), 'utf8'));
  await fetch(`${engines.gateway.url}/`, { headers: { authorization: `Bearer ${token}` } });
  await engines.close(0);
  const written = readFileSync(join(folder, 'logs', 'choragus.log'), 'utf8');
  for (const secret of [token, access.token, access.secret]) expect(written).not.toContain(secret);
});
