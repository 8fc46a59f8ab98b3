import { createStore, type StoreApi } from 'zustand/vanilla';
import { Target } from '#shared/domain/things.ts';
import type { KeyValue } from './storage.ts';

/** What can be chosen about how it looks; the first is what it is without a choice. */
export const appearances = {
  theme: ['system', 'light', 'dark'],
  text: ['normal', 'small', 'large', 'largest'],
  width: ['normal', 'narrow', 'wide'],
  density: ['comfortable', 'compact'],
} as const;

export type Appearance = { [Name in keyof typeof appearances]: (typeof appearances)[Name][number] };
export type AppearanceName = keyof Appearance;
export const appearanceNames = Object.keys(appearances) as AppearanceName[];

/** How this client likes it; kept here, not at the server. */
export interface Preferences extends Appearance {
  /** The panel beside the conversation. */
  panel: boolean;
  /** Whom the last message was for. */
  target: Target | undefined;
}

/** `public/theme.js` reads the appearance under these names, too, before the first paint. */
const keyOf = (name: keyof Preferences) => `choragus.${name}`;

export function preferencesIn(storage: KeyValue): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => ({
    ...readAppearance(storage),
    panel: storage.get(keyOf('panel')) !== 'no',
    target: readTarget(storage.get(keyOf('target'))),
  }));
  store.subscribe((preferences, before) => {
    // Only what is another one now: what another window has just chosen must not be overwritten by what was before.
    const keep = (name: keyof Preferences, value: string) => {
      if (preferences[name] !== before[name] && storage.get(keyOf(name)) !== value) storage.set(keyOf(name), value);
    };
    for (const name of appearanceNames) keep(name, preferences[name]);
    keep('panel', preferences.panel ? 'yes' : 'no');
    if (preferences.target !== undefined) keep('target', JSON.stringify(preferences.target));
  });
  return store;
}

/** As it is kept, also by another window of this client. */
export function readAppearance(storage: KeyValue): Appearance {
  const one = <T extends string>(name: AppearanceName, values: readonly [T, ...T[]]): T =>
    values.find((value) => value === storage.get(keyOf(name))) ?? values[0];
  return {
    theme: one('theme', appearances.theme),
    text: one('text', appearances.text),
    width: one('width', appearances.width),
    density: one('density', appearances.density),
  };
}

/** Tells the style sheets, which know each choice as an attribute of the page. */
export function applyAppearance(dataset: DOMStringMap, preferences: Appearance): void {
  for (const name of appearanceNames) dataset[name] = preferences[name];
}

function readTarget(json: string | null): Target | undefined {
  try {
    return Target.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
