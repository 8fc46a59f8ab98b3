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

  /** What was typed into one form stands in another one, in front of what stands there already. */
  move(from: string, to: string): void {
    const fields = this.get(from);
    this.clear(from);
    if (Object.keys(fields).length > 0) this.write(to, fields);
  }

  /** Keys that were typed into this form, or into one below it (`form/…`), are in no memory any more. */
  forgetKeys(form: string): void {
    for (const [name, fields] of Object.entries(this.store.getState()))
      if ((name === form || name.startsWith(`${form}/`)) && SECRET in fields) this.write(name, { [SECRET]: undefined });
  }

  /** Another window may have typed into the same form: what it has written there stays when this one has nothing. */
  #put(form: string, fields: Fields): void {
    const kept = textOf(fields);
    const stored = PREFIX + form;
    if (kept !== undefined) this.#storage.set(stored, kept);
    else if (this.#storage.get(stored) === textOf(this.get(form))) this.#storage.remove(stored);
    const { [form]: _, ...rest } = this.store.getState();
    this.store.setState(Object.keys(fields).length === 0 ? rest : { ...rest, [form]: fields }, true);
  }
}

/** As it is written down; undefined when there is nothing to write down. */
function textOf({ [SECRET]: _, ...kept }: Fields): string | undefined {
  return Object.keys(kept).length === 0 ? undefined : JSON.stringify(kept);
}

export const unsavedIn = (all: Readonly<Record<string, Fields>>, form: string): Fields => all[form] ?? NONE;

function parse(json: string | null): Fields | undefined {
  try {
    return Stored.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
