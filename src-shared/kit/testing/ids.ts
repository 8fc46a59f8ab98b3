import { START } from './clock.ts';

/**
 * Ids that count: 1, 2, 3… as valid UUIDs of version 7, so that they pass wherever a command id is asked for. Their
 * time is that of `now`: hand in the fake clock's where the age of a command matters.
 */
export function countedIds(now: () => number = () => START): () => string {
  let count = 0;
  return () => {
    const time = now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(++count).padStart(12, '0')}`;
  };
}
