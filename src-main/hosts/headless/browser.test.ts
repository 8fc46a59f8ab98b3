import { expect, it } from 'vitest';
import { browserCommand } from './browser.ts';

it.each([
  [{ BROWSER: 'none', DISPLAY: ':0' }, 'linux', null],
  [{ BROWSER: 'firefox --new-window' }, 'linux', ['firefox', '--new-window']],
  [{}, 'linux', null],
  [{ DISPLAY: ':0' }, 'linux', ['xdg-open']],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', ['xdg-open']],
  [{}, 'darwin', ['open']],
  [{}, 'win32', ['rundll32', 'url.dll,FileProtocolHandler']],
] as const)('with %j on %s a link is opened by %j', (env, platform, command) => {
  expect(browserCommand(env, platform)).toEqual(command);
});
