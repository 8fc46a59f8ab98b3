import fc from 'fast-check';
import { expect, test } from 'vitest';
import { happened } from './testing/events.ts';
import { choices } from './testing/history.ts';
import { MOST_WORDS, slim } from './timeline.ts';

test('texts become lengths, and nothing else is lost', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      for (const event of happened(steps)) {
        const told = slim(event);
        expect([told.seq, told.at, told.type]).toEqual([event.seq, event.at, event.type]);
        if ('text' in event.data) {
          expect(told.data.units).toBe(event.data.text.length);
          expect(JSON.stringify(told).length).toBeLessThan(JSON.stringify(event).length + MOST_WORDS);
        }
        expect(Object.keys(told.data)).not.toContain('text');
      }
    }),
  );
});

test('the first words of a message are told, whole signs of them', () => {
  const text = `${'x'.repeat(MOST_WORDS - 1)}😀 and on`;
  const data = { message: 'm', parent: null, text, to: { specialist: 'apollo' } };
  const told = slim({ seq: 1, session: 's', at: 1, version: 1, type: 'message.added', data });
  expect(told.data.words).toBe(`${'x'.repeat(MOST_WORDS - 1)}\uFFFD`);
  expect(told.data.units).toBe(text.length);
});

test('what was sent keeps its references, and only a text of its own is left out', () => {
  const sent = { turn: 't', provider: 'p', model: 'm', system: { hash: 'h', tokens: 612 }, pinned: [], first: 'a' };
  const event = { seq: 1, session: 's', at: 1, version: 1 };
  expect(slim({ ...event, type: 'turn.sent', data: sent } as never).data).toEqual(sent);
  const speaker = { name: 'A', provider: 'p', providerName: 'P', model: 'm', offline: false };
  const asked = { turn: 't', parent: 'q', to: { specialist: 'a' }, speaker, system: 'Be brief.' };
  expect(slim({ ...event, type: 'turn.requested', data: asked }).data).not.toHaveProperty('system');
});
