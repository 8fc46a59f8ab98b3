// `npm start`: installs and builds what is missing, then opens Choragus: on the desktop, or in the browser where that
// cannot be. `npm start link` prints a new link; `--headless` and the options of `serve` start for the browser at once.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { couldNotStart, fetchElectron, findElectron, forDesktop, noWindow } from './electron.mjs';
import { build, install, node24, refuse, root } from './prepare.mjs';

const parent = process.ppid;

try {
  install();
  build();
} catch (error) {
  refuse(error);
}

const ours = ['--headless', '--fetch-electron'];
const args = process.argv.slice(2);
const given = args.filter((arg) => !ours.includes(arg));
let child;
/** The child was told to end. */
let told = false;

if (given[0] === 'link' || given[0] === 'serve') headless(given);
else if (args.includes('--headless') || !forDesktop(given)) serve();
else desktop();

/** Without an executable or a place for windows, the browser shows the same. */
function desktop() {
  const { env, platform } = process;
  const missing = noWindow({ env, platform, user: process.getuid?.() });
  if (missing !== undefined) return instead(missing);
  const found = findElectron({
    root,
    env,
    platform,
    stamp: join(root, 'out/.no-electron'),
    again: args.includes('--fetch-electron'),
    now: Date.now(),
    fetch: () => fetchElectron(node24, root),
  });
  if (found.missing !== undefined) return instead(found.missing);
  // With it Electron would be a Node only; some editors set it in their terminals.
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = env;
  const begin = performance.now();
  start(found.electron, [root, ...given], rest, (code, signal) =>
    couldNotStart({ code, signal, ms: performance.now() - begin, told })
      ? instead(`Electron does not start here (it ended with ${signal ?? `code ${code}`}); what it said stands above.`)
      : leave(code, signal),
  );
}

function instead(reason) {
  console.log(`${reason} Starting for the browser instead.`);
  serve();
}

function serve() {
  headless(['serve', '--open', ...given]);
}

function headless(command) {
  start(node24, [join(root, 'bin/choragus.mjs'), ...command], process.env, leave);
}

function start(program, command, env, ended) {
  child = spawn(program, command, { stdio: 'inherit', env });
  child.on('exit', ended);
  child.on('error', refuse);
}

function leave(code, signal) {
  process.exit(code ?? 128 + constants.signals[signal]);
}

// The child ends itself when it is told to; this waits for it and passes its code on.
const end = (signal) => {
  told = true;
  child.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

// npm passes a signal on to its shell only, and that does not always pass it on: without npm there is nobody to wait for.
setInterval(() => process.ppid === parent || end('SIGTERM'), 500).unref();
