import { join } from 'node:path';
import {
  app,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron';
import { Problem } from '#shared/domain/problem.ts';
import { HostAsks } from '../../api/host.ts';
import { systemClock as clock } from '../clock.ts';
import { openEngines } from '../engines.ts';
import { SCHEME } from './address.ts';
import { CONNECT } from './channels.ts';
import { choose } from './choose.ts';
import { addressOf, Connections } from './connections.ts';
import { brokenPageQuestion, quitQuestion } from './dialogs.ts';
import { guardContents, guardSession } from './guards.ts';
import { keychain } from './keychain.ts';
import { menu } from './menu.ts';
import { pages } from './pages.ts';
import { Quit } from './quit.ts';
import { WindowMemory } from './window-memory.ts';
import { readWindows, writeWindows } from './window-state.ts';
import { Windows } from './windows.ts';

/** Told to end politely, it lets running turns go on for so long, as the headless shell does. */
const politeMs = 3_000;

export interface DesktopOptions {
  /** Exists and can be written. */
  dataDir: string;
  config: string | undefined;
  version: string;
  /** What to type to get a link for a browser, when the gateway listens. */
  linkCommand: string;
  /** Where the parts of the build lie. */
  built: { renderer: string; preload: string; licences: string; worker: URL };
  /** Something that should never happen did: ends the app. */
  failed(error: unknown): void;
}

export interface Desktop {
  /** Brings a window to the front; while the app ends it is started once more after that. */
  show(): void;
  /** The error is in the log file when this resolves. */
  broken(error: unknown): Promise<void>;
}

/** Opens the engines and the windows on them, and ends the process when the user wants it. Only after the app is ready. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const { dataDir, config, version, built, failed } = options;
  const { platform, versions } = process;
  const mac = platform === 'darwin';
  const devTools = !app.isPackaged;
  const asks = new HostAsks();

  guardSession(session.defaultSession);
  protocol.handle(SCHEME, pages(built.renderer));
  const engines = await openEngines({
    dataDir,
    config,
    env: process.env,
    version,
    versions: { Electron: versions.electron!, Chromium: versions.chrome!, Node: versions.node },
    licencesFile: built.licences,
    workerFile: built.worker,
    sealer: keychain(safeStorage, platform),
    openDataFolder: openFolder,
    asks,
    gateway: { rendererDir: built.renderer, linkCommand: options.linkCommand },
  });
  const { choragus, logger } = engines;
  const warn = (what: string) => (error: unknown) => logger.warn({ error }, what);

  app.on('web-contents-created', (_, contents) =>
    guardContents(contents, (address) => void shell.openExternal(address).catch(warn('a link was not opened'))),
  );
  const windowsFile = join(dataDir, 'windows.json');
  const memory = new WindowMemory({
    clock,
    write: (states) => writeWindows(windowsFile, states),
    failed: warn('the places of the windows were not written'),
  });
  const windows = new Windows({
    preload: built.preload,
    devTools,
    platform,
    clock,
    memory,
    left: (window, why) => connections.close(window, why),
    ended(number, reason, again) {
      logger.error({ window: number, reason }, 'a page ended unexpectedly');
      const window = windows.get(number);
      if (again || window === undefined) return;
      void choose(brokenPageQuestion, window).then((answer) => {
        if (window.isDestroyed()) return;
        if (answer === 'close') window.close();
        else window.webContents.reload();
      });
    },
    unloaded: (window, error) => logger.warn({ window, error }, 'a page was not loaded'),
    failed,
    sessionEnd: () => quit.end(0),
  });
  const connections = new Connections<MessagePortMain>({
    newChannel: () => new MessageChannelMain(),
    windowOf: (contents) => windows.numberOf(contents),
    connect(pipe, { address }) {
      const host = { kind: 'desktop', platform } as const;
      try {
        choragus.connect(pipe, { kind: 'window', address, token: null, scopes: 'user', host });
      } catch (error) {
        // While a backup is being restored; the page asks again by itself.
        pipe.close(Problem.of(error).message);
      }
    },
    refused: (who) => logger.warn(who, 'somebody else than our page asked for a connection'),
  });
  ipcMain.on(CONNECT, (event) => {
    if (!quit.ending) connections.ask(event);
  });

  const quit = new Quit({
    clock,
    running: () => choragus.running,
    ask: (running) => choose(quitQuestion(running), windows.get(windows.front ?? 0)),
    stay() {
      if (windows.count === 0 && !mac) windows.restore(memory.states);
    },
    close(drainMs) {
      memory.keep();
      return engines.close(drainMs);
    },
    exit(code, again) {
      if (again) app.relaunch();
      app.exit(code);
    },
    failed,
  });
  app.on('before-quit', (event) => {
    // Electron would end at once; `quit` ends the process itself, when all is closed.
    event.preventDefault();
    quit.wish();
  });
  app.on('window-all-closed', () => {
    if (!mac) quit.alone();
  });
  const show = () => {
    if (quit.wanted()) windows.show();
  };
  app.on('activate', show);
  powerMonitor.on('shutdown', () => quit.end(0));
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const)
    process.on(signal, () => quit.end(signal === 'SIGTERM' ? politeMs : 0));

  const template = menu({
    platform,
    devTools,
    newWindow() {
      if (!quit.ending) windows.open();
    },
    ask(ask) {
      if (!quit.ending) asks.ask(addressOf(windows.front ?? windows.open()), ask);
    },
    openDataFolder: () => void openFolder(dataDir).catch(warn('the data folder was not opened')),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  windows.restore(readWindows(windowsFile));

  return { show, broken: (error) => engines.broken(error) };
}

async function openFolder(folder: string): Promise<void> {
  const reason = await shell.openPath(folder);
  if (reason !== '') throw new Problem('UNSUPPORTED', `${folder} could not be opened: ${reason}`, 'Open it yourself.');
}
