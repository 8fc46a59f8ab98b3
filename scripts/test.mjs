// `npm test`: every suite, also after one that failed. The last line counts all of them together.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, node24, refuse, root } from './prepare.mjs';

try {
  install();
} catch (error) {
  refuse(error);
}
const child = spawn(node24, [join(root, 'scripts/suites.mjs')], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
child.on('error', refuse);
