import type { Piece } from './dialect.ts';
import { garbled } from './refusal.ts';
import { MAX_EVENT } from './sse.ts';

/** Puts tool calls together from their pieces and gives each as a whole, in order. */
export class ToolCalls {
  readonly #name: string;
  readonly #open = new Map<number, { id: string; name: string; input: string }>();
  #length = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** A new call, or more of the one with this index. */
  add(index: number, piece: { id: string; name: string; input: string }): void {
    const call = this.#open.get(index);
    if (call === undefined) {
      this.#grow(100 + piece.name.length + piece.input.length);
      this.#open.set(index, { ...piece });
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

  finish(give: (piece: Piece) => void): void {
    for (const call of this.#open.values()) give({ type: 'tool-call', ...call, input: call.input || '{}' });
    this.#open.clear();
  }

  #grow(length: number): void {
    this.#length += length;
    if (this.#length > MAX_EVENT) throw garbled(this.#name, 'tool calls of more than 8 MB');
  }
}
