// Whether the desktop can start here, and with which Electron. What cannot be is told in one sentence.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
/** Electron is over 100 MB; a download that takes longer than this is given up. */
const fetchMs = 10 * 60_000;
/** After a download that failed the next start does not wait for another one. */
const restMs = 24 * 3_600_000;

/** Why there can be no window here; undefined when there can. Looked at before anything is downloaded. */
export function noWindow({ env, platform, user }) {
  if (platform !== 'linux') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY)
    return 'There is no display here (DISPLAY and WAYLAND_DISPLAY are not set).';
  if (user === 0) return 'Electron gives root no sandbox, and Choragus opens no window without one.';
  return undefined;
}

/** Its package names the executable there when all of it is unpacked, and not before. */
const nameFile = (root) => join(root, 'node_modules/electron/path.txt');

/** Where the executable lies or would lie. */
export function electronFile({ root, env, platform }) {
  const named = existsSync(nameFile(root)) ? readFileSync(nameFile(root), 'utf8').trim() : '';
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || join(root, 'node_modules/electron/dist');
  return join(folder, named || (executables[platform] ?? 'electron'));
}

/**
 * The executable, downloaded when it is missing: `{ electron }`, or `{ missing }` with the reason. `fetch` does the
 * download and returns why it failed, if it did. A failure is remembered for a day in `stamp`; `again` tries all the same.
 */
export function findElectron({ root, env, platform, stamp, again, now, fetch }) {
  const given = env.ELECTRON_OVERRIDE_DIST_PATH;
  const electron = electronFile({ root, env, platform });
  const whole = () => existsSync(electron) && (given || existsSync(nameFile(root)));
  if (whole()) return { electron };
  if (given) return { missing: `There is no Electron in ELECTRON_OVERRIDE_DIST_PATH (${electron}).` };
  const later = 'npm start -- --fetch-electron tries again';
  if (!again && existsSync(stamp) && now - statSync(stamp).mtimeMs < restMs)
    return { missing: `Electron could not be downloaded lately; ${later}.` };
  const failure = fetch();
  if (failure === undefined && whole()) {
    rmSync(stamp, { force: true });
    return { electron };
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  return { missing: `Electron could not be downloaded (${failure ?? 'it is not where it should be'}); ${later}.` };
}

/** Downloads it by Electron's own script. Returns why that failed, if it did. */
export function fetchElectron(node, root) {
  console.log('Downloading Electron (once, over 100 MB)...');
  const { status, stderr, error } = spawnSync(node, [join(root, 'node_modules/electron/install.js')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    timeout: fetchMs,
  });
  if (status === 0) return undefined;
  if (error?.code === 'ETIMEDOUT') return `it took more than ${fetchMs / 60_000} minutes`;
  return stderr?.trim().split('\n')[0] || error?.message || `install-electron ended with ${status}`;
}

/** An Electron that ends so soon has not run for anybody. */
const startMs = 10_000;

/**
 * Electron itself ended: a library of the system is missing (127), the display cannot be opened (1), the system grants no
 * sandbox, or it broke off (any signal). What it said stands in the terminal. Errors of Choragus itself end with another
 * code (`src-main/hosts/desktop/main.ts`). `told`: a signal was passed on to it.
 */
export const couldNotStart = ({ code, signal, ms, told }) =>
  ms < startMs && !told && (code === 1 || code === 127 || signal !== null);

/** What the desktop does not know is meant for the headless shell, which knows it or says what is wrong with it. */
export const forDesktop = (args) =>
  args.every(
    (arg, index) => /^--(data-dir|config)(=|$)/.test(arg) || /^--(data-dir|config)$/.test(args[index - 1] ?? ''),
  );
