import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicDialect } from './anthropic/anthropic.ts';
import { openaiDialect } from './openai/openai.ts';
import { ProviderRefusal } from './provider.ts';
import { expectOrder } from './testing/collect.ts';
import { fixture, readAnswer, readAs } from './testing/reading.ts';
import { anthropicWhole, openaiWhole } from './testing/streams.ts';

const dialects = [
  {
    name: 'OpenAI',
    dialect: openaiDialect('openai-compatible'),
    files: ['answer', 'tool-calls', 'reasoning', 'refusal'].map((name) => fixture(`openai/fixtures/${name}.txt`)),
    whole: openaiWhole('All of it.'),
    words: ['"choices":[', '"delta":{', '"content":"x"', '"tool_calls":[', '"error":', '"index":0', '"usage":{'],
  },
  {
    name: 'Anthropic',
    dialect: anthropicDialect,
    files: ['answer', 'tool-use', 'thinking'].map((name) => fixture(`anthropic/fixtures/${name}.txt`)),
    whole: anthropicWhole('All of it.'),
    words: [
      'event: content_block_delta\n',
      '"type":"content_block_delta",',
      '"delta":{',
      '"type":"text_delta",',
      '"text":"x"',
    ],
  },
];

/** Whatever came: either a refusal before anything, or a well-formed row of parts. */
function expectWellFormed({ parts, error }: ReturnType<typeof readAnswer>) {
  if (error === undefined) expectOrder(parts);
  else {
    expect(error).toBeInstanceOf(ProviderRefusal);
    expect(parts).toEqual([]);
  }
}

const json = fc.jsonValue({ maxDepth: 2 });

/** Puts a value at a random place of a parsed event. */
function replaceAt(value: unknown, path: number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value);
  if (entries.length === 0) return replacement;
  const place = step % entries.length;
  const changed = entries.map(([key, each], index) => [
    key,
    index === place ? replaceAt(each, rest, replacement) : each,
  ]);
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

const mutation = fc.tuple(
  fc.constantFrom('delete', 'insert', 'repeat'),
  fc.nat(5000),
  fc.nat(300),
  fc.uint8Array({ maxLength: 5 }),
);

function mutated(file: Buffer, mutations: [kind: string, place: number, length: number, inserted: Uint8Array][]) {
  let bytes = file;
  for (const [kind, place, length, inserted] of mutations) {
    const at = place % (bytes.length + 1);
    const before = bytes.subarray(0, at);
    const after = bytes.subarray(kind === 'delete' ? at + length : at);
    const between = kind === 'insert' ? inserted : kind === 'repeat' ? bytes.subarray(at, at + length) : [];
    bytes = Buffer.concat([before, Buffer.from(between), after]);
  }
  return bytes;
}

