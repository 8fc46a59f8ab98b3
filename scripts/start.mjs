// `npm start`: installs and builds what is missing, then starts Choragus. `npm start link` prints a new link.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build, install, node24, refuse, root } from './prepare.mjs';

const parent = process.ppid;

try {
  install();
  build();
} catch (error) {
  refuse(error);
}

const [first, ...rest] = process.argv.slice(2);
const given = first === 'link' ? [first, ...rest] : ['serve', '--open', ...process.argv.slice(2)];
// There is one shell so far, and it is the headless one.
const args = given.filter((arg) => arg !== '--headless');
const child = spawn(node24, [join(root, 'bin/choragus.mjs'), ...args], { stdio: 'inherit' });

// The child ends itself when it is told to; this waits for it and passes its code on.
const end = (signal) => child.kill(signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
child.on('error', refuse);

// npm passes a signal on to its shell only, and that does not always pass it on: without npm there is nobody to wait for.
setInterval(() => process.ppid === parent || end('SIGTERM'), 500).unref();
