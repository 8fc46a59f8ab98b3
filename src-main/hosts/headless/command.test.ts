// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so the configuration names environment variables
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { uuidv7 } from '#shared/kit/ids.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { CommandProcess, StartedServer } from './testing/process.ts';

const program = join(import.meta.dirname, '../../../scripts/serve-from-source.mjs');

let folder: string;
let started: { kill(signal: NodeJS.Signals): Promise<unknown> }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-command-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((each) => each.kill('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]): CommandProcess {
  const child = new CommandProcess([program, ...args]);
  started.push(child);
  return child;
}

async function start(options: { env?: Record<string, string>; config?: unknown } = {}): Promise<StartedServer> {
  const server = await StartedServer.start({ program, dataDir: join(folder, 'data'), ...options });
  started.push(server);
  return server;
}

/** Ends by itself: its code and the first line of what it complained about. */
async function complaint(...args: string[]) {
  const child = run(...args);
  const { code } = await child.end;
  expect(child.stderr).not.toMatch(/^\s+at /m);
  expect(child.stdout).toBe('');
  return { code, line: child.stderr.split('\n')[0]! };
}

const enter = (link: string) =>
  fetch(link.split('#')[0]!, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: link.split('#code=')[1] }),
  });

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'server.hello',
  params: { protocol: 1, client: { name: 'test', version: '1' } },
};

describe('serve', () => {
  it('says where it listens on its first line, then how to get in, and nothing of the token', async () => {
    const server = await start();
    expect(server.process.stdout.split('\n')[0]).toMatch(/^Choragus listening on http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.process.stdout.split('\n')[1]).toBe(`Open ${server.link} (works once, for 5 minutes)`);
    expect(server.link).toMatch(new RegExp(`^${server.url}/enter#code=[\\w-]{32}$`));
    await server.kill('SIGTERM');
    expect(server.process.stdout + server.process.stderr).not.toContain(server.token);
    expect(readFileSync(join(server.dataDir, 'logs/choragus.log'), 'utf8')).not.toContain(server.token);
  });

  it('says so when others can reach it without TLS', async () => {
    const open = await start({ config: { gateway: { host: '0.0.0.0', plainHttp: true } } });
    await expect.poll(() => open.process.stdout).toContain('Other computers can reach it without TLS');
    expect((await fetch(`http://127.0.0.1:${new URL(open.url).port}/health`)).status).toBe(200);
  });

  it('answers over its socket to who has the access token', async () => {
    const server = await start();
    const socket = new WebSocket(`${server.url}/rpc`, { headers: { authorization: `Bearer ${server.token}` } });
    socket.on('open', () => socket.send(JSON.stringify(hello)));
    const [answer] = await new Promise<unknown[]>((resolve) =>
      socket.on('message', (data) => resolve([JSON.parse(data.toString())].flat())),
    );
    expect(answer).toMatchObject({ id: 1, result: { version: packageJson.version, host: null } });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await closed;
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends on %s with 0, quietly, even when told more than once',
    async (signal) => {
      const server = await start();
      void server.kill(signal);
      void server.kill(signal);
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(server.process.stderr).toBe('');
    },
  );

  it.each([
    ['and somebody follows', false],
    ['even when nobody is connected and it only waits', true],
  ])('lets a running turn end before it ends itself on SIGTERM, and commits it, %s', async (_, alone) => {
    const model = { id: 'sim', kind: 'simulator', options: { tokens: 20, rate: 40, firstTokenMs: 300 } };
    const server = await start({ config: { providers: [model] } });
    const ask = (id: number, method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const ids = ['session', 'command', 'message'].map((name) => [name, uuidv7(Date.now(), Math.random)] as const);
    const wish = { ...Object.fromEntries(ids), text: 'Hi', to: { provider: 'sim', model: 'steady' } };
    const socket = new WebSocket(`${server.url}/rpc`, { headers: { authorization: `Bearer ${server.token}` } });
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify(hello)));
      socket.on('message', (data) => {
        for (const answer of [JSON.parse(data.toString())].flat()) {
          if (answer.id === 1) socket.send(ask(2, 'messages.send', wish));
          if (answer.id === 2) resolve();
        }
      });
    });
    if (alone) {
      socket.close();
      await new Promise((resolve) => socket.on('close', resolve));
    }
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    const db = new Database(join(server.dataDir, 'choragus.db'), { readonly: true });
    const end = db
      .prepare("SELECT data FROM events JOIN event_types ON id = type WHERE name = 'turn.finished'")
      .pluck()
      .get() as string;
    db.close();
    expect(JSON.parse(end)).toMatchObject({ state: 'done' });
  });

  it('keeps browsers signed in over a crash', async () => {
    const server = await start();
    const cookie = (await enter(server.link)).headers.get('set-cookie')!.split(';')[0]!;
    await server.kill('SIGKILL');
    await server.restart();
    expect((await fetch(server.url, { headers: { cookie } })).status).not.toBe(401);
  });

  it('takes keys from the environment and tells nobody', async () => {
    const env = { SIMULATED_KEY: 'canary-of-the-key' };
    const config = { providers: [{ id: 'a', kind: 'openai', baseUrl: 'http://127.0.0.1:9', key: '${SIMULATED_KEY}' }] };
    const server = await start({ env, config });
    await server.kill('SIGTERM');
    expect(readFileSync(join(server.dataDir, 'logs/choragus.log'), 'utf8')).not.toContain('canary');
    expect(server.process.stdout + server.process.stderr).not.toContain('canary');
  });
});

