/** What is looked at of a key that was pressed. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The computer in front of which one sits, which is not always the one where the engines run. */
export const onMac = (): boolean => /^(Mac|iP)/.test(navigator.platform);

/**
 * True when the keys of `combination` were pressed: modifiers and one key, joined by `+`. `Mod` is Command on a Mac and
 * Ctrl elsewhere. Letters are compared by where they lie when Alt is held, since Alt makes other letters of them, and on
 * keyboards that write another script; for signs such as `/` Shift is what the keyboard needs to write them.
 */
export function isPressed(combination: string, event: KeyPress, mac: boolean): boolean {
  const { key, modifiers } = parse(combination);
  const held = (name: string) => modifiers.includes(name);
  const [mod, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (mod !== held('Mod') || other || event.altKey !== held('Alt')) return false;
  if (!isSign(key) && event.shiftKey !== held('Shift')) return false;
  const byPlace = isLetter(key) && (held('Alt') || isOfAnotherScript(event.key));
  return byPlace ? event.code === `Key${key}` : event.key.toUpperCase() === key.toUpperCase();
}

const macNames: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const names: Record<string, string> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'Space',
  Escape: 'Esc',
};

/** As it is printed: `Ctrl K`, on a Mac `⌘K`. */
export function keyText(combination: string, mac: boolean): string {
  const { key, modifiers } = parse(combination);
  const named = [...modifiers, key].map((each) => (mac ? macNames[each] : undefined) ?? names[each] ?? each);
  return mac && named.every((each) => each.length === 1) ? named.join('') : named.join(' ');
}

function parse(combination: string) {
  // The key may be the plus itself.
  const modifiers = combination.split(/\+(?=.)/);
  const key = modifiers.pop() ?? '';
  return { key, modifiers };
}

const isLetter = (key: string) => /^[A-Z]$/.test(key);
const isOfAnotherScript = (key: string) => /^\p{L}$/u.test(key) && !/\p{Script=Latin}/u.test(key);
const isSign = (key: string) => key.length === 1 && !isLetter(key);
