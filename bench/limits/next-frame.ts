/** The least until something is painted: a text that is set in the next frame of an otherwise empty page. */
import type { Page } from '@playwright/test';

/**
 * For `ms`, at moments of chance. Each text sets a mark when it stands in the page; resolves with when it was asked for, by
 * the mark's name, in ms after the mark `here`.
 */
export const nextFrames = (page: Page, ms: number, here: string): Promise<Record<string, number>> =>
  page.evaluate(
    async ({ ms, here }) => {
      const asked: Record<string, number> = {};
      const start = performance.mark(here).startTime;
      for (let count = 0; performance.now() - start < ms; count++) {
        await new Promise((resolve) => setTimeout(resolve, 20 + 30 * Math.random()));
        const name = `asked-${count}`;
        asked[name] = performance.now() - start;
        await new Promise<void>((resolve) => {
          requestAnimationFrame(() => {
            document.body.textContent = name;
            performance.mark(name);
            resolve();
          });
        });
      }
      performance.clearMarks();
      return asked;
    },
    { ms, here },
  );
