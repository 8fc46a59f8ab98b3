import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import { pick } from './picks.ts';

const to = { specialist: 'apollo' };
let seq = 0;
const said = (text: string): Node => ({
  ...{ kind: 'message', id: `m${++seq}`, parent: null, depth: seq, seq, at: 0, to },
  text,
});

describe('what is picked of a history', () => {
  it('is what was said, by whom, in order, and all of it when there is room', () => {
    expect(pick(null, [said('I am Ada. I live in Lisbon.'), said('# Title\n\nIt rains.')], 1000)).toBe(
      '- You: I am Ada.\n- You: I live in Lisbon.\n- You: Title\n- You: It rains.',
    );
  });

  it('is first what was asked for first, then names, figures and decisions', () => {
    const chatter = Array.from({ length: 40 }, (_, i) =>
      said(`It is so nice to talk like this, again and again (${'x'.repeat(i)}).`),
    );
    const history = [
      said('Help me to plan a feast.'),
      ...chatter.slice(0, 20),
      said('We agreed that Bartholomew Quill brings the lamps.'),
      ...chatter.slice(20),
      said('It begins at 18:45 on the 3rd.'),
      said('yes'),
    ];
    expect(pick(null, history, 135).split('\n')).toEqual([
      '- You: Help me to plan a feast.',
      '- You: We agreed that Bartholomew Quill brings the lamps.',
      '- You: It begins at 18:45 on the 3rd.',
    ]);
  });

  it('goes on from an older one, of which what weighs most stays, and says nothing twice', () => {
    const before = '- You: Help me to plan a feast.\n- Apollo: That is a nice idea.\n- You: It costs 300 crowns.';
    expect(pick(before, [said('It costs 300 crowns.'), said('We decided on red lamps.')], 110)).toBe(
      '- You: Help me to plan a feast.\n- You: It costs 300 crowns.\n- You: We decided on red lamps.',
    );
  });

  it('keeps what a model wrote as it is, with room for what came since', () => {
    const prose = 'The user plans a feast with lamps. '.repeat(10).trim();
    const text = pick(prose, [said('It begins at 18:45.')], 200);
    expect(text).toMatch(/^The user plans a feast/);
    expect(text).toContain('…\n- You: It begins at 18:45.');
    expect(text.length).toBeLessThanOrEqual(200);
  });

  it('tells of code and tables at least how they begin', () => {
    expect(pick(null, [said('```ts\nconst answer = 42;\n```')], 300)).toBe('- You: ```ts const answer = 42; ```');
  });

  it('is never longer than it may be, and quick, whatever was said', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.lorem({ mode: 'sentences' }));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), fc.integer({ min: 160, max: 2000 }), (texts, units) => {
        const once = pick(null, texts.map(said), units);
        expect(once.length).toBeLessThanOrEqual(units);
        expect(pick(once === '' ? null : once, texts.map(said), units).length).toBeLessThanOrEqual(units);
      }),
    );
    const begun = performance.now();
    pick(
      null,
      Array.from({ length: 32 }, () => said('word, '.repeat(27_000))),
      6000,
    );
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
