import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventOf, NewEvent } from './events.ts';
import { joinParts } from './parts.ts';
import { emptySession, foldSession } from './session.ts';
import { happened, numbered } from './testing/events.ts';
import { choices } from './testing/history.ts';

const part = (turn: string, offset: number, text: string, reasoning?: [number, string]): NewEvent => ({
  type: 'turn.part',
  data: { turn, offset, text, ...(reasoning && { reasoningOffset: reasoning[0], reasoning: reasoning[1] }) },
});

test('folding joined parts gives what folding the parts gives, from wherever the view stands', () => {
  fc.assert(
    fc.property(choices, fc.nat(300), fc.nat(300), (steps, a, b) => {
      const events = happened(steps);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const view = events.slice(0, from).reduce(foldSession, emptySession('s'));
      const run = events.slice(from, to);
      expect(joinParts(run).reduce(foldSession, view)).toEqual(run.reduce(foldSession, view));
    }),
    { numRuns: 300 },
  );
});

test('a joined part may reach back into what the view has', () => {
  fc.assert(
    fc.property(choices, fc.nat(300), fc.nat(300), fc.nat(300), (steps, ...cuts) => {
      const events = happened(steps);
      const [from, seen, to] = cuts.sort((a, b) => a - b) as [number, number, number];
      const view = events.slice(0, seen).reduce(foldSession, emptySession('s'));
      const whole = events.slice(0, to).reduce(foldSession, emptySession('s'));
      expect(joinParts(events.slice(from, to)).reduce(foldSession, view)).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test('joined runs are complete, in order, and say what they stand for', () => {
  fc.assert(
    fc.property(choices, (steps) => {
      const events = happened(steps);
      const joined = joinParts(events);
      const covered = joined.flatMap((event) => {
        const first = event.first ?? event.seq;
        return events.filter(({ seq }) => seq >= first && seq <= event.seq);
      });
      expect(covered).toEqual(events);
      for (const [index, event] of joined.entries()) {
        const next = joined[index + 1];
        const alike = event.type === 'turn.part' && next?.type === 'turn.part' && next.data.turn === event.data.turn;
        expect(alike).toBe(false);
      }
    }),
  );
});

test('joining in pieces is joining at once', () => {
  fc.assert(
    fc.property(choices, fc.nat(300), (steps, at) => {
      const events = happened(steps);
      const pieces = [...joinParts(events.slice(0, at)), ...joinParts(events.slice(at))];
      expect(joinParts(pieces)).toEqual(joinParts(events));
    }),
  );
});

test('text and reasoning are joined each from its own first offset', () => {
  const events = numbered([part('t', 4, 'ab'), part('t', 6, '', [9, 'why']), part('t', 6, 'cd', [12, '?'])]);
  const [joined, ...rest] = joinParts(events) as EventOf<'turn.part'>[];
  expect(rest).toEqual([]);
  expect([joined!.first, joined!.seq]).toEqual([events[0]!.seq, events[2]!.seq]);
  expect(joined!.data).toEqual({ turn: 't', offset: 4, text: 'abcd', reasoningOffset: 9, reasoning: 'why?' });
});

test('parts of another turn, and anything else in between, end a run', () => {
  const events = numbered([
    part('t', 0, 'a'),
    part('u', 0, 'b'),
    part('t', 1, 'c'),
    { type: 'turn.connecting', data: { turn: 'u', attempt: 2 } },
    part('t', 2, 'd'),
  ]);
  expect(joinParts(events)).toEqual(events);
});

test('the events that were joined are left as they were', () => {
  const events = numbered([part('t', 0, 'a'), part('t', 1, 'b')]);
  const before = structuredClone(events);
  joinParts(events);
  expect(events).toEqual(before);
});
