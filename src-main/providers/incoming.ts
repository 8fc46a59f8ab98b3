import { ProviderRefusal } from './provider.ts';
import { brokeOff, garbled } from './refusal.ts';
import { type EventStream, MAX_EVENT } from './sse.ts';

/**
 * The bytes of one answer as they come: a stream of events, or one piece of JSON, whichever it is. The first byte that
 * says something decides, since content types are wrong too often. Throws a ProviderRefusal for what is neither.
 */
export class Incoming {
  readonly #name: string;
  readonly #events: EventStream;
  #form: 'events' | 'whole' | undefined;
  /** What came before the form was clear, and all of it when the answer is whole. */
  #bytes: Uint8Array[] = [];
  #length = 0;

  constructor(name: string, events: EventStream) {
    this.#name = name;
    this.#events = events;
  }

  /** Undefined until something has been said. */
  get form(): 'events' | 'whole' | undefined {
    return this.#form;
  }

  push(bytes: Uint8Array): void {
    if (this.#form === 'events') this.#events.push(bytes);
    else this.#gather(bytes);
  }

  /** The body is complete. Gives what was told in one piece, undefined when it was told in events or not at all. */
  end(): { json: unknown } | undefined {
    if (this.#form === 'events') this.#tail();
    return this.#form === 'whole' ? { json: this.#whole() } : undefined;
  }

  #gather(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
    this.#length += bytes.length;
    if (this.#length > MAX_EVENT) throw garbled(this.#name, 'a single piece of more than 8 MB');
    if (this.#form === 'whole') return;
    const first = this.#events.binary && this.#bytes[0]?.[0] === 0 ? 0 : bytes.find(saysSomething);
    if (first === undefined) return;
    if (first === LESS_THAN) throw garbled(this.#name, 'a web page (HTML) instead of an answer');
    this.#form = first === BRACE || first === BRACKET ? 'whole' : 'events';
    if (this.#form === 'whole') return;
    const gathered = this.#bytes;
    this.#bytes = [];
    for (const each of gathered) this.#events.push(each);
  }

  #tail(): void {
    try {
      this.#events.end();
    } catch (error) {
      const garbage = error instanceof ProviderRefusal && error.problem.code === 'PROVIDER_GARBLED';
      if (!garbage || !this.#events.alive) throw error;
      // A last event that is torn is an end in the middle, not an oddity of its own.
      throw new ProviderRefusal(brokeOff(this.#name), true);
    }
    if (!this.#events.alive) throw garbled(this.#name, 'something that is no event stream');
  }

  #whole(): unknown {
    try {
      return JSON.parse(Buffer.concat(this.#bytes).toString('utf8'));
    } catch {
      throw garbled(this.#name, 'broken JSON');
    }
  }
}

const LESS_THAN = 0x3c;
const BRACE = 0x7b;
const BRACKET = 0x5b;
/** Neither white space nor a byte of the byte order mark. */
const saysSomething = (byte: number) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;
