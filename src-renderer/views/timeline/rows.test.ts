import fc from 'fast-check';
import { expect, test } from 'vitest';
import { happened } from '#shared/domain/testing/events.ts';
import { choices } from '#shared/domain/testing/history.ts';
import { slim } from '#shared/domain/timeline.ts';
import { kinds } from '../../state/timeline/kinds.ts';
import { Timeline } from '../../state/timeline/model.ts';
import { rowsOf } from './rows.ts';
import { eventWords } from './words.ts';

const filters = fc.record({ kind: fc.constantFrom(null, ...kinds), troubles: fc.boolean() });

test('the rows are the events of that kind, the newest first, and each is found again', () => {
  fc.assert(
    fc.property(choices, filters, (chosen, filter) => {
      const timeline = new Timeline();
      timeline.take(happened(chosen).map(slim));
      const rows = rowsOf(timeline, filter);
      const listed = Array.from({ length: rows.count }, (_, row) => rows.event(row));
      const wanted = timeline.events
        .map((_, index) => index)
        .filter((index) => filter.kind === null || timeline.byKind[filter.kind].includes(index))
        .filter((index) => !filter.troubles || timeline.troubles.includes(index))
        .reverse();
      expect(listed).toEqual(wanted);
      for (const [row, event] of listed.entries()) expect(rows.row(event)).toBe(row);
    }),
  );
});

test('every event has its words', () => {
  fc.assert(
    fc.property(choices, (chosen) => {
      const timeline = new Timeline();
      timeline.take(happened(chosen).map(slim));
      for (const event of timeline.events) {
        const words = eventWords(timeline, event);
        expect(words).not.toMatch(/undefined|NaN|\[object/);
        if (event.type !== 'message.added') expect(words).not.toBe('');
      }
    }),
  );
});
