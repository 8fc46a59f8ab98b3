import { type Event, eventVersions, type NewEvent } from '../events.ts';
import { history } from './history.ts';

/** Events as a log numbers them: growing, with gaps. */
export const numbered = (events: readonly NewEvent[], session = 's', gap = 3): Event[] =>
  events.map(
    ({ type, data }, index) =>
      ({ seq: 10 + index * gap, session, at: 1000 + index, type, version: eventVersions[type], data }) as Event,
  );

/** A whole session, as it may happen. */
export const happened = (choices: readonly number[]): Event[] => numbered(history(choices));
