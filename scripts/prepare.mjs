// What has to be there before Choragus can start or be tested. Runs on Node 20 or newer, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The project's own Node, brought by the npm package `node`. */
export const node24 = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const major = 24;

/** Told in one sentence, without a stack. */
export class Refusal extends Error {}

export function refuse(error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
  process.exit(1);
}

/** Brings node_modules to what the lock file says, and the project's Node with it. */
export function install() {
  if (Number.parseInt(process.versions.node, 10) < 20)
    throw new Refusal(`Choragus needs Node 20 or newer to start, and this is ${process.versions.node}.`);
  if (!isInstalled()) {
    console.log('Installing packages (about half a minute)...');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (ownNode() !== major) {
    console.log(`Bringing Node ${major}...`);
    npm(['rebuild', 'node', '--loglevel=error']);
    if (ownNode() !== major)
      throw new Refusal(`The project's own Node ${major} could not be installed. Delete node_modules and try again.`);
  }
}

/** Every package of the lock file is there in its version, but for those that are only for other systems. */
function isInstalled() {
  try {
    const wanted = packagesOf('package-lock.json');
    const present = packagesOf('node_modules/.package-lock.json');
    return Object.entries(wanted).every(([path, { version, optional }]) =>
      path === '' ? true : present[path] === undefined ? optional === true : present[path].version === version,
    );
  } catch {
    return false;
  }
}

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

function ownNode() {
  const { stdout } = spawnSync(node24, ['-v'], { encoding: 'utf8' });
  return Number.parseInt(stdout?.slice(1) ?? '', 10);
}

function npm(args) {
  // Under npm its own script is known; by itself `npm` is a shell script on Windows.
  const script = process.env.npm_execpath;
  const [command, shell] = script?.endsWith('.js') ? [process.execPath, false] : ['npm', process.platform === 'win32'];
  const { status } = spawnSync(command, [...(shell || command === 'npm' ? [] : [script]), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell,
  });
  if (status !== 0) throw new Refusal(`npm ${args[0]} did not work; what it said stands above.`);
}

const stamp = join(root, 'out/.sources');
const built = [
  'out/main/desktop.js',
  'out/main/serve.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  'out/licences.json',
];

/** Builds when the sources are not those of the last build. */
export function build() {
  const sources = fingerprint();
  const isThere = [stamp, ...built.map((file) => join(root, file))].every((file) => existsSync(file));
  if (isThere && readFileSync(stamp, 'utf8') === sources) return;
  console.log('Building...');
  rmSync(stamp, { force: true });
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stdout, stderr } = spawnSync(node24, [electronVite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Refusal(`${stdout}${stderr}\nThe build did not work; what it said stands above.`);
  writeFileSync(stamp, sources);
}

/** Names, sizes and times of everything that the build reads. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const file of [
    'package.json',
    'package-lock.json',
    'electron.vite.config.ts',
    'scripts/licences.ts',
    'tsconfig.base.json',
  ])
    add(file);
  for (const folder of ['src-main', 'src-renderer', 'src-shared', 'resources'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
        add(join(entry.parentPath.slice(root.length + 1), entry.name));
  return hash.digest('hex');
}
