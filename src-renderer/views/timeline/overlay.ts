import type { Item, Lane } from '../../state/timeline/lanes.ts';
import { type At, itemAt } from './move.ts';

/** Where a bar or mark lies, in pixels from the anchor of the overlay and from the top of the lanes. */
export interface Place {
  x: number;
  y: number;
  wide: number;
  high: number;
}

export interface Shown {
  at: At;
  place: Place;
}

interface Button {
  readonly element: HTMLButtonElement;
  readonly item: Item;
  /** What was set last, so that nothing is set twice. */
  place: Place;
  stop: boolean | null;
  selected: boolean | null;
  name: string;
  /** The round in which it was shown last. */
  round: number;
}

const nowhere: Place = { x: Number.NaN, y: 0, wide: 0, high: 0 };
const INDEXES = 2 ** 32;
/** So many are made in a frame; the rest follow in the next ones. */
const MOST_NEW = 24;

/**
 * A button over each bar and mark: what the keyboard moves among and a screen reader names. They are kept by hand, and
 * all of them move as one while only the place in sight changes, since a pan moves them with every frame.
 */
export class Overlay {
  readonly #place: HTMLElement;
  readonly #buttons = new Map<number, Button>();
  readonly #nameOf: (item: Item) => string;
  #round = 0;
  #moved = 0;

  constructor(place: HTMLElement, nameOf: (item: Item) => string) {
    this.#place = place;
    this.#nameOf = nameOf;
  }

  /** So far all of them are moved to the right, in pixels. */
  move(px: number): void {
    if (px === this.#moved) return;
    this.#moved = px;
    this.#place.style.transform = `translateX(${px.toFixed(2)}px)`;
  }

  /**
   * Shows these and no others. `active` is the one stop of the tab order, `selected` the one with the ring. False: some
   * are left for the next frame.
   */
  show(lanes: readonly Lane[], shown: readonly Shown[], active: At | null, selected: Item | undefined): boolean {
    this.#round++;
    let made = 0;
    let whole = true;
    for (const { at, place } of shown) {
      const item = itemAt(lanes, at);
      if (item === undefined) continue;
      const stop = at.lane === active?.lane && at.index === active.index;
      let button = this.#buttons.get(keyOf(at));
      if (button === undefined) {
        // What the keyboard is at is there at once.
        if (++made > MOST_NEW && !stop && item !== selected) {
          whole = false;
          continue;
        }
        button = this.#make(at, item);
      }
      button.round = this.#round;
      put(button, place);
      mark(button, stop, item === selected);
      // Only what still runs changes its name by itself.
      if (button.name === '' || (item.kind === 'turn' && item.end === null)) this.#name(button);
    }
    for (const [key, { element, round }] of this.#buttons) {
      if (round === this.#round) continue;
      element.remove();
      this.#buttons.delete(key);
    }
    return whole;
  }

  focus(at: At): void {
    this.#buttons.get(keyOf(at))?.element.focus({ preventScroll: true });
  }

  /** After something has happened: a turn may have ended. */
  rename(): void {
    for (const button of this.#buttons.values()) this.#name(button);
  }

  static at(target: EventTarget | null): At | undefined {
    const { lane, index } = (target as HTMLElement | null)?.dataset ?? {};
    return lane === undefined || index === undefined ? undefined : { lane: Number(lane), index: Number(index) };
  }

  #make(at: At, item: Item): Button {
    const element = this.#place.ownerDocument.createElement('button');
    element.type = 'button';
    element.dataset.lane = String(at.lane);
    element.dataset.index = String(at.index);
    element.className = item.kind === 'turn' ? 'tl-bar' : 'tl-mark';
    if (item.kind === 'turn') element.dataset.turn = item.turn;
    const button = { element, item, place: nowhere, stop: null, selected: null, name: '', round: 0 };
    this.#buttons.set(keyOf(at), button);
    this.#place.append(element);
    return button;
  }

  #name(button: Button): void {
    const name = this.#nameOf(button.item);
    if (name === button.name) return;
    button.name = name;
    button.element.setAttribute('aria-label', name);
  }
}

const keyOf = ({ lane, index }: At) => lane * INDEXES + index;

function put(button: Button, place: Place): void {
  const { place: before } = button;
  const { style } = button.element;
  if (Math.abs(place.x - before.x) < 0.01 && place.y === before.y && Math.abs(place.wide - before.wide) < 0.01) return;
  style.transform = `translate(${place.x.toFixed(2)}px, ${place.y}px)`;
  if (place.wide !== before.wide) style.width = `${place.wide.toFixed(2)}px`;
  if (place.high !== before.high) style.height = `${place.high}px`;
  button.place = place;
}

function mark(button: Button, stop: boolean, selected: boolean): void {
  if (stop !== button.stop) button.element.tabIndex = stop ? 0 : -1;
  if (selected !== button.selected) button.element.setAttribute('aria-pressed', String(selected));
  button.stop = stop;
  button.selected = selected;
}
