import { expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { Event } from '#shared/domain/events.ts';
import { emptySession } from '#shared/domain/session.ts';
import { Heard } from './heard.ts';

const event = (seq: number, type: string, data: object, first?: number) =>
  ({ seq, session: 's', at: 0, version: 1, type, data, ...(first === undefined ? {} : { first }) }) as unknown as Event;
const title = (seq: number) => event(seq, 'session.renamed', { title: `Title ${seq}` });
const part = (seq: number, offset: number, text: string) => event(seq, 'turn.part', { turn: 't', offset, text });
const item = (each: Event) => ({ kind: 'event', cursor: `e:${each.seq}`, event: each }) as StreamItem<'session.follow'>;

/** What is found wrong when this was heard of a log. */
function faults(heardEvents: Event[], log: Event[] = []) {
  const heard = new Heard();
  const view = emptySession('s');
  heard.take({ kind: 'snapshot', cursor: 'e:0', recovered: true, more: false, view });
  for (const each of heardEvents) heard.take(item(each));
  heard.compare(log.length === 0 ? heardEvents : log);
  return heard.faults;
}
const none = { lost: 0, doubled: 0, outOfOrder: 0 };

it('what came whole and in order is faultless', () => {
  const all = [title(1), part(2, 0, 'ab'), part(3, 2, 'c'), event(4, 'turn.finished', { turn: 't', text: 'abcd' })];
  expect(faults(all)).toEqual(none);
});

it.each([
  ['an event that is missing', [title(1), title(3)], [title(1), title(2), title(3)], { ...none, lost: 1 }],
  ['an event that came twice', [title(1), title(1)], [title(1)], { ...none, doubled: 1 }],
  ['events in another order', [title(2), title(1)], [title(1), title(2)], { ...none, outOfOrder: 1 }],
  ['an event that the log does not have', [title(1), title(2)], [title(1)], { ...none, outOfOrder: 1 }],
  ['a gap in a text', [part(1, 0, 'ab'), part(2, 3, 'd')], [part(1, 0, 'ab')], { ...none, lost: 1 }],
  [
    'a piece of text that came twice',
    [part(1, 0, 'ab'), part(2, 1, 'bc')],
    [part(1, 0, 'ab')],
    { ...none, doubled: 1 },
  ],
  [
    'a joined piece that reaches back',
    [part(2, 0, 'ab'), event(4, 'turn.part', { turn: 't', offset: 2, text: 'c' }, 2)],
    [part(2, 0, 'ab')],
    { ...none, doubled: 1 },
  ],
])('notices %s', (_what, heard, log, found) => {
  expect(faults(heard, log)).toEqual(found);
});
