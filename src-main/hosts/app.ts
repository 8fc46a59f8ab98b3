import { readFile } from 'node:fs/promises';
import { calls } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { App } from '../api/app.ts';
import type { SecretStore } from '../config/secrets.ts';
import { folderBytes } from './data-folder.ts';

export interface HostAppOptions {
  dataDir: string;
  configFile: string;
  version: string;
  versions: Record<string, string>;
  licencesFile: string;
  openDataFolder?: (folder: string) => Promise<void>;
}

/** What this host tells of itself. */
export function hostApp(options: HostAppOptions, secrets: Pick<SecretStore, 'describe'>): App {
  const { dataDir, configFile, version, versions, licencesFile, openDataFolder } = options;
  return {
    info: async () => ({
      version,
      platform: `${process.platform} ${process.arch}`,
      versions,
      data: { folder: dataDir, bytes: await folderBytes(dataDir), config: configFile },
      secrets: secrets.describe(),
    }),
    licences: async () => {
      const text = await readFile(licencesFile, 'utf8').catch((cause: unknown) => {
        throw new Problem(
          'NOT_FOUND',
          `The list of licences, ${licencesFile}, cannot be read.`,
          'It is made by the build: run npm run build.',
          { cause },
        );
      });
      return calls['app.licences'].result.parse({ licences: JSON.parse(text) });
    },
    openDataFolder: async () => {
      if (openDataFolder === undefined)
        throw new Problem('UNSUPPORTED', 'Only the desktop app can open folders.', `Open ${dataDir} yourself.`);
      await openDataFolder(dataDir);
    },
  };
}
