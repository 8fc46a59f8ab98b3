import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/browser.ts';

const executablePath = findBrowser();
if (executablePath === null)
  throw new Error(
    'End-to-end tests need a browser: install Chromium or Chrome, or run npx playwright install chromium.',
  );

/** Each test starts its own server (support/server.ts), so nothing is shared and nothing has to be up before. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // A second worker gains nothing on a small machine: the browser itself uses more than one core.
  workers: 1,
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
