import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_FRAME } from '../contract/contract.ts';
import { encode, portions } from './frame.ts';
import * as messages from './messages.ts';
import { Written } from './written.ts';

class Item extends Written {
  readonly text: unknown;

  constructor(text: unknown) {
    super();
    this.text = text;
  }
}

/** Counts how often it is written. */
class Counted extends Item {
  written = 0;

  toJSON() {
    this.written += 1;
    return { text: this.text };
  }
}

it('an item that several followers get is written once', () => {
  const item = new Counted('Hello');
  const frames = Array.from({ length: 50 }, (_, id) => encode([messages.items(id, [item])])[0]);
  expect(item.written).toBe(1);
  expect(frames[7]).toBe('{"jsonrpc":"2.0","method":"stream.items","params":{"id":7,"items":[{"text":"Hello"}]}}');
});

it('whether items remember their JSON or not, the same is on the wire', () => {
  const item = fc.record({ text: fc.jsonValue(), remembers: fc.boolean() });
  const batches = fc.array(fc.record({ id: fc.oneof(fc.nat(), fc.string()), items: fc.array(item) }), { minLength: 1 });
  fc.assert(
    fc.property(batches, (batches) => {
      const made = batches.map(({ id, items }) => {
        const values = items.map(({ text, remembers }) => (remembers ? new Item(text) : { text }));
        return messages.items(id, values);
      });
      const expected = JSON.stringify(made.length === 1 ? made[0] : made);
      for (let times = 0; times < 3; times++) expect(encode(made)).toEqual([expected]);
    }),
  );
});

it('what is written already is measured as before: no frame is over the limit', () => {
  const half = new Item('ß'.repeat(MAX_FRAME / 5));
  const large = new Item('x'.repeat(MAX_FRAME));
  for (let times = 0; times < 3; times++) {
    expect(portions([half, half, half]).groups.map((group) => group.length)).toEqual([2, 1]);
    expect(portions([half, large, half])).toEqual({ groups: [[half]], ok: false });
    for (const each of encode([messages.items(1, [half, half]), messages.items(2, [half])]))
      expect(Buffer.byteLength(each)).toBeLessThanOrEqual(MAX_FRAME);
  }
});
