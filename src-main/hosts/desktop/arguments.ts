import { parseArgs } from 'node:util';

export interface DesktopArguments {
  dataDir: string | undefined;
  config: string | undefined;
}

/** What there is of ours among the arguments. The others are Electron's and Chromium's, and none of our business. */
export function desktopArguments(argv: readonly string[]): DesktopArguments {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { 'data-dir': { type: 'string' }, config: { type: 'string' } },
    strict: false,
  });
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return { dataDir: text(values['data-dir']), config: text(values.config) };
}
