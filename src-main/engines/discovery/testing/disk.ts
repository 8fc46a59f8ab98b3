import { afterEach, beforeEach } from 'vitest';
import type { Log } from '../../../log/log.ts';
import { Folder } from '../../../log/testing/folder.ts';

export interface Disk {
  /** As it is open now. */
  readonly log: Log;
  /** The end of the process and a new start: the same log, opened again. */
  restart(): Promise<void>;
}

/** A log for each test, in a data folder of its own. */
export function diskForEach(): Disk {
  let folder: Folder;
  let log: Log;
  beforeEach(() => {
    folder = new Folder();
    log = folder.open();
  });
  afterEach(() => folder.remove());
  return {
    get log() {
      return log;
    },
    async restart() {
      await folder.close(log);
      log = folder.open();
    },
  };
}
