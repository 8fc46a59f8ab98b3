// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so the configuration names environment variables
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import { providerKinds } from '#shared/domain/providers.ts';
import { ConfigSchema, loadConfig } from './config.ts';
import { place, scanJson } from './json-places.ts';

const folder = mkdtempSync(join(tmpdir(), 'choragus-config-'));
const file = join(folder, 'config.json');
const resources = join(import.meta.dirname, '../../resources');
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, env: Record<string, string> = {}) {
  writeFileSync(file, text);
  return loadConfig(file, env);
}

function refusal(text: string, env: Record<string, string> = {}): Problem {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a good configuration', () => {
  it('may be empty: everything has a default', () => {
    expect(load('{}').config).toEqual({
      providers: [],
      specialists: {},
      localServices: {},
      limits: {
        turns: 64,
        stallMs: 60_000,
        retries: 3,
        completions: 1024,
        connections: 12_000,
        requestsPerMinute: 6000,
      },
      gateway: { plainHttp: false, names: [], origins: [] },
    });
  });

  it('keeps the names of environment variables and hands their values over apart', () => {
    const { config, keys } = load('{"providers":[{"id":"a","kind":"anthropic","key":"${CANARY}"}]}', {
      CANARY: 'sesame',
    });
    expect(keys).toEqual(new Map([['a', 'sesame']]));
    expect(JSON.stringify(config)).toContain('${CANARY}');
    expect(JSON.stringify(config)).not.toContain('sesame');
  });

  it('may begin with a byte order mark, as some editors write it', () => {
    expect(load('\uFEFF{"limits":{"turns":2}}').config.limits.turns).toBe(2);
  });

  it('is what the example in resources is', () => {
    const example = join(resources, 'config.example.json');
    const { config } = loadConfig(example, {
      OPENAI_API_KEY: 'x',
      ANTHROPIC_API_KEY: 'x',
      GEMINI_API_KEY: 'x',
      AZURE_API_KEY: 'x',
    });
    expect(new Set(config.providers.map((each) => each.kind)).size).toBe(6);
  });

  it.each(providerKinds)('may declare a provider of the kind %s', (kind) => {
    const declared = { id: 'a', kind, baseUrl: 'https://example.com', models: ['one'], key: '${CANARY}' };
    const { config, keys } = load(JSON.stringify({ providers: [declared] }), { CANARY: 'sesame' });
    expect(config.providers).toEqual([declared]);
    expect(keys.get('a')).toBe('sesame');
  });

  it('is what the schema in resources describes (vitest -u writes it anew)', async () => {
    const schema = z.toJSONSchema(ConfigSchema, { io: 'input' });
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(resources, 'config.schema.json'));
  });
});

