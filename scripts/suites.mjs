// What `npm test` runs, once everything is installed, on the project's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser, findElectron } from '../e2e/support/browser.ts';
import { build, root } from './prepare.mjs';
import { readPlaywright, readVitest, shorten } from './reports.mjs';
import { typecheck } from './typecheck.mjs';

/** A suite that takes longer hangs. */
const maxMinutes = 10;
const reports = mkdtempSync(join(tmpdir(), 'choragus-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs a program of the project with the project's Node; resolves with its code and everything that it said. */
function run(script, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: maxMinutes * 60_000,
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code, signal) => {
      if (signal !== null) output += `\nIt did not end within ${maxMinutes} minutes.`;
      resolve({ code, output });
    });
  });
}

const item = (title, problem) => ({
  passed: problem === '' ? 1 : 0,
  skipped: 0,
  failed: problem === '' ? [] : [{ title, detail: problem }],
});

const together = (outcomes) => ({
  passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
  skipped: outcomes.reduce((sum, { skipped }) => sum + skipped, 0),
  failed: outcomes.flatMap(({ failed }) => failed),
});

async function suite(name, work) {
  const start = performance.now();
  const outcome = await work().catch((error) => item(name, error.message));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const { passed, failed, skipped } = outcome;
  console.log(`${name}: ${passed} passed, ${failed.length} failed, ${skipped} skipped (${seconds} s)`);
  for (const { title, detail } of failed)
    console.log(
      `\n  FAILED ${title}\n${shorten(detail, 40)
        .map((line) => `    ${line}`)
        .join('\n')}\n`,
    );
  total.passed += passed;
  total.failed += failed.length;
  total.skipped += skipped;
}

async function withReport(name, read, start) {
  const file = join(reports, `${name}.json`);
  const { code, output } = await start(file);
  if (!existsSync(file)) return item(name, output || `It ended with ${code} and said nothing.`);
  const outcome = read(JSON.parse(readFileSync(file, 'utf8')));
  // Such as an error outside of any test.
  if (code !== 0 && outcome.failed.length === 0)
    outcome.failed.push({ title: 'outside of any test', detail: output.split('\n').slice(-40).join('\n') });
  return outcome;
}

function installOnDebian(...packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log(`Installing ${packages.join(' and ')}...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: 'ignore' });
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages).status === 0;
  if (install()) return;
  apt('update');
  install();
}

/** In which the examples of the documentation are written; elsewhere those are skipped. */
function findOrInstallLanguages() {
  const missing = ['curl', 'python3', 'openssl'].filter((name) => spawnSync(name, ['--help']).error !== undefined);
  if (missing.length > 0) installOnDebian(...missing);
}

/** On Debian as root a missing browser can be had; elsewhere this says what to do. */
function findOrInstallBrowser() {
  if (findBrowser() !== null) return;
  installOnDebian('chromium');
  if (findBrowser() === null)
    throw new Error(
      'There is no browser for these tests: install Chromium or Chrome, or run npx playwright install chromium.',
    );
}

await suite('Types', async () =>
  together((await typecheck()).map(({ name, output }) => item(`types of ${name}`, output))));
await suite('Lint', async () => {
  const [style, dead] = await Promise.all([
    run('@biomejs/biome/bin/biome', ['check', '.', '--colors=off', '--diagnostic-level=error']),
    run('knip/bin/knip.js', ['--no-progress']),
  ]);
  const problem = ({ code, output }) => (code === 0 ? '' : output);
  return together([item('style (biome)', problem(style)), item('dead code (knip)', problem(dead))]);
});
await suite('Build', async () => {
  build();
  return item('build', '');
});
await suite('Unit and integration tests', () => {
  findOrInstallLanguages();
  return withReport('vitest', readVitest, (file) =>
    run('vitest/vitest.mjs', [
      'run',
      '--allowOnly=false',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]),
  );
});
const endToEnd = (where, project) =>
  suite(`End-to-end tests ${where}`, async () => {
    findOrInstallBrowser();
    const options = ['--reporter=json', '--forbid-only', `--project=${project}`];
    return withReport(`playwright-${project}`, readPlaywright, (file) =>
      run('@playwright/test/cli.js', ['test', '-c', 'e2e/playwright.config.ts', ...options], {
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      }),
    );
  });
await endToEnd('in a browser', 'browser');
await endToEnd('in the desktop shell, over a stand-in for Electron', 'stand-in');
if (findElectron() === null) console.log('A real Electron was not found: nothing ran on it.');
else await endToEnd('in the desktop shell, on a real Electron', 'electron');
// A figure, not a verdict: it fails only when it cannot be measured.
if (process.env.CHORAGUS_LONG === '1')
  await suite('Memory of the window over five minutes', async () => {
    const { code, output } = await run('../bench/main.ts', ['window', '--long']);
    console.log(output);
    return item('measured', code === 0 ? '' : output);
  });

rmSync(reports, { recursive: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
