import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderRefusal } from './provider.ts';
import { eventStream, MAX_EVENT } from './sse.ts';

function read(pieces: Iterable<Uint8Array | string>) {
  const events: [string, string | undefined][] = [];
  const stream = eventStream('Test Service', (data, event) => events.push([data, event]));
  for (const piece of pieces) stream.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  stream.end();
  return { events, alive: stream.alive };
}

describe('server-sent events', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('reads lines that end in %s', (_, end) => {
    const text = ['event: a', 'data: one', 'data: two', '', ': a comment', 'data: three', '', ''].join(end);
    const expected = [
      ['one\ntwo', 'a'],
      ['three', undefined],
    ];
    expect(read([text]).events).toEqual(expected);
    expect(read([...text]).events).toEqual(expected);
  });

  it('passes over a byte order mark, comments, ids and unknown fields', () => {
    const text = '\uFEFF: hello\nid: 7\nretry: 100\nnonsense\nother: field\ndata:no space\n\n';
    expect(read([text]).events).toEqual([['no space', undefined]]);
  });

  it('reads a last event whose closing blank line is missing', () => {
    expect(read(['data: one\n\ndata: two']).events.map(([data]) => data)).toEqual(['one', 'two']);
    expect(read(['data: one\n\ndata: two\n']).events.map(([data]) => data)).toEqual(['one', 'two']);
  });

  it('puts characters together that were split between pieces', () => {
    const bytes = Buffer.from('data: Grüße 你好 🙂\n\n');
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte))).events).toEqual([['Grüße 你好 🙂', undefined]]);
  });

  it('tells an event stream from anything else', () => {
    expect(read(['Hello there\n\n']).alive).toBe(false);
    expect(read([': only a comment\n\n']).alive).toBe(true);
    expect(read(['data: x\n\n']).alive).toBe(true);
  });

  it('refuses one line that is too long, in one piece or in many', () => {
    expect(() => read([`data: ${'x'.repeat(MAX_EVENT)}`])).toThrow(ProviderRefusal);
    const stream = eventStream('Test Service', () => {});
    const piece = Buffer.from(`data: ${'x'.repeat(1024 * 1024)}`);
    for (let count = 0; count < 7; count++) stream.push(piece);
    expect(() => stream.push(piece)).toThrow('Test Service sent a single event or line of more than 8 MB.');
  });

  it('lets any number of events through, as long as each is short', () => {
    let count = 0;
    const stream = eventStream('Test Service', () => count++);
    const piece = Buffer.from(`data: ${'x'.repeat(1000)}\n\n`.repeat(1000));
    for (let round = 0; round < 20; round++) stream.push(piece);
    expect(count).toBe(20_000);
  });

  it('gives the same events however the bytes are split', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
      fc.constantFrom('', '', ': comment', 'event: name', 'junk', 'data'),
    );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end)), fc.array(fc.nat(400)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((each) => each.join('')).join(''));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        expect(read(pieces)).toEqual(read([bytes]));
      }),
    );
  });
});
