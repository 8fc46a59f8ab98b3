import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import type { KeyState } from '#shared/domain/summary.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** One store per host. Ids are those of providers. Values never appear in logs, errors or on the wire. */
export interface SecretStore {
  /** Null: there is none. Rejects with PROVIDER_REFUSED when it is locked. */
  get(id: string): Promise<string | null>;
  state(id: string): KeyState;
  /** Where keys lie, for people. `sealed`: whoever reads the file does not have them yet. */
  describe(): { place: string; sealed: boolean; warning: Warning | null };
  set(id: string, value: string): Promise<void>;
  delete(id: string): Promise<void>;
  /** Deletes it; what is returned brings it back as it lay there, locked or not. */
  take(id: string): Promise<() => Promise<void>>;
}

interface Warning {
  message: string;
  next?: string;
}

/** What a host can seal texts with, such as the system's keychain, so that only this user on this computer opens them. */
export interface Sealer {
  /** As people know it, such as `GNOME Keyring`. */
  readonly name: string;
  /**
   * False: there is nothing to seal with until the next start; nothing new is sealed then, what is sealed is tried. The
   * first question may have the user asked to unlock it.
   */
  readonly sealed: boolean;
  readonly warning: Warning | null;
  /** Base64. Throws when it cannot. */
  seal(text: string): string;
  /** Throws when it was sealed by another one, for another user or on another computer. */
  open(sealed: string): string;
}

export interface SecretOptions {
  /** `secrets.json` in the data folder, mode 0600. */
  file: string;
  /** From the environment, by way of the configuration; these win and are never written to the file. */
  fixed: ReadonlyMap<string, string>;
  /** Hears of every value before anybody else can use it, so that the log can blot it out. */
  hide: (value: string) => void;
  /** The file could be read by others and was tightened. */
  tightened: (file: string) => void;
  /** Absent: this host has none, and keys lie in the file as they are. */
  sealer?: Sealer;
}

/** As it lies in the file. `by`: the name of the sealer. */
const Kept = z.union([z.string(), z.looseObject({ sealed: z.string(), by: z.string() })]);
type Kept = z.infer<typeof Kept>;

/** One key: how it lies in the file, and what it is; null when it is locked. */
interface Entry {
  kept: Kept;
  value: string | null;
}

/**
 * Throws a Problem when the file is damaged. What cannot be opened here is locked: it stays in the file as it is until
 * it is replaced or deleted. What lies there plain is sealed as soon as there is something to seal it with.
 */
export function secretStore(options: SecretOptions): SecretStore {
  const { file, fixed, sealer } = options;
  // What is pasted may have spaces or the end of a line around it, which are not sent.
  const hide = (value: string) => options.hide(value.trim());
  /** Called only when there is a key or somebody wants to know. */
  const sealing = () => (sealer?.sealed === true ? sealer : undefined);
  let entries = new Map([...read(options)].map(([id, kept]): [string, Entry] => [id, { kept, value: opened(kept) }]));
  for (const { value } of entries.values()) if (value !== null) hide(value);
  for (const value of fixed.values()) hide(value);

  function opened(kept: Kept): string | null {
    if (typeof kept === 'string') return kept;
    try {
      return sealer?.open(kept.sealed) ?? null;
    } catch {
      return null;
    }
  }
  const sealed = (value: string): Kept => {
    const by = sealing();
    if (by === undefined) return value;
    try {
      return { sealed: by.seal(value), by: by.name };
    } catch {
      // Whatever it says may quote the value.
      throw new Problem('STORAGE', `${by.name} did not seal the key.`, 'Unlock it, then try again.');
    }
  };
  const write = (next: Map<string, Entry>) => {
    const lines = [...next].map(([id, { kept }]) => [id, kept]);
    writePrivateFile(file, `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`);
    entries = next;
  };
  const plain = () => [...entries.values()].some(({ kept }) => typeof kept === 'string');
  const sealAll = (): Warning | null => {
    if (!plain() || sealing() === undefined) return null;
    const seal = ({ kept, value }: Entry) => ({ kept: typeof kept === 'string' ? sealed(kept) : kept, value });
    try {
      write(new Map([...entries].map(([id, entry]) => [id, seal(entry)])));
      return null;
    } catch (error) {
      const { message, next } = Problem.of(error);
      return { message: `Keys lie unsealed in ${file}: ${message}`, ...(next === undefined ? {} : { next }) };
    }
  };
  const unsealed = sealAll();
  const remove = (id: string) => {
    if (!entries.has(id)) return;
    const next = new Map(entries);
    next.delete(id);
    write(next);
  };

  return {
    async get(id) {
      const given = fixed.get(id) ?? entries.get(id)?.value;
      if (given === null) throw locked(id, entries.get(id)?.kept);
      return given ?? null;
    },
    state(id) {
      if (fixed.has(id)) return 'environment';
      const entry = entries.get(id);
      if (entry === undefined) return 'none';
      return entry.value === null ? 'locked' : 'stored';
    },
    describe: () => ({
      place: sealing()?.name ?? 'a file that only you can read',
      sealed: sealing() !== undefined && !plain(),
      warning: plain() && unsealed !== null ? unsealed : (sealer?.warning ?? null),
    }),
    async set(id, value) {
      hide(value);
      write(new Map(entries).set(id, { kept: sealed(value), value }));
    },
    async delete(id) {
      remove(id);
    },
    async take(id) {
      const entry = entries.get(id);
      remove(id);
      return async () => {
        if (entry !== undefined) write(new Map(entries).set(id, entry));
      };
    },
  };
}

function read({ file, tightened }: SecretOptions): Map<string, Kept> {
  const text = readPrivateFile(file, tightened);
  if (text === null) return new Map();
  try {
    return new Map(Object.entries(z.record(z.string(), Kept).parse(JSON.parse(text))));
  } catch {
    // What JSON.parse or zod would say may quote a secret.
    throw new Problem(
      'STORAGE',
      `The file with your providers' keys, ${file}, is damaged.`,
      'Move it away and start again, then enter the keys once more.',
    );
  }
}

function locked(id: string, kept: Kept | undefined): Problem {
  const by = typeof kept === 'object' ? ` by ${kept.by}` : '';
  return new Problem(
    'PROVIDER_REFUSED',
    `The key of the provider ${id} is locked here: it was sealed${by}.`,
    'Enter it again here, or use the desktop app.',
  );
}
