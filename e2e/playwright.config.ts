import { defineConfig } from '@playwright/test';
import { findBrowser, findElectron } from './support/browser.ts';
import type { Options } from './support/test.ts';

const executablePath = findBrowser();
if (executablePath === null)
  throw new Error(
    'End-to-end tests need a browser: install Chromium or Chrome, or run npx playwright install chromium.',
  );

/** The journeys, and what there is on a desktop only; some of it starts the app three times. */
const onDesktop = { testMatch: ['journeys/*.spec.ts', 'desktop/*.spec.ts'], timeout: 60_000 };

/** Each test starts its own Choragus, so nothing is shared and nothing has to be up before. */
export default defineConfig<object, Options>({
  testDir: '.',
  projects: [
    { name: 'browser', testMatch: ['journeys/*.spec.ts', 'browser/*.spec.ts'], use: { shell: 'browser' } },
    { name: 'stand-in', ...onDesktop, use: { shell: 'stand-in' } },
    // Where there is one.
    ...(findElectron() === null
      ? []
      : [
          // Windows of a real desktop take the focus from each other.
          { name: 'electron', ...onDesktop, workers: 1, grepInvert: /@stand-in/, use: { shell: 'electron' as const } },
        ]),
  ],
  outputDir: '../test-results',
  // Two take a fifth less time than one on two cores; more only wait for each other.
  workers: 2,
  retries: 0,
  timeout: 30_000,
  use: {
    // What does not become possible within this time is broken; without it each such place would use up the whole test.
    actionTimeout: 5_000,
    // Recording costs time in every test, so only where nobody can simply run it again.
    trace: process.env.CI ? 'retain-on-failure' : 'off',
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] },
  },
});
