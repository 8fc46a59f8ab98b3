import glyphs from './glyphs.svg?raw';
import mark from './mark.svg?raw';
import signs from './signs.svg?raw';

/** Puts glyphs, signs and the mark into the page once; everything draws them by `<use>`. */
export function installSprite(page: Document): void {
  const holder = page.createElement('div');
  holder.className = 'sprite';
  holder.setAttribute('aria-hidden', 'true');
  for (const text of [glyphs, signs]) holder.append(page.importNode(drawing(text), true));
  holder.append(markSymbol(page));
  page.body.prepend(holder);
}

const drawing = (text: string) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;

function markSymbol(page: Document): Element {
  const source = drawing(mark);
  const space = 'http://www.w3.org/2000/svg';
  const symbol = page.createElementNS(space, 'symbol');
  symbol.id = 'mark';
  for (const name of ['viewBox', 'fill', 'stroke', 'stroke-linecap']) {
    const value = source.getAttribute(name);
    if (value !== null) symbol.setAttribute(name, value);
  }
  for (const child of source.children) symbol.append(page.importNode(child, true));
  const holder = page.createElementNS(space, 'svg');
  holder.append(symbol);
  return holder;
}
