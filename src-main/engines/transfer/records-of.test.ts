import { describe, expect, it } from 'vitest';
import type { Event, EventData, NewEvent } from '#shared/domain/events.ts';
import { usualArrangement, usualWindow } from '#shared/domain/things.ts';
import { EventsOf } from './events-of.ts';
import type { Head } from './format.ts';
import { NodesOf } from './records-of.ts';

const to = { specialist: 'apollo' };
const speaker = { name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const asked = (turn: string, from?: string): NewEvent => ({
  type: 'turn.requested',
  data: {
    turn,
    parent: 'm',
    to,
    speaker,
    ...(from && { from: { turn: from, text: 'Half', reasoning: '', seams: [] } }),
  },
});
const ended = (turn: string, text: string): NewEvent => ({
  type: 'turn.finished',
  data: {
    ...{ turn, state: 'done', text, reasoning: '', seams: [], finish: 'stop', problem: null },
    ...{ usage: null, timing: null, buffered: false },
  },
});
const sent = (turn: string, goesOn: EventData<'turn.sent'>['goesOn']): NewEvent => ({
  type: 'turn.sent',
  data: {
    ...{ turn, provider: 'p', model: 'm', window: usualWindow, budget: { tokens: 9, of: 'model' }, system: null },
    ...{ summary: null, pinned: [], first: 'm', messages: 1, tokens: 1, goesOn, parameters: {}, leftOut: null },
    ...{ total: 1, estimated: true, digest: 'd' },
  },
});

function recorded(...events: NewEvent[]) {
  const message: NewEvent = { type: 'message.added', data: { message: 'm', parent: null, text: 'Hi', to } };
  const nodes = new NodesOf(() => true);
  const log = [message, ...events].map((event, seq) => ({ seq, session: 's', at: seq, version: 1, ...event }) as Event);
  return [...nodes.add(log), ...nodes.end()];
}

describe('a file', () => {
  it('has what was sent to go on from a broken answer only where that answer is in it', () => {
    const whole = recorded(
      asked('t1'),
      ended('t1', 'Half'),
      asked('t2', 't1'),
      sent('t2', 'asked'),
      ended('t2', 'Half!'),
    );
    expect(whole[2]).toMatchObject({ id: 't2', from: { turn: 't1', text: 4 }, sent: { goesOn: 'asked' } });
    // In a copy of one path an answer goes on from itself.
    const [, copied] = recorded(asked('t2', 't2'), sent('t2', 'asked'), ended('t2', 'Half!'));
    expect(copied).toMatchObject({ id: 't2', text: 'Half!' });
    expect([copied && 'from' in copied, copied && 'sent' in copied]).toEqual([false, false]);
    expect(recorded(asked('t1'), sent('t1', null), ended('t1', 'x'))[1]).toMatchObject({ sent: { digest: 'd' } });
  });

  it('becomes a session that takes messages, however long ago its program’s time for it was over', () => {
    const head: Head = {
      ...{ title: 'Bot', createdAt: 1, to, arrangement: usualArrangement, window: usualWindow, forked: null },
      ...{ made: { by: 'program', window: 3, lifetimeMs: 1000 }, head: null, pinned: [], branchNames: [] },
    };
    expect(new EventsOf(() => 'new').head(head, 'j')).toEqual([
      { type: 'session.created', at: 1, data: { title: 'Bot', job: 'j', to, made: { by: 'program', window: 3 } } },
    ]);
  });
});
