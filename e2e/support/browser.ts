import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser for end-to-end tests: Playwright's own if it is there, else the system's; null when there is none. */
export function findBrowser(): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [chromium.executablePath(), ...onPath, ...elsewhere].find(isProgram) ?? null;
}

/** The executable of Electron: what ELECTRON_PATH names, or what its package has fetched; null when there is none. */
export function findElectron(): string | null {
  const folder = join(import.meta.dirname, '../../node_modules/electron');
  const name = join(folder, 'path.txt');
  const fetched = existsSync(name) ? [join(folder, 'dist', readFileSync(name, 'utf8').trim())] : [];
  const given = process.env.ELECTRON_PATH;
  return (given === undefined ? fetched : [given]).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
