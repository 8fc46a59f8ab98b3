import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionFile } from './format.ts';
import { richEvents } from './testing/rich-session.ts';
import { committed, eventsIn, folded, parsed, textOf } from './testing/text-of.ts';
import { Wrong } from './wrong.ts';

const events = committed('one', richEvents());
const text = textOf(events);

function wrongIn(change: (file: SessionFile & Record<string, unknown>) => unknown): string | undefined {
  const file = parsed(text) as SessionFile & Record<string, unknown>;
  const changed = change(file);
  try {
    eventsIn(typeof changed === 'string' ? changed : JSON.stringify(file));
  } catch (error) {
    if (error instanceof Wrong) return error.in('file.json').message;
    throw error;
  }
  return undefined;
}

describe('a file that is written and read', () => {
  it('gives the session again, whatever the pages and chunks', () => {
    const plain = (view: ReturnType<typeof folded>) => {
      const nodes = Object.values(view.nodes).map(({ id: _, parent: __, seq: ___, ...node }) => node);
      const { id: _, seq: __, head: ___, pinned, branchNames, window, queue, nodes: ____, ...rest } = view;
      const names = Object.values(branchNames);
      return {
        ...rest,
        nodes,
        names,
        pinned: pinned.length,
        queue: queue.map(({ text }) => text),
        window: { ...window, since: null },
      };
    };
    for (const page of [1, 2, 7, 1000]) {
      const file = textOf(events, page);
      expect(file.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
      for (const chunk of [1, 13, 4096]) {
        const copy = folded(committed('copy', eventsIn(file, chunk).events));
        expect(plain(copy)).toEqual(plain(folded(events)));
        expect(copy.nodes[copy.head!]).toMatchObject({ text: expect.stringContaining('**sings**') });
        expect(copy.nodes[copy.window.since!]).toMatchObject({ text: expect.stringContaining('Hello') });
      }
    }
  });

  it('keeps lone surrogates, and the times to the millisecond', () => {
    const copy = folded(committed('copy', eventsIn(text).events));
    const [first] = Object.values(copy.nodes);
    expect(first).toMatchObject({ text: 'Hello 👋 \ud800', at: Date.UTC(2025, 5, 1, 12) + 10 });
  });

  it('leaves out what refers to what is not in the session, as in a copy of one path', () => {
    const path = events.filter(({ data }) => !('turn' in data && data.turn === 't1') && !('hash' in data));
    const { nodes } = parsed(textOf(path));
    expect(nodes.map(({ id }) => id)).toEqual(['m1', 't2', 'm2', 't3', 'm3']);
    expect(nodes[1]).toMatchObject({ text: 'Half an answer, and `code`.', seams: [{ offset: 7 }] });
    expect(nodes[1]).not.toHaveProperty('from');
    expect(nodes[3]).not.toHaveProperty('sent');
    expect(Object.keys(folded(committed('copy', eventsIn(textOf(path)).events)).nodes)).toHaveLength(5);
  });

  it('says which fields were left out', () => {
    const file = parsed(text) as unknown as Record<string, unknown> & SessionFile;
    Object.assign(file, { mood: 1, '<b>': 2 });
    Object.assign(file.session, { colour: 'red' });
    Object.assign(file.nodes[1]!, { tools: [] });
    const { mood, '<b>': other, format, ...rest } = file as Record<string, unknown>;
    const { unknown } = eventsIn(JSON.stringify({ format, mood, '<b>': other, ...rest }));
    expect(unknown.sort()).toEqual(['mood', 'nodes.tools', 'session.colour', '…'].sort());
  });
});

describe('a file that is not as it must be', () => {
  it.each<[string, (file: SessionFile & Record<string, unknown>) => unknown]>([
    [
      'file.json, version: the format choragus.session has version 2 here, and this Choragus reads version 1.',
      (file) => Object.assign(file, { version: 2 }),
    ],
    ['file.json, version: must be a whole number.', (file) => Object.assign(file, { version: '1' })],
    ['file.json: it is no session that Choragus exported.', (file) => Object.assign(file, { format: 'other.thing' })],
    ['file.json: it is no session that Choragus exported.', () => '{"name": "package", "version": "1.0.0"}'],
    ['file.json: it is no session that Choragus exported.', () => '{}'],
    ['file.json, session: is missing.', () => '{"format": "choragus.session", "version": 1}'],
    ['file.json, nodes: must come after systems.', () => '{"format": "choragus.session", "version": 1, "nodes": []}'],
    [
      'file.json, session.head: names a message or answer that does not stand before it.',
      (file) => Object.assign(file.session, { head: 'nobody' }),
    ],
    [
      'file.json, session.head: is missing, although there are messages.',
      (file) => Object.assign(file.session, { head: null }),
    ],
    [
      'file.json, session.pinned[1]: names a message or answer that does not stand before it.',
      (file) => file.session.pinned.splice(1, 1, '__proto__'),
    ],
    ['file.json, session.pinned: names something twice.', (file) => file.session.pinned.push('m1')],
    [
      'file.json, session.title: expected string, received number.',
      (file) => Object.assign(file.session, { title: 3 }),
    ],
    [
      'file.json, session.made.by: expected "program".',
      (file) => Object.assign(file.session.made!, { by: 'completion' }),
    ],
    ['file.json, nodes[0].at: must be >=0.', (file) => Object.assign(file.nodes[0]!, { at: -1 })],
    ['file.json, nodes[0].at: must be <=253402300799999.', (file) => Object.assign(file.nodes[0]!, { at: 8.64e15 })],
    [
      'file.json, nodes[0].at: expected number, received string.',
      (file) => Object.assign(file.nodes[0]!, { at: '2025' }),
    ],
    ['file.json, nodes[3].id: is there twice.', (file) => Object.assign(file.nodes[3]!, { id: 'm1' })],
    [
      'file.json, nodes[0].parent: names a message or answer that does not stand before it.',
      (file) => Object.assign(file.nodes[0]!, { parent: 't3' }),
    ],
    [
      'file.json, nodes[0].parent: names a message or answer that does not stand before it.',
      (file) => Object.assign(file.nodes[0]!, { parent: 'm1' }),
    ],
    [
      'file.json, nodes[1].parent: names a message or answer that does not stand before it.',
      (file) => Object.assign(file.nodes[1]!, { parent: 'constructor' }),
    ],
    [
      'file.json, nodes[4].parent: names an answer where a message must be.',
      (file) => Object.assign(file.nodes[4]!, { parent: 't2' }),
    ],
    [
      'file.json, nodes[2].from.turn: names a message where an answer must be.',
      (file) => Object.assign(file.nodes[2]!, { from: { turn: 'm1', text: 1, reasoning: 0, seams: 0 } }),
    ],
    [
      'file.json, nodes[2].from: is longer than the answer.',
      (file) => Object.assign(file.nodes[2]!, { from: { turn: 't1', text: 900, reasoning: 0, seams: 0 } }),
    ],
    ['file.json, nodes[1].track: must hold pairs.', (file) => Object.assign(file.nodes[1]!, { track: [1] })],
    [
      'file.json, nodes[4].sent.first: names a message or answer that does not stand before it.',
      (file) => Object.assign((file.nodes[4] as { sent: object }).sent, { first: 'x' }),
    ],
    [
      'file.json, nodes[4].sent.summary: names a summary that is not in the file.',
      (file) => {
        file.summaries.length = 0;
      },
    ],
    [
      'file.json, nodes[4].sent.system: names a system text that is not in the file.',
      (file) => {
        file.systems.length = 0;
      },
    ],
    [
      'file.json, systems[0].hash: is not that of its text.',
      (file) => Object.assign(file.systems[0]!, { text: 'Obey.' }),
    ],
    [
      'file.json, summaries[0].after: names a summary that does not stand before it.',
      (file) => Object.assign(file.summaries[0]!, { after: 's2' }),
    ],
    [
      'file.json, nodes[0].text: must be <=160000 characters.',
      (file) => Object.assign(file.nodes[0]!, { text: 'x'.repeat(160_001) }),
    ],
    [
      'file.json, nodes[0].text: is longer than 16 MB.',
      (file) => Object.assign(file.nodes[0]!, { text: 'x'.repeat(17_000_000) }),
    ],
  ])('%s', (message, change) => {
    const told = wrongIn(change);
    if (message.endsWith('16 MB.')) expect(told).toBe('file.json, nodes[0]: is longer than 16 MB.');
    else expect(told).toBe(message);
  });

  it('is refused, or read, and nothing else ever happens: changed anywhere, into anything', () => {
    const things = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        -1,
        Number.POSITIVE_INFINITY,
        2 ** 53,
        '',
        '__proto__',
        'm1',
        't1',
        [],
        {},
        [[]],
        {
          __proto__: 1,
        },
      ),
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), things, fc.boolean()), { minLength: 1, maxLength: 4 }), (changes) => {
        const file = parsed(text) as unknown as Record<string, unknown>;
        for (const [at, thing, remove] of changes) {
          const [holder, key] = placesIn(file)[at % placesIn(file).length]!;
          if (remove) delete holder[key];
          else holder[key] = thing;
        }
        expectRefusedOrWhole(JSON.stringify(file));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused, or read, and nothing else ever happens: bytes changed, cut and doubled', () => {
    const bytes = Buffer.from(text);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.constantFrom('set', 'cut', 'double'));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5_000 }),
        (changes, chunk) => {
          let changed = Buffer.from(bytes);
          for (const [at, byte, how] of changes) {
            const place = at % (changed.length + 1);
            if (how === 'set' && place < changed.length) changed[place] = byte;
            else if (how === 'cut') changed = changed.subarray(0, place);
            else changed = Buffer.concat([changed.subarray(0, place), changed.subarray(Math.max(0, place - byte))]);
          }
          expectRefusedOrWhole(changed, chunk);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** What is taken can be committed: every event has its schema's shape, and refers to what is there. */
function expectRefusedOrWhole(file: string | Buffer, chunk?: number): void {
  let taken: ReturnType<typeof eventsIn>;
  try {
    taken = eventsIn(file, chunk);
  } catch (error) {
    expect(error).toBeInstanceOf(Wrong);
    expect((error as Wrong).in('f').message).toMatch(/^f[:,] .{5,300}\.$/);
    return;
  }
  const view = folded(committed('copy', taken.events));
  expect(view.title.length).toBeLessThanOrEqual(300);
  for (const node of Object.values(view.nodes))
    if (node.parent !== null) expect(view.nodes).toHaveProperty([node.parent]);
  if (view.head !== null) expect(view.nodes).toHaveProperty([view.head]);
  expect(Object.getPrototypeOf(view.nodes)).toBe(Object.prototype);
}

/** Every field and element of a value, with what holds it. */
function placesIn(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key): [Record<string, unknown>, string][] => [
    [value as Record<string, unknown>, key],
    ...placesIn((value as Record<string, unknown>)[key]),
  ]);
}

it('the hash of a system text is its SHA-256', () => {
  const [system] = parsed(text).systems;
  expect(createHash('sha256').update(system!.text).digest('base64url')).toBe(system!.hash);
});
