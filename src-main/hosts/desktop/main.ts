import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, dialog, protocol, shell } from 'electron';
import { Problem } from '#shared/domain/problem.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { defaultDataFolder, prepareDataFolder } from '../data-folder.ts';
import { linkCommand } from '../link-command.ts';
import { keepYoungHeapSmall } from '../young-heap.ts';
import { SCHEME } from './address.ts';
import { desktopArguments } from './arguments.ts';
import { choose } from './choose.ts';
import type { Desktop } from './desktop.ts';
import { ownedQuestion } from './dialogs.ts';

/** The build: this file lies in `out/main`. */
const out = join(import.meta.dirname, '..');
const built = {
  renderer: join(out, 'renderer'),
  preload: join(out, 'preload', 'preload.cjs'),
  licences: join(out, 'licences.json'),
  worker: pathToFileURL(join(out, 'main', 'log-worker.js')),
};

/** As an end of our own making has it: with 1 Electron ends when it cannot start (see `scripts/electron.mjs`). */
const failed = 70;

let desktop: Desktop | undefined;
let failing = false;

// Whoever read the output may have gone; that is no reason to end.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
main().catch(fail);

/** All up to the first wait happens before the app is ready, as it must. */
async function main(): Promise<void> {
  keepYoungHeapSmall();
  const given = desktopArguments(process.argv);
  const { env, platform } = process;
  const dataDir = prepareDataFolder(resolve(given.dataDir ?? defaultDataFolder({ env, platform, home: homedir() })));
  // One instance per data folder: the lock of Electron lies in this one.
  app.setPath('userData', prepareDataFolder(join(dataDir, 'desktop')));
  app.enableSandbox();
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
  // Its first instance hears of this one and shows itself.
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  app.on('second-instance', () => desktop?.show());

  const [{ openDesktop }] = await Promise.all([import('./desktop.ts'), app.whenReady()]);
  try {
    const { config } = given;
    desktop = await openDesktop({
      dataDir,
      config,
      version: packageJson.version,
      linkCommand: linkCommand(given.dataDir),
      built,
      failed: fail,
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'BUSY') throw error;
    await offerOwner(dataDir, error);
  }
}

/** Another process, such as the headless shell, owns the data folder: the user may go there. */
async function offerOwner(dataDir: string, problem: Problem): Promise<void> {
  const [{ lastOwner }, { requestLink }] = await Promise.all([
    import('../../log/lock.ts'),
    import('../headless/link.ts'),
  ]);
  const address = lastOwner(dataDir)?.address;
  const answer = await choose(ownedQuestion(problem, address !== undefined));
  // Without a link the address shows how to sign in.
  if (answer === 'open') await shell.openExternal(await requestLink(dataDir, process.env).catch(() => address!));
  app.exit(0);
}

async function fail(error: unknown): Promise<void> {
  if (failing) return;
  failing = true;
  await desktop?.broken(error).catch(() => {});
  const known = error instanceof Problem;
  const text = known
    ? [error.message, error.next].filter((each) => each !== undefined).join(' ')
    : `Choragus made an error and ends: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${text}\n`);
  await app.whenReady();
  dialog.showErrorBox('Choragus', text);
  app.exit(failed);
}
