import { looks } from '#shared/domain/things.ts';

/** What somebody's bars are drawn in. */
export interface Ink {
  line: string;
  full: string;
  wash: string;
}

export interface Palette {
  /** By the name of a look's colour; undefined: a plain model. */
  of(colour: string | undefined): Ink;
  text: string;
  text3: string;
  hair: string;
  warn: string;
  error: string;
  surface: string;
  sunken: string;
  font: string;
}

/** The tokens of the theme of now, as a canvas knows colours. */
export function paletteOf(place: HTMLElement): Palette {
  const probe = place.ownerDocument.createElement('i');
  probe.hidden = true;
  place.append(probe);
  const style = getComputedStyle(probe);
  const read = (value: string) => {
    probe.style.color = value;
    return style.color;
  };
  const inks = new Map<string | undefined, Ink>();
  for (const look of looks) {
    probe.dataset.sp = look;
    inks.set(look, { line: read('var(--sp-line)'), full: read('var(--sp)'), wash: read('var(--sp-wash)') });
  }
  delete probe.dataset.sp;
  inks.set(undefined, { line: read('var(--line-control)'), full: read('var(--text-3)'), wash: read('var(--hover)') });
  const plain = inks.get(undefined)!;
  const palette: Palette = {
    of: (colour) => inks.get(colour) ?? plain,
    text: read('var(--text-2)'),
    text3: read('var(--text-3)'),
    hair: read('var(--line-hair)'),
    warn: read('var(--warn)'),
    error: read('var(--error)'),
    surface: read('var(--surface-1)'),
    sunken: read('var(--surface-sunken)'),
    font: `${style.getPropertyValue('--t-12') || '12px'} ${style.fontFamily}`,
  };
  probe.remove();
  return palette;
}
