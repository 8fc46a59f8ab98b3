import { spawn } from 'node:child_process';

/** What opens an address in this system's browser; null where there is none, or where BROWSER says so. */
export function browserCommand(
  env: Record<string, string | undefined>,
  platform: NodeJS.Platform,
): [command: string, ...args: string[]] | null {
  const chosen = env.BROWSER?.trim();
  if (chosen === 'none') return null;
  if (chosen !== undefined && chosen !== '') return chosen.split(/\s+/) as [string, ...string[]];
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null;
}

/** A browser that does not start is no failure: the link stands in the terminal. */
export function openBrowser(url: string, env: Record<string, string | undefined>, platform: NodeJS.Platform): void {
  const command = browserCommand(env, platform);
  if (command === null) return;
  const { CHORAGUS_TOKEN: _, ...rest } = env;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { env: rest, detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