/** Another value somewhere in one of its events. */
function changedAt(file: Buffer, which: number, path: number[], value: unknown): string {
  const events = file.toString().split('\n\n');
  const place = which % events.length;
  const changed = events.map((event, index) => {
    const data = /^data: (\{.*)$/m.exec(event)?.[1];
    if (index !== place || data === undefined) return event;
    return event.replace(data, () => JSON.stringify(replaceAt(JSON.parse(data), path, value)));
  });
  return changed.join('\n\n');
}

describe.each(dialects)('an answer in the dialect of $name', ({ dialect, files, whole, words }) => {
  it('is the same however the bytes are split', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(fc.nat(5000), { maxLength: 40 }), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        expect(readAnswer(dialect, pieces)).toEqual(readAnswer(dialect, [bytes]));
      }),
    );
    for (const bytes of files)
      expect(
        readAnswer(
          dialect,
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
        ),
      ).toEqual(readAnswer(dialect, [bytes]));
  });

  it('is the same with other ends of lines, a byte order mark, and without the last blank line', () => {
    for (const bytes of files) {
      const expected = readAnswer(dialect, [bytes]);
      const text = bytes.toString();
      for (const other of [text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\r'), `\uFEFF${text}`, text.trimEnd()])
        expect(readAnswer(dialect, [other])).toEqual(expected);
    }
  });

  it('never crashes over garbage, and never finishes by it', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => [bytes]),
      fc.array(
        fc.oneof(
          fc.constantFrom(
            'data: ',
            'event: ',
            '\n',
            '\n\n',
            '\r\n',
            '{',
            '}',
            '[',
            ']',
            '"',
            ',',
            ':',
            'null',
            ...words,
          ),
          fc.string(),
          json.map((value) => `data: ${JSON.stringify(value)}\n\n`),
        ),
        { maxLength: 60 },
      ),
      fc.array(json.map((value) => JSON.stringify(value))),
    );
    fc.assert(
      fc.property(garbage, fc.constantFrom('end' as const, 'break' as const), (pieces, ending) => {
        const read = readAnswer(dialect, pieces, { ending });
        expectWellFormed(read);
        expect(read.parts.some(({ type }) => type === 'finish')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('ends in exactly one last part whatever happens to the bytes of a good stream', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('end' as const, 'break' as const),
        (file, mutations, ending) => {
          expectWellFormed(readAnswer(dialect, [mutated(file, mutations)], { ending }));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends in exactly one last part whatever stands in the fields of a good stream', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(20),
        fc.array(fc.nat(10), { maxLength: 6 }),
        json,
        (file, which, path, value) => {
          expectWellFormed(readAnswer(dialect, [changedAt(file, which, path, value)]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('ends in exactly one last part whatever stands in the fields of a whole answer', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10), { maxLength: 6 }), json, (path, value) => {
        expectWellFormed(readAnswer(dialect, [JSON.stringify(replaceAt(whole, path, value))]));
      }),
      { numRuns: 1000 },
    );
  });

  it('is whole when something breaks after its finish was told', () => {
    for (const bytes of files) {
      const text = bytes.toString();
      const withoutMark = text.slice(0, text.search(/event: message_stop|data: \[DONE\]/));
      const { parts } = readAnswer(dialect, [bytes]);
      expect(readAnswer(dialect, [withoutMark], { ending: 'break' }).parts).toEqual(parts);
      expect(readAnswer(dialect, [withoutMark, 'data: {"broken\n\n']).parts).toEqual(parts);
    }
  });

  it('does not read on after the end mark', () => {
    for (const bytes of files)
      expect(readAnswer(dialect, [Buffer.concat([bytes, Buffer.from('data: {"broken\n\n'), bytes])])).toEqual(
        readAnswer(dialect, [bytes]),
      );
  });
});

/** Those that are read by a package: its own way through the bytes must keep to the same order. */
const packages = [
  { kind: 'openai-responses', files: ['openai/fixtures/responses-answer', 'openai/fixtures/responses-tool-call'] },
  { kind: 'google', files: ['google/fixtures/answer', 'google/fixtures/tool-call'] },
  { kind: 'mistral', files: ['mistral/fixtures/answer', 'mistral/fixtures/tool-call'] },
  { kind: 'groq', files: ['groq/fixtures/answer', 'groq/fixtures/tool-call'] },
  { kind: 'xai', files: ['xai/fixtures/answer', 'xai/fixtures/tool-call'] },
  { kind: 'deepseek', files: ['deepseek/fixtures/answer', 'deepseek/fixtures/tool-call'] },
  { kind: 'azure', files: ['azure/fixtures/answer', 'azure/fixtures/tool-call'] },
] as const;

describe.each(packages)('an answer of $kind', ({ kind, files }) => {
  const streams = files.map((file) => fixture(`${file}.txt`));

  it('ends in exactly one last part whatever happens to the bytes of a good stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...streams),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('end' as const, 'break' as const),
        async (file, mutations, ending) => expectWellFormed(await readAs(kind, [mutated(file, mutations)], { ending })),
      ),
      { numRuns: 150 },
    );
  });

  it('ends in exactly one last part whatever stands in the fields of a good stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...streams),
        fc.nat(20),
        fc.array(fc.nat(10), { maxLength: 6 }),
        json,
        async (file, which, path, value) => expectWellFormed(await readAs(kind, [changedAt(file, which, path, value)])),
      ),
      { numRuns: 150 },
    );
  });

  it('keeps all the text that came before it breaks, wherever that is', async () => {
    for (const bytes of streams) {
      const events = bytes.toString().split('\n\n');
      const whole = (await readAs(kind, [bytes])).parts.filter(({ type }) => type === 'delta');
      let before: unknown[] = [];
      for (let count = 1; count < events.length; count++) {
        const { parts } = await readAs(kind, [`${events.slice(0, count).join('\n\n')}\n\n`], { ending: 'break' });
        const said = parts.filter(({ type }) => type === 'delta');
        expect(said).toEqual(whole.slice(0, said.length));
        expect(said.length).toBeGreaterThanOrEqual(before.length);
        before = said;
      }
      expect(before).toEqual(whole);
    }
  });
});
