// `npm run dev`: the server from its sources, started anew when they change, and the renderer by Vite's dev server. Ports
// and data folder are beside those of an installed Choragus, so that both can run.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, node24, refuse, root } from './prepare.mjs';

const serverPort = 2468;
const rendererPort = 2469;
const dataDir = join(root, 'node_modules/.cache/choragus-dev');

try {
  install();
} catch (error) {
  refuse(error);
}

const start = (...args) => spawn(node24, args, { cwd: root, stdio: ['inherit', 'pipe', 'inherit'] });
const script = (name) => join(root, 'scripts', name);
const children = [
  start(script('dev-renderer.mjs'), String(rendererPort), String(serverPort)),
  start('--watch', script('serve-from-source.mjs'), 'serve', '--port', String(serverPort), '--data-dir', dataDir),
];

for (const child of children) {
  // The link leads to Vite's server, which passes it on.
  child.stdout.on('data', (data) =>
    process.stdout.write(String(data).replaceAll(`:${serverPort}/enter`, `:${rendererPort}/enter`)),
  );
  child.on('exit', () => end());
}
const end = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