describe('a wrong configuration is told with file, line and column', () => {
  const wrong: [why: string, text: string, message: string][] = [
    ['JSON that ends too early', '{\n  "limits": {', 'line 2, column 14: a name in double quotes is expected here'],
    ['a comma too many', '{\n  "limits": {},\n}', 'line 3, column 1: a name in double quotes is expected here'],
    ['a missing comma', '{"limits": {}\n"providers": []}', 'line 2, column 1: "," or "}" is expected here'],
    ['text after the end', '{}\n}', 'line 2, column 1: nothing is expected after the end of the value'],
    [
      'an unclosed text',
      '{"$schema": "x\n}',
      'line 1, column 13: this text in double quotes is not closed or holds a wrong character',
    ],
    ['nothing at all', '', 'line 1, column 1: the text ends where a value should follow'],
    ['another kind of value', '[]', 'line 1, column 1: the whole text is wrong: expected object, received array'],
    [
      'an unknown setting',
      '{\n  "limits": { "turns": 1, "truns": 5 } }',
      'line 2, column 27: limits.truns is not a setting of Choragus',
    ],
    [
      'a wrong value',
      '{"limits": {\n  "turns": "many" }}',
      'line 2, column 12: limits.turns is wrong: expected number, received string',
    ],
    [
      'a value out of range',
      '{"limits": { "retries": 99 }}',
      'line 1, column 25: limits.retries is wrong: too big: expected number to be <=10',
    ],
    [
      'a missing value',
      '{"providers": [\n  {"id":"a","kind":"openai-compatible"}]}',
      'line 2, column 3: providers[0].baseUrl is missing',
    ],
    [
      'no names of models for a service that cannot list them',
      '{"providers": [\n  {"id":"a","kind":"azure","baseUrl":"https://me.openai.azure.com"}]}',
      'line 2, column 3: providers[0].models is missing',
    ],
    [
      'a kind that is not known',
      '{"providers": [\n  {"id":"a","kind":"skynet"}]}',
      'line 2, column 20: providers[0].kind is no kind of provider that Choragus knows',
    ],
    [
      'no address',
      '{"providers": [{"id":"a","kind":"openai","baseUrl":"here"}]}',
      'line 1, column 52: providers[0].baseUrl must be an address that starts with http:// or https://',
    ],
    [
      'a password in an address',
      '{"providers": [{"id":"a","kind":"openai","baseUrl":"http://user:secret@host/v1"}]}',
      'line 1, column 52: providers[0].baseUrl must hold no user name and no password: name the environment variable of the key in its own field, key',
    ],
    [
      'a service of this computer on another one',
      '{"localServices": {"ollama": "http://192.168.1.20:11434"}}',
      'line 1, column 30: localServices.ollama must be an address on this computer, such as http://127.0.0.1:11434',
    ],
    [
      'services of this computer in another form',
      '{"localServices": true}',
      'line 1, column 19: localServices is wrong: expected false, or an object with addresses on this computer',
    ],
    [
      'a wait that no timer can wait',
      '{"limits": { "stallMs": 300000000 }}',
      'line 1, column 25: limits.stallMs is wrong: too big: expected number to be <=3600000',
    ],
    [
      'an id that every object has',
      '{"providers":[{"id":"constructor","kind":"openai"}]}',
      'line 1, column 21: providers[0].id is no usable id',
    ],
    [
      'the same provider twice',
      '{"providers":[{"id":"a","kind":"openai"},\n{"id":"a","kind":"openai"}]}',
      'line 2, column 7: providers[1].id stands in this file twice',
    ],
    [
      'the name of the built-in provider',
      '{"providers":[{"id":"offline","kind":"openai"}]}',
      'line 1, column 21: providers[0].id is taken: the built-in provider is called offline',
    ],
    [
      'a variable that is not set',
      '{"providers":[{"id":"a","kind":"openai",\n "key":"${NOWHERE}"}]}',
      'line 2, column 8: providers[0].key names the environment variable NOWHERE, which is not set',
    ],
  ];
  it.each(wrong)('%s', (_, text, message) => {
    const problem = refusal(text);
    expect(problem.message).toBe(`The configuration ${file}, ${message}.`);
    expect(problem.next).toMatch(/^[A-Z].*\.$/);
  });

  it('and only the first of several is told', () => {
    expect(refusal('{"limits":{"turns":0},"more":1}').message).toContain('limits.turns');
  });

  it('a key in the file is refused with advice and not repeated', () => {
    const problem = refusal('{"providers":[{"id":"a","kind":"openai","key":"sk-canary-1234"}]}');
    expect(problem.message).toContain('must name an environment variable, such as "${OPENAI_API_KEY}"');
    expect(JSON.stringify(problem.toBody())).not.toContain('canary');
  });

  it('broken JSON around a key does not repeat the key', () => {
    expect(JSON.stringify(refusal('{"key": sk-canary-1234}').toBody())).not.toContain('canary');
  });

  it('a file that is not there is named', () => {
    expect(() => loadConfig(join(folder, 'none.json'), {})).toThrow(
      `The configuration ${join(folder, 'none.json')} does not exist.`,
    );
  });
});

describe('the places in a JSON text', () => {
  it('agree with JSON.parse on what is JSON, whatever the text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-',
      '.5',
      'e3',
      'null',
      'true',
      ' ',
      '\n',
      '\\',
    );
    const texts = fc.oneof(
      fc.json(),
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(scanJson(text).error === null).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  it('lead to each value', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.jsonValue(), b: fc.string() })), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { find } = scanJson(text);
        for (const [index, { a, b }] of value.entries()) {
          expect(text.startsWith(JSON.stringify(a, null, indent).slice(0, 1), find([index, 'a']))).toBe(true);
          expect(text.startsWith(JSON.stringify(b), find([index, 'b']))).toBe(true);
          expect(text.startsWith('"b"', find([index, 'b'], true))).toBe(true);
        }
      }),
    );
  });

  it('are counted from 1', () => {
    expect(place('a\nbc', 3)).toBe('line 2, column 2');
    expect(place('', 0)).toBe('line 1, column 1');
  });
});
