import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KeyValue } from './storage.ts';

/** Fields of a form that differ from what is saved, as they were typed. */
export type Fields = Readonly<Record<string, string>>;

const Stored = z.record(z.string(), z.string());
const PREFIX = 'choragus.unsaved.';
const NONE: Fields = {};
/** What stands in this field stays in the memory of the page and goes with it. */
const SECRET = 'key';

/** What was typed into forms and not saved yet; it outlives another view and a reload. */
export class Unsaved {
  readonly store: StoreApi<Readonly<Record<string, Fields>>>;
  readonly #storage: KeyValue;

  constructor(storage: KeyValue) {
    this.#storage = storage;
    const found: Record<string, Fields> = {};
    for (const key of storage.keys(PREFIX)) {
      const fields = parse(storage.get(key));
      if (fields !== undefined) found[key.slice(PREFIX.length)] = fields;
    }
    this.store = createStore(() => found);
  }

  get(form: string): Fields {
    return unsavedIn(this.store.getState(), form);
  }

  /** `undefined`: the field is as it is saved. */
  write(form: string, change: Readonly<Record<string, string | undefined>>): void {
    const fields: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...this.get(form), ...change }))
      if (value !== undefined) fields[name] = value;
    this.#put(form, fields);
  }

  /** These have been saved: who typed on meanwhile keeps what is newer. */
  saved(form: string, sent: Fields): void {
    this.#put(form, Object.fromEntries(Object.entries(this.get(form)).filter(([name, value]) => sent[name] !== value)));
  }

  clear(form: string): void {
    this.#put(form, NONE);
  }

  #put(form: string, fields: Fields): void {
    const { [SECRET]: _, ...kept } = fields;
    if (Object.keys(kept).length === 0) this.#storage.remove(PREFIX + form);
    else this.#storage.set(PREFIX + form, JSON.stringify(kept));
    const { [form]: __, ...rest } = this.store.getState();
    this.store.setState(Object.keys(fields).length === 0 ? rest : { ...rest, [form]: fields }, true);
  }
}

export const unsavedIn = (all: Readonly<Record<string, Fields>>, form: string): Fields => all[form] ?? NONE;

function parse(json: string | null): Fields | undefined {
  try {
    return Stored.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
