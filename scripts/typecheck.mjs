// Checks the types of every place by its own tsconfig, all at once.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { node24, root } from './prepare.mjs';

const places = {
  shared: 'src-shared',
  main: 'src-main',
  desktop: 'src-main/hosts/desktop',
  preload: 'src-main/hosts/desktop/preload',
  renderer: 'src-renderer',
  tests: '.',
};

/** Resolves with what was found, by place: an empty text means nothing. */
export async function typecheck() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return Promise.all(
    Object.entries(places).map(
      ([name, folder]) =>
        new Promise((resolve) => {
          const child = spawn(node24, [tsc, '-p', folder, '--pretty', 'false'], { cwd: root });
          let output = '';
          child.stdout.on('data', (data) => (output += data));
          child.stderr.on('data', (data) => (output += data));
          child.on('close', (code) => resolve({ name, output: code === 0 ? '' : output || `tsc ended with ${code}` }));
        }),
    ),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = (await typecheck()).filter(({ output }) => output !== '');
  for (const { name, output } of found) console.error(`${name}:\n${output}`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
