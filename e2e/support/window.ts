import { expect, type Locator, type Page } from '@playwright/test';

/** One page of Choragus, by the names that people and screen readers know. */
export class Window {
  readonly page: Page;
  readonly message: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  /** The conversation on screen. */
  readonly thread: Locator;
  /** What the person said. */
  readonly own: Locator;
  /** What was answered. */
  readonly answers: Locator;
  readonly sessions: Locator;
  readonly status: Locator;
  readonly queue: Locator;

  constructor(page: Page) {
    this.page = page;
    this.message = page.getByRole('textbox', { name: 'Message', exact: true });
    this.send = page.getByRole('button', { name: 'Send', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop' });
    this.thread = page.getByRole('log', { name: 'Messages' });
    this.own = this.thread.getByRole('article', { name: 'You', exact: true });
    this.answers = this.thread.getByRole('article').and(this.thread.locator(':not([aria-label="You"])'));
    this.sessions = page.getByRole('navigation', { name: 'Sessions' });
    this.status = page.getByRole('contentinfo');
    this.queue = page.getByRole('list', { name: 'Queue' });
  }

  /** The newest answer on screen. */
  get answer(): Locator {
    return this.answers.last();
  }

  /** The text of an answer, without what stands around it. */
  text(answer = this.answer): Locator {
    return answer.locator('.read');
  }

  async ask(text: string): Promise<void> {
    await this.message.fill(text);
    await this.message.press('Enter');
  }

  async choose(name: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Specialist or model/ }).click();
    await this.page.getByRole('combobox').fill(name);
    await this.page.getByRole('combobox').press('Enter');
  }

  /** Leaves the session on screen for a new one. */
  async begin(): Promise<void> {
    await this.sessions.getByRole('button', { name: 'New' }).click();
    await this.page.getByRole('heading', { name: 'New conversation', level: 1 }).waitFor();
  }

  /** Shows a section of the settings. */
  async settings(section: string): Promise<void> {
    const sections = this.page.getByRole('navigation', { name: 'Settings' });
    const view = this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Settings' });
    if (!(await sections.isVisible())) await view.click();
    const link = sections.getByRole('link', { name: section });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }

  async conversations(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Conversations' }).click();
  }

  /** Makes an access token in the settings and tells it; it may do no more than the scopes say. */
  async createToken(name: string, scopes: readonly ('Chat' | 'Read' | 'Admin')[] = ['Chat', 'Read']): Promise<string> {
    await this.settings('Gateway');
    await this.page.getByLabel('Name of the new access token').fill(name);
    const offered = this.page.getByRole('group', { name: 'What the new access token may do' });
    for (const scope of ['Chat', 'Read', 'Admin'] as const)
      await offered.getByRole('checkbox', { name: scope }).setChecked(scopes.includes(scope));
    await this.button('Create').click();
    return this.madeToken(name).getByRole('code').innerText();
  }

  /** A token that was just made, as it is shown until it is put away. */
  madeToken(name: string): Locator {
    return this.page.getByRole('status').filter({ hasText: `Copy the access token for ${name} now.` });
  }

  /** Who else has the conversation on screen open. */
  get others(): Locator {
    return this.page.getByRole('link', { name: /others? here/ });
  }

  /** Of a list in the settings: providers or specialists. */
  row(list: 'Providers' | 'Specialists', name: string | RegExp): Locator {
    return this.page.getByRole('navigation', { name: list }).getByRole('link', { name });
  }

  /** What is open beside such a list, by its name. */
  detail(name: string): Locator {
    return this.page.getByRole('form', { name, exact: true });
  }

  session(title: string): Locator {
    return this.sessions.getByRole('link', { name: title });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
}
