import { createStore, type StoreApi } from 'zustand/vanilla';
import { Target } from '#shared/domain/things.ts';
import type { KeyValue } from './storage.ts';

export const themes = ['system', 'light', 'dark'] as const;
export const densities = ['comfortable', 'compact'] as const;

/** How this client likes to look; kept here, not at the server. */
export interface Preferences {
  theme: (typeof themes)[number];
  density: (typeof densities)[number];
  /** The panel beside the conversation. */
  panel: boolean;
  /** Whom the last message was for. */
  target: Target | undefined;
}

/** Theme and density are read under these names by `public/theme.js`, too, before the first paint. */
const KEYS = {
  theme: 'choragus.theme',
  density: 'choragus.density',
  panel: 'choragus.panel',
  target: 'choragus.target',
};

export function preferencesIn(storage: KeyValue): StoreApi<Preferences> {
  const one = <T extends string>(values: readonly T[], key: string): T =>
    values.find((value) => value === storage.get(key)) ?? (values[0] as T);
  const store = createStore<Preferences>(() => ({
    theme: one(themes, KEYS.theme),
    density: one(densities, KEYS.density),
    panel: storage.get(KEYS.panel) !== 'no',
    target: readTarget(storage.get(KEYS.target)),
  }));
  store.subscribe(({ theme, density, panel, target }) => {
    storage.set(KEYS.theme, theme);
    storage.set(KEYS.density, density);
    storage.set(KEYS.panel, panel ? 'yes' : 'no');
    if (target !== undefined) storage.set(KEYS.target, JSON.stringify(target));
  });
  return store;
}

function readTarget(json: string | null): Target | undefined {
  try {
    return Target.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
