import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** One store per host. Ids are those of providers. Values never appear in logs, errors or on the wire. */
export interface SecretStore {
  /** Null: there is none. */
  get(id: string): Promise<string | null>;
  set(id: string, value: string): Promise<void>;
  delete(id: string): Promise<void>;
}

export interface FileSecretOptions {
  /** `secrets.json` in the data folder, mode 0600. */
  file: string;
  /** From the environment, by way of the configuration; these win and are never written to the file. */
  fixed: ReadonlyMap<string, string>;
  /** Hears of every value before anybody else can use it, so that the log can blot it out. */
  hide: (value: string) => void;
  /** The file could be read by others and was tightened. */
  tightened: (file: string) => void;
}

/** The store of a host without a keychain. Throws a Problem when the file is damaged. */
export function fileSecrets(options: FileSecretOptions): SecretStore {
  const { file, fixed, hide } = options;
  let kept = read(options);
  for (const value of [...kept.values(), ...fixed.values()]) hide(value);

  const write = (next: Map<string, string>) => {
    writePrivateFile(file, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`);
    kept = next;
  };

  return {
    async get(id) {
      return fixed.get(id) ?? kept.get(id) ?? null;
    },
    async set(id, value) {
      hide(value);
      write(new Map(kept).set(id, value));
    },
    async delete(id) {
      if (!kept.has(id)) return;
      const next = new Map(kept);
      next.delete(id);
      write(next);
    },
  };
}

const Secrets = z.record(z.string(), z.string());

function read({ file, tightened }: FileSecretOptions): Map<string, string> {
  const text = readPrivateFile(file, tightened);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(Secrets.parse(JSON.parse(text))));
  } catch {
    // What JSON.parse or zod would say may quote a secret.
    throw new Problem(
      'STORAGE',
      `The file with your providers' keys, ${file}, is damaged.`,
      'Move it away and start again, then enter the keys once more.',
    );
  }
}
