import { EventEmitter } from 'node:events';

/** For `implements`: a member that is there has to be as Electron has it. */
export type Members<T> = Partial<Omit<T, keyof NodeJS.EventEmitter>>;
export const missing = (what: string) => new Error(`The stand-in for Electron has no ${what}.`);

/**
 * The thing, but reading or setting a member that it lacks throws: what is missing can never pass for something that
 * did nothing. Pages get it as source, so nothing from around it stands within.
 */
export function strict<T extends object>(name: string, thing: T): T {
  const check = (key: string | symbol) => {
    if (typeof key === 'string' && key !== 'then' && !(key in thing))
      throw new Error(`The stand-in for Electron has no ${name}.${key}.`);
    return true;
  };
  return new Proxy(thing, {
    get(_, key) {
      const value = check(key) && Reflect.get(thing, key);
      return typeof value === 'function' ? value.bind(thing) : value;
    },
    set: (_, key, value) => check(key) && Reflect.set(thing, key, value),
  });
}

/** Throws for options that would have no effect. `names`: with a space between. */
export function known(what: string, options: object, names: string): void {
  for (const name of Object.keys(options)) if (!names.split(' ').includes(name)) throw missing(`${what} ${name}`);
}

/** Listening for an event that never comes throws. */
export class StrictEmitter extends EventEmitter {
  readonly #events: string;

  constructor(events: string) {
    super();
    this.#events = events;
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    known('event', { [event]: true }, this.#events);
    return super.on(event, listener as () => void);
  }

  /** True when no listener objects. */
  allows(event: string, details: object = {}): boolean {
    const wish = { ...details, refused: false, preventDefault: () => Object.assign(wish, { refused: true }) };
    this.emit(event, wish);
    return !wish.refused;
  }
}
