import { isRecord } from '../kit/record.ts';
import { type Id, itemsText } from './messages.ts';

/** An item that nobody changes: it remembers its JSON, so that it is written once however many followers get it. */
export class Written {
  #json: string | undefined;

  get json(): string {
    this.#json ??= JSON.stringify(this);
    return this.#json;
  }
}

interface Items {
  id: Id;
  items: Written[];
}

/** A message as JSON. */
export function textOf(message: unknown): string {
  const found = itemsOf(message);
  return found === undefined ? JSON.stringify(message) : itemsText(found.id, found.items.map(jsonOf));
}

/** Where all of them remember their JSON. */
function itemsOf(message: unknown): Items | undefined {
  if (!isRecord(message) || message.method !== 'stream.items' || !isRecord(message.params)) return undefined;
  const { id, items } = message.params;
  return Array.isArray(items) && items.every(isWritten) ? { id: id as Id, items } : undefined;
}

const isWritten = (item: unknown): item is Written => item instanceof Written;
const jsonOf = ({ json }: Written) => json;
