import type { CallResult } from '#shared/contract/contract.ts';

export interface VersionRow {
  name: string;
  version: string;
}

/** What a report of a fault should say: what runs here, on what. */
export function versionRows(
  { version, platform, versions }: Pick<CallResult<'app.info'>, 'version' | 'platform' | 'versions'>,
  userAgent: string,
): VersionRow[] {
  const browser = /(?:Chrome|Firefox|Version)\/[\d.]+/.exec(userAgent)?.[0];
  return [
    { name: 'Choragus', version },
    { name: 'System', version: platform },
    ...Object.entries(versions).map(([name, each]) => ({ name, version: each })),
    ...(browser === undefined ? [] : [{ name: 'Window', version: browser.replace('/', ' ') }]),
  ];
}

export const versionText = (rows: readonly VersionRow[]): string =>
  rows.map(({ name, version }) => `${name}: ${version}`).join('\n');
