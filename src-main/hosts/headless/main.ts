import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { defaultDataFolder, prepareDataFolder } from '../data-folder.ts';
import { linkCommand } from '../link-command.ts';
import { keepYoungHeapSmall } from '../young-heap.ts';
import { type Command, readArguments, UsageProblem, usage } from './args.ts';

/** What is asked to end politely lets running turns go on for so long; what is interrupted leaves them interrupted. */
const drainMs = { SIGTERM: 3_000, SIGINT: 0, SIGHUP: 0 } as const;
/** An end that takes longer than this is cut off. */
const endMs = 10_000;
const { version } = packageJson;

export interface MainOptions {
  /** Without the program's name. */
  args: readonly string[];
  /** The built renderer. */
  rendererDir: string;
  /** What the build wrote about the packages that go into the app. */
  licencesFile: string;
  /** The built worker of the log; its source when absent. */
  workerFile?: URL;
}

/** The `choragus` command. Ends the process: 0 when all went well, 1 when not, 2 when it was called wrongly. */
export async function main({ args, ...built }: MainOptions): Promise<void> {
  // Whoever read the output may have gone; that is no reason to end.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  try {
    const command = readArguments(args);
    if (command.name === 'help') print(usage.trimEnd());
    else if (command.name === 'version') print(version);
    else if (command.name === 'link') print(await newLink(command));
    else if (command.name !== 'serve') await keep(command);
    else await run(command, built);
  } catch (error) {
    fail(error);
  }
}

const dataFolder = (given: string | undefined) =>
  resolve(given ?? defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() }));

async function newLink(command: Extract<Command, { name: 'link' }>): Promise<string> {
  const { requestLink } = await import('./link.ts');
  return requestLink(dataFolder(command.dataDir), process.env);
}

async function keep(command: Exclude<Command, { name: 'serve' | 'link' | 'help' | 'version' }>): Promise<void> {
  const { keepCommand } = await import('./keep.ts');
  const whole = await keepCommand(command, { dataDir: dataFolder(command.dataDir), env: process.env, version, print });
  if (!whole) process.exitCode = 1;
}

async function run(command: Extract<Command, { name: 'serve' }>, built: Omit<MainOptions, 'args'>): Promise<void> {
  keepYoungHeapSmall();
  const { serve } = await import('./serve.ts');
  const running = await serve({
    ...command,
    ...built,
    dataDir: prepareDataFolder(dataFolder(command.dataDir)),
    env: process.env,
    version,
    linkCommand: linkCommand(command.dataDir),
  });

  let ending = false;
  const end = (signal: keyof typeof drainMs) => {
    // A terminal, npm and the start script may each pass on the same Ctrl-C.
    if (ending) return;
    ending = true;
    // Also keeps this process alive until all is closed: the timers of a turn that waits do not.
    setTimeout(() => process.exit(1), endMs);
    running.close(drainMs[signal]).then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('uncaughtException', (error) => void running.broken(error).finally(() => fail(error)));

  const { gateway, choragus } = running;
  print(`Choragus listening on ${gateway.url}`);
  print(`Open ${gateway.link()} (works once, for 5 minutes)`);
  print(`For another link: ${linkCommand(command.dataDir)}`);
  if (gateway.info().open === 'plain')
    print('Other computers can reach it without TLS: whoever is on the way can read everything.');
  for (const { message, next } of choragus.notices) print(sentences(message, next));
  if (!command.open) return;
  const { openBrowser } = await import('./browser.ts');
  // A link of its own, so that the printed one still works in another browser.
  openBrowser(gateway.link()!, process.env, process.platform);
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const sentences = (message: string, next: string | undefined) => (next === undefined ? message : `${message} ${next}`);

function fail(error: unknown): void {
  const known = error instanceof Problem;
  const text = known
    ? sentences(error.message, error.next)
    : `Choragus made an error: ${error instanceof Error ? error.message : String(error)}`;
  const wrongCall = error instanceof UsageProblem;
  process.stderr.write(`${text}\n${wrongCall ? `\n${usage}` : ''}`, () => process.exit(wrongCall ? 2 : 1));
}
