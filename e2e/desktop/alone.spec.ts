import { expect, test } from '../support/test.ts';

// The console tells of each refusal.
test.use({ allowed: /Content Security Policy|status of 404/ });

test('a page gets a way to connect and nothing else of the desktop, and runs, loads and reaches nothing but its own', async ({
  startDesktop,
}) => {
  const { page } = await startDesktop();
  const seen = await page.evaluate(async () => {
    const { choragus, ...all } = globalThis as unknown as Record<string, object | undefined>;
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    const frame = document.createElement('iframe');
    frame.src = 'https://example.org/';
    document.body.append(script, frame);
    const answers = [fetch('https://example.org/'), fetch('http://127.0.0.1:1/'), fetch('/no-such-thing')];
    const reached = await Promise.allSettled(answers);
    return {
      choragus: Object.keys(choragus!),
      frozen: Object.isFrozen(choragus),
      others: ['require', 'process', 'module', 'Buffer', 'electron', 'injected'].filter((name) => name in all),
      reached: reached.map((each) => (each.status === 'fulfilled' ? each.value.status : 'refused')),
      frame: frame.contentDocument === null ? 'closed' : 'open',
    };
  });
  expect(seen).toEqual({
    choragus: ['connect'],
    frozen: true,
    others: [],
    reached: ['refused', 'refused', 404],
    frame: 'closed',
  });
  await expect(page.getByRole('contentinfo')).toContainText('Connected');
});
