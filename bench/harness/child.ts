import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) send(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

function own<C extends ChildProcess>(child: C): C {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

/** To the child and to what it has started itself: each has a process group of its own. */
function send(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended by itself.
  }
}

/** A process of the bench, from a file of its own, and the first thing that it says; rejects when it ends before. */
export function helper<T>(file: string, args: string[] = []): Promise<{ process: ChildProcess; said: T }> {
  const child = own(fork(file, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ process: child, said: said as T }));
    child.once('exit', (code, signal) => reject(new Error(`${file} ended with ${code ?? signal}.`)));
  });
}

export interface Started {
  process: ChildProcess;
  found: RegExpExecArray;
  /** From the start of the process to the line. */
  ms: number;
}

/** Starts a program and waits for a line of its output; rejects when it ends before. */
export function started(
  [command, ...args]: readonly [string, ...string[]],
  line: RegExp,
  { env = process.env, cwd }: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Started> {
  const start = performance.now();
  const child = own(spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }));
  return new Promise((resolve, reject) => {
    let output = '';
    const hear = (data: Buffer) => {
      const now = performance.now();
      output += data;
      const found = line.exec(output);
      if (found !== null) resolve({ process: child, found, ms: now - start });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${command} ended with ${code ?? signal}:\n${output}`)));
  });
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  send(child, signal);
  await ended;
}
