import type { Event, EventOf } from './events.ts';

/**
 * Joins consecutive parts of the same turn in a run of events, each joined one standing for `first`..`seq`. Folding the
 * joined run gives what folding the run gives.
 */
export function joinParts(events: readonly Event[]): Event[] {
  const joined: Event[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'turn.part' && last?.type === 'turn.part' && last.data.turn === event.data.turn)
      joined[joined.length - 1] = join(last, event);
    else joined.push(event);
  }
  return joined;
}

function join(a: EventOf<'turn.part'>, b: EventOf<'turn.part'>): EventOf<'turn.part'> {
  const data: EventOf<'turn.part'>['data'] = {
    turn: a.data.turn,
    offset: a.data.offset,
    text: a.data.text + b.data.text,
  };
  const reasoningOffset = a.data.reasoningOffset ?? b.data.reasoningOffset;
  if (reasoningOffset !== undefined) {
    data.reasoningOffset = reasoningOffset;
    data.reasoning = (a.data.reasoning ?? '') + (b.data.reasoning ?? '');
  }
  return { ...b, first: a.first ?? a.seq, data };
}
