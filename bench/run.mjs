// `npm run bench -- [wire|window|streaming|log|start|recovery|gateway|delivery] [--long] [--json FILE]`, on whatever Node: installs and
// builds what is missing, then measures on the project's own Node, which runs the sources as they are.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, node24, refuse, root } from '../scripts/prepare.mjs';

try {
  install();
  build();
} catch (error) {
  refuse(error);
}
const child = spawn(node24, [join(root, 'bench/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
child.on('error', refuse);
