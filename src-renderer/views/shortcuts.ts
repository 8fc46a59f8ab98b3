import { arrowSteps } from '../ui/arrow-keys.ts';
import { isPressed, type KeyPress, keyText, onMac } from '../ui/keys.ts';

interface Shortcut {
  where: string;
  does: string;
  /** Any of these; see `isPressed` for how they are written. */
  keys: readonly string[];
  /** Work on the desktop only: a browser keeps them for itself. */
  desktop?: readonly string[];
}

const anywhere = 'Anywhere';
const conversation = 'In a conversation';
const timeline = 'In a timeline';
const form = 'In a form';
const list = 'In a list';

/** Every key that does something here. Whoever listens to keys asks this table, and the list of shortcuts shows it. */
export const shortcuts = {
  commands: { where: anywhere, does: 'Commands', keys: ['Mod+K'] },
  search: { where: anywhere, does: 'Search everything', keys: ['Mod+F'] },
  switch: { where: anywhere, does: 'Go to a session or specialist', keys: ['Mod+P'] },
  newConversation: { where: anywhere, does: 'New conversation', keys: ['Alt+N'], desktop: ['Mod+N'] },
  /** Only a desktop has windows, and its menu heeds it. */
  newWindow: { where: anywhere, does: 'New window', keys: [], desktop: ['Mod+Shift+N'] },
  nextSession: { where: conversation, does: 'Next session of the list', keys: ['Alt+ArrowDown'] },
  previousSession: { where: conversation, does: 'Previous session of the list', keys: ['Alt+ArrowUp'] },
  settings: { where: anywhere, does: 'Settings', keys: ['Mod+,'] },
  shortcuts: { where: anywhere, does: 'Shortcuts', keys: ['Mod+/', '?'] },
  send: { where: conversation, does: 'Send, or queue while an answer runs', keys: ['Enter'] },
  stop: { where: conversation, does: 'Stop the answer', keys: ['Escape'] },
  endComparison: { where: 'Side by side', does: 'Leave side by side', keys: ['Escape'] },
  line: { where: conversation, does: 'New line', keys: ['Shift+Enter'] },
  play: { where: timeline, does: 'Play or pause', keys: [' '] },
  fit: { where: timeline, does: 'Show all of it', keys: ['F'] },
  live: { where: timeline, does: 'Follow what runs', keys: ['L'] },
  closer: { where: timeline, does: 'Look closer', keys: ['+', '='] },
  farther: { where: timeline, does: 'Look from farther away', keys: ['-'] },
  panLeft: { where: timeline, does: 'Pan to the left', keys: ['Shift+ArrowLeft'] },
  panRight: { where: timeline, does: 'Pan to the right', keys: ['Shift+ArrowRight'] },
  walk: {
    where: timeline,
    does: 'Move among turns and messages',
    keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'],
  },
  inspect: { where: timeline, does: 'Open the inspector', keys: ['Enter'] },
  leaveTurn: { where: timeline, does: 'Close the inspector', keys: ['Escape'] },
  keep: { where: 'While editing', does: 'Keep the new words', keys: ['Enter'] },
  leave: { where: 'While editing', does: 'Leave the old words', keys: ['Escape'] },
  save: { where: form, does: 'Save', keys: ['Mod+S', 'Mod+Enter'] },
  move: { where: list, does: 'Move in the list', keys: Object.keys(arrowSteps) },
  rename: { where: list, does: 'Rename the session', keys: ['F2'] },
  actions: { where: list, does: 'What can be done with the session', keys: ['Shift+F10', 'ContextMenu'] },
  trash: { where: list, does: 'Move the session to the trash', keys: ['Delete'] },
} satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof shortcuts;

/** `?` and other keys that write something are left alone while one writes. */
export function pressed(event: KeyPress & { target: EventTarget | null }, name: ShortcutName, mac = onMac()): boolean {
  const { keys, desktop = [] }: Shortcut = shortcuts[name];
  return [...keys, ...desktop].some(
    (each) => isPressed(each, event, mac) && !(each.length === 1 && writesInto(event.target)),
  );
}

/** How its first key is printed. */
export const shortcutText = (name: ShortcutName): string => keyText(shortcuts[name].keys[0] ?? '', onMac());

/** All of them by the place where they work, with their keys as they are printed. */
export function shortcutsByPlace(desktop: boolean, mac = onMac()) {
  const places = new Map<string, { does: string; keys: string[] }[]>();
  for (const { where, does, keys, desktop: more = [] } of Object.values<Shortcut>(shortcuts)) {
    const shown = [...(desktop ? more : []), ...keys].map((each) => keyText(each, mac));
    if (shown.length === 0) continue;
    const rows = places.get(where) ?? [];
    rows.push({ does, keys: shown });
    places.set(where, rows);
  }
  return [...places].map(([where, rows]) => ({ where, rows }));
}

const WRITING = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]';

const writesInto = (target: EventTarget | null): boolean =>
  target !== null && (target as Element).closest?.(WRITING) != null;