describe('link', () => {
  it('prints a new link to the server of the folder, which signs a browser in', async () => {
    const server = await start();
    const child = new CommandProcess([program, 'link', '--data-dir', server.dataDir], { CHORAGUS_TOKEN: server.token });
    expect((await child.end).code).toBe(0);
    expect(child.stdout.trim()).toMatch(new RegExp(`^${server.url}/enter#code=`));
    expect((await enter(child.stdout.trim())).status).toBe(200);
  });

  it('is had by TLS as well, whoever signed the certificate', async () => {
    const fixtures = join(import.meta.dirname, '../../gateway/testing/tls');
    const tls = { cert: join(fixtures, 'certificate.pem'), key: join(fixtures, 'key.pem') };
    const server = await start({ config: { gateway: { host: '0.0.0.0', tls, names: ['choragus.test'] } } });
    expect(server.url).toMatch(/^https:\/\/choragus\.test:\d+$/);
    const child = new CommandProcess([program, 'link', '--data-dir', server.dataDir], { CHORAGUS_TOKEN: server.token });
    expect((await child.end).code).toBe(0);
    expect(child.stdout.trim()).toMatch(new RegExp(`^${server.url}/enter#code=`));
  });

  it('says so when there is no server, also after a crash', async () => {
    const data = join(folder, 'data');
    const sentence = `No Choragus runs with the data folder ${data}. Start it with npm start.`;
    expect(await complaint('link', '--data-dir', data)).toEqual({ code: 1, line: sentence });
    await (await start()).kill('SIGKILL');
    expect(await complaint('link', '--data-dir', data)).toEqual({ code: 1, line: sentence });
  });

  it('makes nothing in a folder that was named by mistake', async () => {
    const [none, other] = [join(folder, 'none'), join(folder, 'other')];
    mkdirSync(other);
    for (const path of [none, other])
      expect(await complaint('link', '--data-dir', path)).toEqual({
        code: 1,
        line: `No Choragus runs with the data folder ${path}. Start it with npm start.`,
      });
    expect([existsSync(none), readdirSync(other)]).toEqual([false, []]);
  });

  it('says so when the server has another access token', async () => {
    const server = await start();
    expect(await complaint('link', '--data-dir', server.dataDir)).toMatchObject({
      code: 1,
      line: expect.stringContaining('was started with another access token'),
    });
  });
});

describe('what does not work is told in one sentence', () => {
  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.on('listening', resolve));
    const { port } = other.address() as { port: number };
    expect(await complaint('serve', '--port', String(port), '--data-dir', join(folder, 'data'))).toEqual({
      code: 1,
      line: `Choragus cannot listen on port ${port} of 127.0.0.1: another program uses it. Choose another port, with --port or in Settings; 0 picks a free one.`,
    });
    other.close();
    // What was opened before has been closed again.
    await (await start()).kill('SIGTERM');
  });

  it('a folder that another Choragus uses', async () => {
    const server = await start();
    const { code, line } = await complaint('serve', '--port', '0', '--data-dir', server.dataDir);
    expect({ code, line }).toEqual({
      code: 1,
      line: expect.stringContaining(
        `Process ${server.process.pid} (${server.url}) is using the data folder ${server.dataDir}.`,
      ),
    });
  });

  it('a folder that cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    const wrong = [join(folder, 'file', 'data'), ...(process.platform === 'linux' ? ['/proc', '/proc/choragus'] : [])];
    for (const path of wrong) {
      const { code, line } = await complaint('serve', '--port', '0', '--data-dir', path);
      expect({ path, code, named: line.includes(path) }).toEqual({ path, code: 1, named: true });
    }
  });

  it('a configuration with a mistake', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, '{\n  "limits": { "turns": 0 }\n}');
    const { code, line } = await complaint(
      'serve',
      '--port',
      '0',
      '--data-dir',
      join(folder, 'data'),
      '--config',
      file,
    );
    expect(code).toBe(1);
    expect(line).toContain(`The configuration ${file}, line 2, column 24: limits.turns`);
  });

  it('an address that others can reach', async () => {
    const { code, line } = await complaint('serve', '--host', '0.0.0.0', '--data-dir', join(folder, 'data'));
    expect({ code, line }).toMatchObject({
      code: 1,
      line: expect.stringContaining('Other computers can reach 0.0.0.0, and without TLS'),
    });
  });

  it('an option that there is not, together with those that there are', async () => {
    const child = run('serve', '--prot', '1');
    expect((await child.end).code).toBe(2);
    expect(child.stderr).toMatch(/^Unknown option '--prot'\.\n\nUsage: choragus serve/);
  });
});

it('--help and --version say what they say and nothing else', async () => {
  const [help, version] = [run('--help'), run('--version')];
  expect([(await help.end).code, (await version.end).code]).toEqual([0, 0]);
  expect(help.stdout).toMatch(/^Usage: choragus serve/);
  expect(version.stdout).toBe(`${packageJson.version}\n`);
});
