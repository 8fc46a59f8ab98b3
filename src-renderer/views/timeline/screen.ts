import type { Lane } from '../../state/timeline/lanes.ts';
import { type Palette, paletteOf } from './colours.ts';
import { type Measures, measuresFor, type Placed, placed, RATE, RULER } from './layout.ts';
import { type At, itemAt } from './move.ts';
import { nameOf } from './names.ts';
import { Overlay } from './overlay.ts';
import { paint } from './paint/paint.ts';
import { boxOf, hitAt, inSight, type Scene } from './scene.ts';
import { type Span, xOf } from './span.ts';
import type { Drawn, Stage } from './stage.ts';
import { elapsed } from './ticks.ts';

/** The elements that a timeline is drawn in. */
export interface Parts {
  area: HTMLElement;
  canvas: HTMLCanvasElement;
  /** Scrolls where there are more lanes than there is room for. */
  lanes: HTMLElement;
  buttons: HTMLElement;
  head: HTMLElement;
  flag: HTMLElement;
  clock: HTMLElement;
}

export interface Outside {
  colourOf(lane: Lane): string | undefined;
  /** So wide is the column with the names of the lanes. */
  label: number;
}

/** The flag of the playhead stands to the left of it, where there is room. */
const FLAG_PX = 64;
const wall = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Draws a stage: on a canvas, with a button over each bar and mark. Once per frame, and none while nothing changes. */
export class Screen implements Drawn {
  readonly #stage: Stage;
  readonly #parts: Parts;
  readonly #outside: Outside;
  readonly #overlay: Overlay;
  readonly #canvas: CanvasRenderingContext2D | null;
  readonly #leave: () => void;
  #palette: Palette;
  #measures: Measures = measuresFor(48);
  /** Where the overlay begins. */
  #anchor: Span;
  #height = 0;
  #scrolled = 0;
  #asked = 0;
  #version = -1;

  constructor(stage: Stage, parts: Parts, outside: Outside) {
    this.#stage = stage;
    this.#parts = parts;
    this.#outside = outside;
    this.#anchor = stage.span;
    this.#canvas = parts.canvas.getContext('2d');
    const { timeline } = stage;
    this.#overlay = new Overlay(parts.buttons, (item) => nameOf(timeline, item, timeline.axis.time(stage.now())));
    this.#palette = paletteOf(parts.area);
    this.recolour();
    const detach = stage.attach(this);
    const sized = new ResizeObserver(this.#resize);
    sized.observe(parts.area);
    sized.observe(parts.lanes);
    const scrolled = () => {
      this.#scrolled = parts.lanes.scrollTop;
      this.draw();
    };
    parts.lanes.addEventListener('scroll', scrolled, { passive: true });
    this.#leave = () => {
      detach();
      sized.disconnect();
      parts.lanes.removeEventListener('scroll', scrolled);
      parts.buttons.replaceChildren();
      cancelAnimationFrame(this.#asked);
    };
    this.#resize();
  }

  leave(): void {
    this.#leave();
  }

  /** After the theme or the density has changed. */
  recolour(): void {
    this.#palette = paletteOf(this.#parts.area);
    const lane = Number.parseFloat(getComputedStyle(this.#parts.area).getPropertyValue('--lane'));
    this.#measures = measuresFor(Number.isFinite(lane) ? lane : 48);
    this.draw();
  }

  draw(): void {
    if (this.#asked === 0) this.#asked = requestAnimationFrame(this.#frame);
  }

  focus(at: At): void {
    this.#scrollTo(at.lane);
    this.#frame(performance.now());
    this.#overlay.focus(at);
  }

  /** The nearest bar or mark to a point of the area, not farther than one can miss it. */
  hit(x: number, y: number): At | null {
    const below = y - RULER;
    return below < 0 || below > this.#height ? null : hitAt(this.#scene(), x, below + this.#scrolled);
  }

  readonly #frame = (at: number) => {
    this.#stage.advance(at);
    // What moved asked for another frame: this one.
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    const whole = this.#paint();
    if (!whole || this.#stage.moves) this.draw();
  };

  /** False: some of the buttons follow with the next frame. */
  #paint(): boolean {
    const { span, timeline, onPath, store } = this.#stage;
    if (this.#canvas === null || span.width <= 0) return true;
    const { head, replay } = store.getState();
    const scene = this.#scene();
    paint(this.#canvas, {
      ...scene,
      height: this.#height,
      scrolled: this.#scrolled,
      head: head ?? scene.now,
      until: replay ? head : null,
      faint: onPath,
      colourOf: this.#outside.colourOf,
      palette: this.#palette,
    });
    this.#placeHead(head ?? scene.now);
    write(this.#parts.clock, wall.format(timeline.line.wall(timeline.axis.time(Math.max(0, span.from)))));
    return this.#placeButtons(scene);
  }

  #placeHead(place: number): void {
    const { span, timeline } = this.#stage;
    const { head, flag } = this.#parts;
    const x = xOf(span, place);
    head.hidden = x < -1 || x > span.width + 1;
    if (head.hidden) return;
    head.style.transform = `translateX(${x.toFixed(2)}px)`;
    write(flag, elapsed(timeline.axis.time(place) - timeline.start, 1));
    flag.dataset.side = x < FLAG_PX ? 'right' : 'left';
  }

  #placeButtons(scene: Scene): boolean {
    const { span, timeline, active, selectedAt } = this.#stage;
    const { lanes } = timeline;
    // While only the place in sight changes, what is shown keeps its place beside the others.
    if (this.#anchor.perPx !== span.perPx) this.#anchor = span;
    this.#overlay.move((this.#anchor.from - span.from) / span.perPx);
    const seen = inSight(scene);
    for (const wanted of [active, selectedAt])
      if (wanted !== null && !seen.some(({ lane, index }) => lane === wanted.lane && index === wanted.index))
        seen.push(wanted);
    const shown = seen.map((at) => ({ at, place: boxOf(scene, at, this.#anchor) }));
    const whole = this.#overlay.show(lanes, shown, active, itemAt(lanes, selectedAt));
    if (this.#version !== timeline.version) this.#overlay.rename();
    this.#version = timeline.version;
    return whole;
  }

  #scene(): Scene {
    const { timeline, span } = this.#stage;
    return { timeline, measures: this.#measures, lanes: this.#lanes(), span, now: this.#stage.now() };
  }

  #lanes = (): Placed[] => placed(this.#stage.timeline.lanes, this.#measures);

  #scrollTo(lane: number): void {
    const at = this.#lanes()[lane];
    const { lanes } = this.#parts;
    if (at === undefined) return;
    if (at.top < lanes.scrollTop) lanes.scrollTop = at.top;
    else if (at.top + at.height > lanes.scrollTop + lanes.clientHeight)
      lanes.scrollTop = at.top + at.height - lanes.clientHeight;
  }

  readonly #resize = () => {
    const { area, lanes, canvas } = this.#parts;
    const width = area.clientWidth - this.#outside.label;
    this.#height = lanes.clientHeight;
    const height = RULER + this.#height + RATE;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    this.#canvas?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#stage.resize(width);
    this.#frame(performance.now());
  };
}

/** The same words again would be laid out again. */
function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
