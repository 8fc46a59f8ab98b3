import { expect, it } from 'vitest';
import { type GuardedContents, guardContents, guardSession } from './guards.ts';

type Listener = (details: { url: string; isMainFrame: boolean; preventDefault(): void }) => void;

/** Contents that do what a page wants, and what came of it. */
function page() {
  const listeners = new Map<string, Listener>();
  const opened: string[] = [];
  let open: Parameters<GuardedContents['setWindowOpenHandler']>[0] | undefined;
  const contents = {
    on: (event: string, listener: Listener) => listeners.set(event, listener),
    setWindowOpenHandler: (handler: typeof open) => {
      open = handler;
    },
  };
  guardContents(contents as unknown as GuardedContents, (address) => opened.push(address));
  return {
    opened,
    /** True when it is let through. */
    wants(event: string, url: string, isMainFrame = true) {
      let allowed = true;
      listeners.get(event)!({ url, isMainFrame, preventDefault: () => (allowed = false) });
      return allowed;
    },
    opens: (url: string) => open!({ url } as Parameters<NonNullable<typeof open>>[0]),
  };
}

it('a window goes nowhere but to its own page; a link goes to the browser of the system', () => {
  const { wants, opened } = page();
  expect(wants('will-frame-navigate', 'app://choragus/')).toBe(true);
  expect(opened).toEqual([]);
  expect(wants('will-frame-navigate', 'https://example.org/')).toBe(false);
  expect(wants('will-frame-navigate', 'app://choragus/assets/index.js')).toBe(false);
  expect(wants('will-frame-navigate', 'file:///etc/passwd')).toBe(false);
  expect(opened).toEqual(['https://example.org/']);
});

it('a frame goes nowhere at all, and opens nothing', () => {
  const { wants, opened } = page();
  expect(wants('will-frame-navigate', 'app://choragus/', false)).toBe(false);
  expect(wants('will-frame-navigate', 'https://example.org/', false)).toBe(false);
  expect(opened).toEqual([]);
});

it('nothing is redirected and no webview is attached', () => {
  const { wants } = page();
  expect(wants('will-redirect', 'app://choragus/')).toBe(false);
  expect(wants('will-attach-webview', '')).toBe(false);
});

it('no page opens a window; the system opens links of the web and of mail only', () => {
  const { opens, opened } = page();
  for (const url of ['https://example.org/', 'mailto:ada@example.org', 'javascript:alert(1)', 'file:///etc/passwd'])
    expect(opens(url)).toEqual({ action: 'deny' });
  expect(opened).toEqual(['https://example.org/', 'mailto:ada@example.org']);
});

it('pages are permitted to write to the clipboard after a click, and nothing else', () => {
  const permissions = [
    'clipboard-sanitized-write',
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'unknown',
  ];
  const answers: Record<string, unknown> = {};
  guardSession({
    setPermissionRequestHandler(handler) {
      for (const each of permissions)
        handler!(undefined as never, each as never, (granted) => (answers[`${each} asked`] = granted), {} as never);
    },
    setPermissionCheckHandler(handler) {
      for (const each of permissions) answers[`${each} checked`] = handler!(null, each as never, '', {} as never);
    },
    setDevicePermissionHandler(handler) {
      answers.device = handler!({} as never);
    },
  });
  const granted = Object.keys(answers).filter((each) => answers[each] !== false);
  expect(granted.sort()).toEqual(['clipboard-sanitized-write asked', 'clipboard-sanitized-write checked']);
  expect(Object.keys(answers)).toHaveLength(2 * permissions.length + 1);
});
