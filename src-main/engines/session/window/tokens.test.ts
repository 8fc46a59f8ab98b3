import { afterEach, describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { encodingOf } from './encodings.ts';
import { IDLE_MS, Tokenizers } from './tokenizers.ts';
import { Tokens } from './tokens.ts';

const file = new URL('./tokenizer-worker.ts', import.meta.url);
const open: Tokenizers[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function world() {
  const clock = fakeClock();
  const tokenizers = new Tokenizers(file, clock);
  open.push(tokenizers);
  return { clock, tokenizers, tokens: new Tokens(tokenizers, clock) };
}

describe('the encoding of a model', () => {
  it.each([
    ['gpt-4o', 'o200k_base'],
    ['openai/gpt-4o-mini', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['gpt-4.1-nano', 'o200k_base'],
    ['GPT-5-mini-2025-08-07', 'o200k_base'],
    ['openai/gpt-oss-120b', 'o200k_base'],
    ['openai.gpt-oss-20b-1:0', 'o200k_base'],
    ['ft:gpt-4o-mini-2024-07-18:acme::abc', 'o200k_base'],
    ['eu-gpt-4o', 'o200k_base'],
    ['o3', 'o200k_base'],
    ['openai/o4-mini', 'o200k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-turbo-2024-04-09', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['gpt-35-turbo', 'cl100k_base'],
  ])('is known of %s', (model, encoding) => expect(encodingOf(model)).toBe(encoding));

  it.each([
    'claude-sonnet-4',
    'qwen3-coder:30b',
    'llama3.2',
    'gemini-2.5-pro',
    'mistral-large',
    'phi-o3x',
    'm',
    'recall',
  ])('is not known of %s', (model) => expect(encodingOf(model)).toBeUndefined());
});

describe('tokens', () => {
  it('are counted as the model does, and what was counted is known at once', async () => {
    const { tokens } = world();
    const texts = [
      { key: 'a', text: 'Hello world' },
      { key: 'b', text: 'The release is on 14 March 2027.' },
      { key: null, text: '' },
    ];
    const counter = tokens.for('gpt-4o', 20_000);
    // As the tokenizer's makers count.
    expect(await counter.count(texts)).toEqual([2, 11, 0]);
    expect(counter.estimated).toBe(false);
    expect(tokens.for('gpt-4o-mini', 0).count(texts)).toEqual([2, 11, 0]);
    expect(await tokens.for('gpt-4', 20_000).count([{ key: 'a', text: '数字' }])).toEqual([1]);
  });

  it('are estimated for a model that no tokenizer is here for', () => {
    const counter = world().tokens.for('llama3.2', 20_000);
    expect(counter.count([{ key: 'a', text: 'Hello world' }])).toEqual([3]);
    expect(counter.estimated).toBe(true);
  });

  it('are estimated while the tokenizer is being loaded, without waiting, and counted the next time', async () => {
    const { tokens, tokenizers } = world();
    const texts = [{ key: 'a', text: 'Hello world, hello' }];
    const first = tokens.for('gpt-4o', 20);
    expect(await first.count(texts)).toEqual([5]);
    expect(first.estimated).toBe(true);
    // What was asked first is counted first.
    await tokenizers.count('o200k_base', ['x']);
    const second = tokens.for('gpt-4o', 0);
    expect(second.count(texts)).toEqual([4]);
    expect(second.estimated).toBe(false);
  });

  it('are estimated when the thread cannot be started', async () => {
    const clock = fakeClock();
    const broken = new Tokenizers(new URL('./no-such-worker.ts', import.meta.url), clock);
    open.push(broken);
    const counter = new Tokens(broken, clock).for('gpt-4o', 20_000);
    expect(await counter.count([{ key: 'a', text: 'Hello world' }])).toEqual([3]);
    expect(counter.estimated).toBe(true);
  });

  it('of what looks like a special sign are those of its letters', async () => {
    const [count = 0] = await world()
      .tokens.for('gpt-4o', 20_000)
      .count([{ key: 'a', text: 'Say <|endoftext|> now' }]);
    expect(count).toBeGreaterThan(5);
  });

  it('of the worst texts are counted in a blink, and nearly right', async () => {
    const { tokenizers } = world();
    await tokenizers.count('o200k_base', ['warm']);
    const worst = [
      'a'.repeat(160_000),
      ' '.repeat(160_000),
      '\n'.repeat(160_000),
      '汉'.repeat(160_000),
      '-'.repeat(160_000),
      '😀'.repeat(80_000),
    ];
    for (const text of worst) {
      const begun = performance.now();
      const [count = 0] = await tokenizers.count('o200k_base', [text]);
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(count).toBeGreaterThan(500);
      expect(count).toBeLessThanOrEqual(160_000);
    }
    // 2,000 times 8 letters are one token each; the pieces add one each at most.
    const [letters = 0] = await tokenizers.count('o200k_base', ['a'.repeat(16_000)]);
    expect(letters).toBeGreaterThanOrEqual(2000);
    expect(letters).toBeLessThanOrEqual(2000 + Math.ceil(16_000 / 192));
  });

  it('need no thread once nobody has asked for long', async () => {
    const { clock, tokenizers } = world();
    await tokenizers.count('cl100k_base', ['one']);
    expect(tokenizers.isReady('cl100k_base')).toBe(true);
    clock.advance(IDLE_MS);
    expect(tokenizers.isReady('cl100k_base')).toBe(false);
    expect(clock.timers).toBe(0);
    expect(await tokenizers.count('cl100k_base', ['one'])).toEqual([1]);
  });
});
