import { expect, oneProvider, test } from '../support/test.ts';

const answer = `The loop needs **one** check:

\`\`\`ts
if (signal.aborted) throw signal.reason; // leave at once
\`\`\`

| Attempt | Wait |
| --- | --- |
| 1 | 0.5 s |

Nothing else changes.`;

for (const dialect of ['openai', 'anthropic'] as const)
  test(`a server of somebody else in the dialect of ${dialect} answers live, with code, figures and its reasoning apart`, async ({
    start,
    foreign,
  }) => {
    const reasoning = 'The abort signal is only looked at by the call.';
    const usage = { prompt_tokens: 120, input_tokens: 120, completion_tokens: 58, output_tokens: 58 };
    foreign.onMessage(
      'retries',
      { content: answer, reasoning, usage },
      { chunkSize: 6, streamingProfile: { ttft: 30, tps: 60 } },
    );
    const choragus = await start({ config: oneProvider(foreign.url, { dialect, models: undefined }) });
    const { window } = choragus;
    // All that is ever on screen, however short: the answer is over within a second.
    const seen = await window.page.evaluateHandle(() => {
      const texts: string[] = [];
      const look = () => texts.push(document.body.innerText);
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      return texts;
    });
    await window.ask('Why does it go on with its retries?');

    await expect(window.answer).toContainText('Nothing else changes.');
    await expect(window.stop).toBeHidden();
    const live = (text: string) => text.includes('The loop needs one') && !text.includes('Nothing else changes');
    const partly = (await seen.jsonValue()).filter(live);
    expect(partly.length).toBeGreaterThan(1);
    expect(partly.at(-1)).toContain('Stop');
    await expect(window.answer).toContainText(/first token \d+ ms/);
    await expect(window.answer).toContainText(/\d tok\/s/);
    await expect(window.answer).toContainText('58 tokens');

    await expect(window.answer.locator('strong')).toHaveText('one');
    await expect(window.answer.getByRole('cell', { name: '0.5 s' })).toBeVisible();
    const code = window.answer.getByRole('figure', { name: 'Code, ts' });
    await expect(code.locator('.tone-key').first()).toBeVisible();
    await code.getByRole('button', { name: 'Copy code' }).click();
    await expect(code.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await choragus.copied()).toBe('if (signal.aborted) throw signal.reason; // leave at once');

    await expect(window.answer.getByText(reasoning)).toBeHidden();
    await window.answer.getByText(/^Reasoning, /).click();
    await expect(window.answer.getByText(reasoning)).toBeVisible();
  });
