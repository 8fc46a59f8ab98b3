import type { Piece } from './dialect.ts';
import { garbled } from './refusal.ts';
import { MAX_EVENT } from './sse.ts';

interface Call {
  id: string;
  name: string;
  input: string;
}

/** Puts tool calls together from their pieces and gives each as a whole, in order. */
export class ToolCalls {
  readonly #name: string;
  #calls: Call[] = [];
  readonly #open = new Map<number, Call>();
  #length = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** A new call, or more of the one with this index. */
  add(index: number, piece: Call): void {
    const call = this.#open.get(index);
    // Some servers give every call the same index.
    if (call === undefined || (piece.id !== '' && call.id !== '' && piece.id !== call.id)) {
      this.#grow(100 + piece.name.length + piece.input.length);
      const added = { ...piece };
      this.#open.set(index, added);
      this.#calls.push(added);
      return;
    }
    // Some servers repeat the name with every piece, none sends it in pieces.
    call.id ||= piece.id;
    call.name ||= piece.name;
    this.continue(index, piece.input);
  }

  /** More input; of a call that was not begun nothing is known and nothing kept. */
  continue(index: number, input: string): void {
    const call = this.#open.get(index);
    if (call === undefined) return;
    this.#grow(input.length);
    call.input += input;
  }

  /** What a call gives is told with its id, so each has one, even where the server gives none. */
  finish(give: (piece: Piece) => void): void {
    this.#calls.forEach(({ id, name, input }, place) => {
      give({ type: 'tool-call', id: id || `call_${place}`, name, input: input || '{}' });
    });
    this.#calls = [];
    this.#open.clear();
  }

  #grow(length: number): void {
    this.#length += length;
    if (this.#length > MAX_EVENT) throw garbled(this.#name, 'tool calls of more than 8 MB');
  }
}
