import { Problem } from '#shared/domain/problem.ts';
import type { Usage } from '#shared/domain/things.ts';
import type { Piece, Reader } from './dialect.ts';
import { type ProviderPart, ProviderRefusal } from './provider.ts';
import { brokeOff, empty, garbled } from './refusal.ts';
import { type EventStream, eventStream, MAX_EVENT } from './sse.ts';

const MAX_WARNINGS = 10;

/**
 * One answer out of the bytes of an HTTP body: a stream of events, or one piece of JSON, whichever comes. It keeps the
 * order of the vocabulary: nothing before `start`, exactly one last part. `start` waits for the first real piece, so
 * whatever goes wrong before it is thrown as a ProviderRefusal and may be asked for again.
 */
export class Answer {
  readonly #name: string;
  readonly #reader: Reader;
  readonly #events: EventStream;
  #parts: ProviderPart[] = [];
  #warnings: Piece[] = [];
  #usage: Usage | undefined;
  #form: 'events' | 'whole' | undefined;
  /** What came before the form was clear, and all of it when the answer is whole. */
  #bytes: Uint8Array[] = [];
  #length = 0;
  #started = false;
  #content = false;
  #done = false;
  #complete = false;

  constructor(name: string, reader: Reader) {
    this.#name = name;
    this.#reader = reader;
    this.#events = eventStream(name, (data, event) => {
      if (!this.#reader.ended) this.#reader.event(data, event, this.#give);
    });
  }

  /** The last part is among those taken, or waits to be. */
  get done(): boolean {
    return this.#done;
  }

  /** It is done and has a finish. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The provider has said why it finished; only figures can follow. */
  get finishing(): boolean {
    return this.#reader.finish !== undefined;
  }

  /** The parts since the last call. */
  take(): ProviderPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  push(bytes: Uint8Array): void {
    this.#attempt(() => {
      if (this.#form === 'events') this.#events.push(bytes);
      else this.#gather(bytes);
      if (this.#reader.ended) this.#close();
    });
  }

  /** The body is complete. */
  end(): void {
    this.#attempt(() => {
      if (this.#form === 'events') this.#tail();
      else if (this.#form === 'whole') this.#whole();
      this.#close();
    });
  }

  /** The connection broke. It is told under the provider's name, not under that of its address. */
  fail(error: unknown): void {
    this.#attempt(() => {
      const problem = Problem.of(error);
      const { code, next, cause } = problem;
      const message = `${this.#name} closed the connection in the middle of the answer.`;
      const told = code === 'PROVIDER_BROKE_OFF' ? new Problem(code, message, next, { cause }) : problem;
      throw new ProviderRefusal(told, true);
    });
  }

  readonly #give = (piece: Piece): void => {
    if (this.#started) {
      if (piece.type !== 'warning' || this.#warnings.push(piece) <= MAX_WARNINGS) this.#parts.push(piece);
      if (piece.type !== 'warning' && piece.type !== 'usage') this.#content = true;
      return;
    }
    // Figures and oddities alone are no beginning of an answer.
    if (piece.type === 'usage') this.#usage = { ...this.#usage, ...piece.usage };
    else if (piece.type === 'warning') {
      if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(piece);
    } else {
      this.#start();
      this.#content = true;
      this.#parts.push(piece);
    }
  };

  #start(): void {
    this.#started = true;
    this.#parts.push(this.#form === 'whole' ? { type: 'start', buffered: true } : { type: 'start' });
    this.#parts.push(...this.#warnings);
    if (this.#usage !== undefined) this.#parts.push({ type: 'usage', usage: this.#usage });
  }

  #attempt(step: () => void): void {
    if (this.#done) return;
    try {
      step();
    } catch (error) {
      // An answer whose finish has been told is whole, whatever happens to its figures.
      if (this.finishing) {
        this.#close();
        return;
      }
      this.#done = true;
      if (!this.#started) throw error;
      this.#parts.push({
        type: 'error',
        problem: error instanceof ProviderRefusal ? error.problem : Problem.of(error),
      });
    }
  }

  #close(): void {
    const { finish, ended } = this.#reader;
    if (finish === undefined && !this.#content) throw empty(this.#name);
    // A dialect's own end mark without a reason: the answer is whole, why is not known.
    if (finish === undefined && !ended) throw new ProviderRefusal(brokeOff(this.#name), true);
    if (!this.#started) this.#start();
    this.#parts.push({ type: 'finish', reason: finish ?? 'other' });
    this.#done = true;
    this.#complete = true;
  }

  /** The first byte that says something decides: content types are wrong too often. */
  #gather(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
    this.#length += bytes.length;
    if (this.#length > MAX_EVENT) throw garbled(this.#name, 'a single piece of more than 8 MB');
    if (this.#form === 'whole') return;
    const first = bytes.find(saysSomething);
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
      if (!(error instanceof ProviderRefusal) || error.problem.code !== 'PROVIDER_GARBLED') throw error;
      // A last event that is torn is an end in the middle, not an oddity of its own.
      throw new ProviderRefusal(brokeOff(this.#name), true);
    }
    if (!this.#events.alive) throw garbled(this.#name, 'something that is no event stream');
  }

  #whole(): void {
    let json: unknown;
    try {
      json = JSON.parse(Buffer.concat(this.#bytes).toString('utf8'));
    } catch {
      throw garbled(this.#name, 'broken JSON');
    }
    this.#reader.whole(json, this.#give);
  }
}

const LESS_THAN = 0x3c;
const BRACE = 0x7b;
const BRACKET = 0x5b;
/** Neither white space nor a byte of the byte order mark. */
const saysSomething = (byte: number) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;
