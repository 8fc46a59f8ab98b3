import type { Order } from './order.ts';

/** Checkpoints that are made, one after the other, until one is this short and the journal can be cut off. */
const CUT_TRIES = 8;
const SHORT_MS = 25;

/**
 * Copies what it can of the journal into the file; what it cannot is left for later. `cut`: cuts the journal off too,
 * now or with one of the next: what was deleted is still in there.
 */
export const checkpoint: Order<{ cut: boolean }, null> = ({ db }) => {
  // An earlier process may have been killed before it cut the journal off.
  let cut = true;
  return (wanted) => {
    cut ||= wanted.cut;
    for (let tries = cut ? CUT_TRIES : 1; tries > 0; tries--) {
      const started = performance.now();
      db.pragma('wal_checkpoint(PASSIVE)');
      if (!cut || performance.now() - started > SHORT_MS) continue;
      // Nobody can write meanwhile, so only when there is little left to copy, and without waiting for a long reader.
      db.pragma('busy_timeout = 0');
      try {
        cut = db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) !== 0;
      } finally {
        db.pragma('busy_timeout = 5000');
      }
      break;
    }
    return null;
  };
};
