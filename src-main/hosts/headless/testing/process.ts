import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A run of the command as a process of its own. */
export class CommandProcess {
  stdout = '';
  stderr = '';
  /** Resolves when it has ended and all that it said is here. */
  readonly end: Promise<End>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], env: Record<string, string | undefined> = {}) {
    const inherited = { ...process.env };
    for (const name of ['CHORAGUS_TOKEN', 'NODE_OPTIONS', 'VITEST', 'npm_lifecycle_event']) delete inherited[name];
    this.#child = spawn(process.execPath, args, {
      env: { ...inherited, BROWSER: 'none', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout!.on('data', (data) => (this.stdout += data));
    this.#child.stderr!.on('data', (data) => (this.stderr += data));
    this.end = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Rejects with what it said when it ends before there are as many lines. */
  async lines(count: number): Promise<string[]> {
    const all = () => this.stdout.split('\n').slice(0, -1);
    if (all().length < count)
      await new Promise<void>((resolve, reject) => {
        this.#child.stdout!.on('data', () => {
          if (all().length >= count) resolve();
        });
        this.end.then(({ code }) => reject(new Error(`It ended with ${code}.\n${this.stdout}${this.stderr}`)), reject);
      });
    return all();
  }

  kill(signal: NodeJS.Signals): Promise<End> {
    this.#child.kill(signal);
    return this.end;
  }
}

export interface StartOptions {
  /** What Node runs: the built command, or the one from sources. */
  program: string;
  /** Written to a file and given with --config. */
  config?: unknown;
  /** A new one, deleted by `stop`, when absent. */
  dataDir?: string;
  env?: Record<string, string | undefined>;
  port?: number;
}

/** A server in a process of its own, as a person would start it. */
export class StartedServer {
  readonly dataDir: string;
  /** For programs: `Authorization: Bearer`. */
  readonly token = 'access-token-of-the-tests';
  readonly #options: StartOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'choragus-server-'));
  process!: CommandProcess;
  url = '';
  /** The link that was printed; it works once. */
  link = '';

  private constructor(options: StartOptions) {
    this.#options = options;
    this.dataDir = options.dataDir ?? join(this.#folder, 'data');
  }

  static async start(options: StartOptions): Promise<StartedServer> {
    const server = new StartedServer(options);
    await server.#run(options.port ?? 0);
    return server;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async #run(port: number): Promise<void> {
    const { program, config, env } = this.#options;
    const args = [program, 'serve', '--port', String(port), '--data-dir', this.dataDir];
    if (config !== undefined) {
      const file = join(this.#folder, 'config.json');
      writeFileSync(file, JSON.stringify(config));
      args.push('--config', file);
    }
    this.process = new CommandProcess(args, { CHORAGUS_TOKEN: this.token, ...env });
    const [first, second] = await this.process.lines(2);
    this.url = first!.replace('Choragus listening on ', '');
    this.link = second!.split(' ')[1]!;
  }

  /** Another link, for one more browser. */
  async newLink(): Promise<string> {
    const answer = await fetch(`${this.url}/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}` },
    });
    return ((await answer.json()) as { link: string }).link;
  }

  /** SIGKILL is a crash, SIGINT a clean end at once, SIGTERM one that waits a little for running turns. */
  kill(signal: NodeJS.Signals): Promise<End> {
    return this.process.kill(signal);
  }

  /** After `kill`: the same port and the same folder again. */
  restart(): Promise<void> {
    return this.#run(this.port);
  }

  async stop(): Promise<End> {
    const end = await this.kill('SIGINT');
    rmSync(this.#folder, { recursive: true, force: true });
    return end;
  }
}
