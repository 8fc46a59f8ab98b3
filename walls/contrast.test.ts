import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Colour, contrast, distance, eyes, mix, themesIn } from './contrast.ts';

const themes = themesIn(readFileSync(join(import.meta.dirname, '../src-renderer/ui/tokens.css'), 'utf8'));
const raised = ['surface-0', 'surface-1', 'surface-2'];
const surfaces = [...raised, 'surface-sunken', 'hover', 'selected'];
const meanings = ['ok', 'warn', 'error', 'info'];

it('knows what black on white is', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(distance([0, 0, 0], [255, 255, 255], eyes.usual!)).toBeCloseTo(1);
});

describe.each(Object.entries(themes))('in the %s theme', (_, tokens) => {
  const specialists = Object.keys(tokens).filter((name) => name.startsWith('sp-'));
  const token = (name: string): Colour => {
    const found = tokens[name];
    if (found === undefined) throw new Error(`tokens.css has no --${name}.`);
    return found;
  };

  /** Pairs that fall short, as sentences. */
  const shortfalls = (need: number, pairs: [what: string, on: string, a: Colour, b: Colour][]) =>
    pairs
      .map(([what, on, a, b]) => ({ what, on, is: contrast(a, b) }))
      .filter(({ is }) => is < need)
      .map(({ what, on, is }) => `${what} on ${on} has ${is.toFixed(2)}, needs ${need}`);
  const named = (names: string[], on: string[]) =>
    on.flatMap((place) =>
      names.map((name): [string, string, Colour, Colour] => [name, place, token(name), token(place)]),
    );

  it('there are 18 specialists', () => {
    expect(specialists).toHaveLength(18);
  });

  it('text and meanings can be read on every surface', () => {
    expect(shortfalls(4.5, named(['text-1', 'text-2', 'text-3', 'accent', ...meanings], surfaces))).toEqual([]);
    expect(shortfalls(4.5, named(['on-accent'], ['accent', 'accent-hover']))).toEqual([]);
    for (const meaning of meanings)
      expect(shortfalls(4.5, named([meaning, 'text-1', 'text-2'], [`${meaning}-soft`]))).toEqual([]);
  });

  it('what can be operated has an outline, and what has the focus a ring', () => {
    expect(shortfalls(3, named(['focus'], surfaces))).toEqual([]);
    expect(shortfalls(3, named(['line-control'], raised))).toEqual([]);
  });

  it('specialists can be read on surfaces, in fills and on their washes', () => {
    expect(shortfalls(4.5, named(specialists, [...raised, 'surface-sunken']))).toEqual([]);
    expect(shortfalls(3, named(specialists, ['hover', 'selected']))).toEqual([]);
    expect(shortfalls(4.5, named(['on-sp'], specialists))).toEqual([]);
    for (const surface of raised)
      for (const name of specialists) {
        const wash = mix(token(name), token(surface), 0.12);
        expect(shortfalls(4.5, [['text-2', `the wash of ${name}`, token('text-2'), wash]])).toEqual([]);
        expect(shortfalls(3, [[name, 'its wash', token(name), wash]])).toEqual([]);
        const line = mix(token(name), token(surface), 0.75);
        expect(shortfalls(3, [[`the line of ${name}`, surface, line, token(surface)]])).toEqual([]);
      }
  });

  it('figures can be read in the heat map, and code in its wells', () => {
    expect(shortfalls(4.5, named(['on-heat-low'], ['heat-0', 'heat-1', 'heat-2', 'heat-3']))).toEqual([]);
    expect(shortfalls(4.5, named(['on-heat-high'], ['heat-4', 'heat-5']))).toEqual([]);
    const code = ['code-key', 'code-text', 'code-num', 'code-note'];
    expect(shortfalls(4.5, named(code, ['surface-1', 'surface-2', 'surface-sunken']))).toEqual([]);
  });

  it.each(Object.keys(eyes))('neighbouring specialists differ for eyes of the kind %s', (eye) => {
    const close = specialists.slice(1).flatMap((name, index) => {
      const before = specialists[index]!;
      const apart = distance(token(before), token(name), eyes[eye]!);
      return apart < 0.06 ? [`${before} and ${name}: ${apart.toFixed(3)}`] : [];
    });
    expect(close).toEqual([]);
  });
});
