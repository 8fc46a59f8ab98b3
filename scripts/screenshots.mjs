// `npm run screenshots`: pictures of the built app with example content, into docs/. Needs the project's Node and a build.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from '../e2e/support/browser.ts';
import { HeldAnswer } from '../e2e/support/held-answer.ts';
import { Program } from '../e2e/support/program.ts';
import { Window } from '../e2e/support/window.ts';
import { StartedServer } from '../src-main/hosts/headless/testing/process.ts';
import { startTestServer, status, stream } from '../src-main/providers/testing/server.ts';
import { openaiStream } from '../src-main/providers/testing/streams.ts';
import { root } from './prepare.mjs';
import { photographApi } from './screenshots/api.mjs';
import * as examples from './screenshots/examples.mjs';
import { makeSpecialist, photographNarrowSettings, photographSettings } from './screenshots/settings.mjs';

const folder = join(root, 'docs/screenshots');
const schemes = ['light', 'dark'];
const usual = "'Inter', system-ui, sans-serif";
mkdirSync(folder, { recursive: true });

const ai = await startTestServer();
const server = await StartedServer.start({ program: join(root, 'bin/choragus.mjs'), config: examples.config(ai.url) });
let program;
const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(10_000);
  const window = new Window(page);
  await page.goto(server.link);
  await connected();
  await setFont(usual);
  await photograph('empty');
  await makeSpecialist({ page }, examples.own);
  await page.getByRole('link', { name: 'Conversations' }).click();
  await tell();
  await photograph('conversation');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.screenshot({ path: join(root, 'docs/conversation.png') });
  console.log('docs/conversation.png');
  await page.setViewportSize({ width: 900, height: 700 });
  await photograph('narrow', ['light']);
  await page.setViewportSize({ width: 1280, height: 800 });
  await compact(async () => photograph('compact', ['light']));
  await setFont("'DejaVu Sans'");
  await photograph('wide-font', ['light']);
  await setFont(usual);
  await page.getByRole('button', { name: /^Specialist or model/ }).click();
  await page.getByRole('option', { name: /^Apollo/ }).waitFor();
  await photograph('picker');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+p');
  await page.getByRole('option', { name: /^Everything about logs/ }).waitFor();
  await photograph('switcher');
  await page.keyboard.type('ro');
  await photograph('switcher-found', ['dark']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+/');
  await page.getByRole('dialog', { name: 'Shortcuts' }).waitFor();
  await photograph('shortcuts', ['dark']);
  await page.keyboard.press('Escape');
  await window.session(examples.ownTitle).click();
  await window.answer.waitFor();
  await photograph('own-specialist');
  await window.session('Office rota').click();
  await window.answer.getByRole('alert').waitFor();
  await photograph('failing');
  await window.session('Everything about logs').click();
  await window.answer.waitFor();
  await window.thread.hover();
  await page.mouse.wheel(0, -700);
  await window.button('Jump to latest').waitFor();
  await photograph('long');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('mo');
  await photograph('commands', ['light']);
  await page.getByRole('option', { name: 'Connect a model' }).click();
  await page.getByRole('dialog', { name: 'Connect a model' }).waitFor();
  await photograph('dialog');
  await page.keyboard.press('Escape');
  await photographSettings({
    page,
    photograph,
    answerNext: () => ai.next(paced('Ready when you are.', {})),
    async connect(token) {
      program = new Program({ url: server.url, token, name: 'nightly-report' });
      await program.open(examples.conversation.title);
    },
  });
  await page.setViewportSize({ width: 900, height: 700 });
  await photographNarrowSettings({ page, photograph });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'Conversations' }).click();
  await window.session(examples.conversation.title).click();
  await window.answer.waitFor();
  await window.others.hover();
  await page.getByText('Also have this conversation open').first().waitFor();
  await photograph('presence');
  await page.mouse.move(640, 20);
  await page.goto(`${server.url}/api/docs`);
  await setFont(usual);
  await photographApi({ page, photograph, hold: held, after });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(server.url);
  await connected();
  await setFont(usual);
  await window.session(examples.conversation.title).click();
  await window.answer.waitFor();
  program.close();
  await server.kill('SIGKILL');
  await page.getByText(/Reconnecting/).waitFor();
  await window.ask('Are you there?');
  await page.getByText('kept here').first().waitFor();
  await photograph('away', ['light']);

  async function connected() {
    await window.status.getByText('Connected').waitFor();
    await window.message.waitFor();
  }

  async function photograph(name, colorSchemes = schemes) {
    for (const colorScheme of colorSchemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = join(folder, `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      console.log(path.slice(root.length + 1));
    }
  }

  /** That of this computer may be an unusual one: pictures show a usual one, and how the widest fits. */
  async function setFont(font) {
    await page.evaluate((value) => document.documentElement.style.setProperty('--font', value), font);
  }

  /** As who likes it dense sees it. */
  async function compact(run) {
    const density = (value) =>
      page.evaluate((to) => {
        document.documentElement.dataset.density = to;
      }, value);
    await density('compact');
    await run();
    await density('comfortable');
  }

  /** Fills the window with conversations; the last one is left as it streams. */
  async function tell() {
    for (const { title, turns } of examples.sessions) {
      await window.begin();
      for (const turn of turns) await say(turn);
      await rename(title);
    }
    const names = hold(examples.interrupted);
    await begin(examples.interrupted);
    await names.answer.say(...names.tokens.slice(0, 30));
    await window.text().getByText('past tense').waitFor();
    await server.kill('SIGKILL');
    await server.restart();
    await connected();
    await window.answer.getByText(/^interrupted/).waitFor();
    await rename(examples.interrupted.title);

    for (const running of examples.running) {
      const { answer, tokens } = hold(running);
      await begin(running);
      await answer.say(...tokens);
      await window.text().waitFor();
      await rename(running.title);
    }
    await window.begin();
    const { title, before, live, queued, draft } = examples.conversation;
    for (const turn of before) await say(turn);
    await rename(title);
    const { answer, tokens } = hold(live);
    await window.choose(live.to);
    await window.ask(live.text);
    // At the pace of a model, so that there are figures to see.
    await after(210);
    for (const [index, token] of tokens.entries()) {
      await answer.say(token);
      await after(index % 16 < 8 ? 9 : 15);
    }
    await window.ask(queued);
    await window.queue.getByRole('listitem').waitFor();
    await window.message.fill(draft);
    await window.answer.locator('.tone-key').first().waitFor();
    await window.button('Jump to latest').waitFor({ state: 'hidden' });
    await page.mouse.move(640, 20);
  }

  function held() {
    const answer = new HeldAnswer('openai');
    ai.next(answer.act);
    return answer;
  }

  function hold({ answer: text }) {
    return { answer: held(), tokens: tokensOf(text) };
  }

  async function begin({ to, text }) {
    await window.begin();
    await window.choose(to);
    await window.ask(text);
  }

  async function rename(title) {
    await window.sessions.locator('[aria-current="page"]').press('F2');
    await page.getByRole('textbox', { name: 'Title' }).fill(title);
    await page.getByRole('textbox', { name: 'Title' }).press('Enter');
    await page.getByRole('heading', { name: title }).waitFor();
  }

  /** One message and its answer, however that ends. */
  async function say({ to, text, answer, reasoning = [], ending = 'end', limited = false, continued }) {
    const count = await window.answers.count();
    if (limited) ai.next(status(429, { 'retry-after': '1' }, 'Too many requests.'));
    if (answer !== undefined) ai.next(paced(answer, { reasoning, ending }));
    await window.choose(to);
    await window.ask(text);
    await window.answers.nth(count).waitFor();
    const over = () => window.answer.and(page.locator('[aria-busy="false"]')).waitFor();
    await over();
    if (continued === undefined) return;
    ai.next(paced(continued, {}));
    await window.answer.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Continued here/ }).waitFor();
    await over();
  }

  function paced(text, { reasoning = [], ending = 'end' }) {
    const events = openaiStream(tokensOf(text), { reasoning });
    const cut = ending === 'end' ? events : events.slice(0, -3);
    return stream(cut, { ending, pace: (index) => after(index === 1 ? 180 : events.length > 300 ? 1 : 11) });
  }
} finally {
  program?.close();
  await browser.close();
  await server.stop();
  await ai.close();
}

/** About as a model cuts it. */
function tokensOf(text) {
  return text.match(/\s*\S{1,6}/g) ?? [];
}

function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
