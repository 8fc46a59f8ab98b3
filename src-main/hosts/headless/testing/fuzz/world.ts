import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Scope } from '#shared/domain/gateway.ts';
import { StartedServer } from '../process.ts';
import { Inspector } from './inspector.ts';
import { RpcLine } from './rpc-line.ts';

/** Stands in all that is said to the server and must stay between the two: texts, titles, wrong tokens. */
export const MARK = 'CANARY-93b1';

export type Who = 'user' | 'chat' | 'read' | 'admin';
export const everybody: readonly Who[] = ['user', 'chat', 'read', 'admin'];
export const scopesOf = (who: Who): readonly Scope[] | 'user' => (who === 'user' ? who : [who]);

const program = join(import.meta.dirname, '../../../../../scripts/serve-from-source.mjs');
const config = {
  localServices: false,
  providers: [
    { id: 'sim', kind: 'simulator', options: { rate: 1_000_000, firstTokenMs: 0, tokens: 6, breakAfter: 3 } },
  ],
  specialists: { apollo: { provider: 'sim', model: 'steady' } },
  limits: { requestsPerMinute: 1_000_000_000, retries: 0 },
};

/** A server in a process of its own, with an access token for each way to come in. */
export class World {
  readonly server: StartedServer;
  readonly tokens: Readonly<Record<Who, string>>;
  /** Of a program that was let go. */
  readonly removed: string;
  readonly #inspector: Inspector;

  private constructor(server: StartedServer, inspector: Inspector, tokens: Record<Who, string>, removed: string) {
    this.server = server;
    this.#inspector = inspector;
    this.tokens = tokens;
    this.removed = removed;
  }

  /** `prepare` works on the data folder of a first run, which is over by then. */
  static async start(prepare?: (dataDir: string) => void): Promise<World> {
    const server = await StartedServer.start({ program, config, env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } });
    if (prepare !== undefined) {
      await server.kill('SIGINT');
      prepare(server.dataDir);
      await server.restart();
    }
    const line = await RpcLine.open(server.port, server.token);
    const add = (name: string, scopes: Scope[]) =>
      line.result<{ id: string; token: string }>('gateway.addToken', { name, scopes });
    const [chat, read, admin, removed] = await Promise.all([
      add('chat', ['chat']),
      add('read', ['read']),
      add('admin', ['admin']),
      add('removed', ['admin']),
    ]);
    await line.result('gateway.removeToken', { id: removed.id });
    await line.close();
    const tokens = { user: server.token, chat: chat.token, read: read.token, admin: admin.token };
    return new World(server, await Inspector.attach(server.process.stderr), tokens, removed.token);
  }

  get port(): number {
    return this.server.port;
  }

  open(who: Who): Promise<RpcLine> {
    return RpcLine.open(this.port, this.tokens[who]);
  }

  /** It still says that it is well, and answers what is asked rightly. */
  async expectWell(): Promise<void> {
    const health = await fetch(`${this.server.url}/health`);
    expect(health.status).toBe(200);
    const answer = await fetch(`${this.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.tokens.chat}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sim/steady', messages: [{ role: 'user', content: MARK }] }),
    });
    const body = (await answer.json()) as { choices?: [{ finish_reason: string }] };
    expect(body.choices?.[0].finish_reason, JSON.stringify(body)).toBe('stop');
  }

  /** Nobody is connected but who asks; those who hung up just now may take a moment. */
  async expectNobodyThere(): Promise<void> {
    const line = await this.open('user');
    const alone = () => line.firstItem<{ total: number; connections: unknown[] }>('connections.follow', {});
    await expect.poll(alone, { timeout: 10_000, interval: 200 }).toMatchObject({ total: 1 });
    await line.close();
  }

  /** No mistake of its own stands in its log file, and nothing of what was said. */
  expectCleanLog(): void {
    const file = join(this.server.dataDir, 'logs', 'choragus.log');
    const text = [`${file}.1`, file].map((each) => (existsSync(each) ? readFileSync(each, 'utf8') : '')).join('');
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(0);
    const mistakes = lines.filter((line) => {
      const { level, msg, error } = JSON.parse(line) as { level: number; msg: string; error?: { type: string } };
      return level >= 50 || /unexpected|request failed/i.test(msg) || (error !== undefined && !ours(error));
    });
    expect(mistakes.slice(0, 3).map((line) => line.slice(0, 1000))).toEqual([]);
    const secrets = [MARK, ...Object.values(this.tokens), this.removed];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(this.server.process.stderr.split('\n').filter((line) => !Inspector.says(line))).toEqual([]);
  }

  /** Bytes in use once all that can go is gone. */
  heap(): Promise<number> {
    return this.#inspector.heap();
  }

  async stop(): Promise<void> {
    await this.#inspector.close();
    await this.server.stop();
  }
}

/** What a client may cause, as opposed to a bug: told as a problem, or said by the library of the WebSockets. */
const ours = ({ type, code }: { type: string; code?: string }) => type === 'Problem' || code?.startsWith('WS_ERR_');
