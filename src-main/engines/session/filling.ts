import type { Event, NewEvent } from '#shared/domain/events.ts';
import { SYSTEM } from '#shared/domain/events.ts';
import type { Batch, CommandRow } from '../../log/log.ts';

/**
 * Sessions that are copied or imported in several steps. Each begins with a `session.created` that names the job; nobody
 * sees them until `job.finished` is in the log, which makes all of them appear at once.
 */

export interface FillLog {
  append(batch: Batch): Promise<Event[]>;
  delete(batch: Omit<Batch, 'events' | 'durable'>): Promise<Event[]>;
  filling(): Promise<{ session: string; job: string }[]>;
  eventCount(session: string): Promise<number>;
}

/** One step of the log: a few milliseconds, for which everybody else waits. */
const STEP = { events: 48, units: 64 * 1024 };
/** Deleted in one step, which costs as much as one sync of the disk, whatever it deletes. */
const GONE = { sessions: 16, events: 400 };

/**
 * Appends to one session whatever `batches` gives, in small steps between which everything else goes on. Rejects with
 * the signal's reason when that is aborted, and with CONFLICT where there is, or was, a session with this id; what was
 * written until then is taken away by `abandon`.
 */
export async function fill(
  log: Pick<FillLog, 'append'>,
  session: string,
  batches: AsyncIterable<readonly NewEvent[]> | Iterable<readonly NewEvent[]>,
  signal: AbortSignal,
): Promise<void> {
  let first = true;
  for await (const batch of batches)
    for (const events of steps(batch)) {
      signal.throwIfAborted();
      await log.append({ session, events, durable: false, ...(first && { expected: 0 }) });
      first = false;
    }
  signal.throwIfAborted();
}

/** All that the job filled is there from now on, and survives a power cut. With it a command is remembered. */
export async function finish(log: Pick<FillLog, 'append'>, job: string, command?: CommandRow): Promise<void> {
  const events: NewEvent[] = [{ type: 'job.finished', data: { job } }];
  await log.append({ session: SYSTEM, events, durable: true, ...(command !== undefined && { command }) });
}

/** Takes away what a job filled that did not finish. */
export async function abandon(log: Pick<FillLog, 'delete' | 'filling' | 'eventCount'>, job: string): Promise<void> {
  await takeAway(
    log,
    (await log.filling()).filter((each) => each.job === job),
  );
}

export async function takeAway(
  log: Pick<FillLog, 'delete' | 'eventCount'>,
  left: readonly { session: string }[],
): Promise<void> {
  let step: string[] = [];
  let events = 0;
  const go = async () => {
    const deleted = await Promise.allSettled(step.map((session) => log.delete({ session })));
    for (const each of deleted) if (each.status === 'rejected') throw each.reason;
    step = [];
    events = 0;
  };
  for (const { session } of left) {
    const count = await log.eventCount(session);
    if (step.length === GONE.sessions || (step.length > 0 && events + count > GONE.events)) await go();
    step.push(session);
    events += count;
  }
  if (step.length > 0) await go();
}

function* steps(batch: readonly NewEvent[]): Iterable<NewEvent[]> {
  let step: NewEvent[] = [];
  let units = 0;
  for (const event of batch) {
    step.push(event);
    units += unitsOf(event);
    if (step.length < STEP.events && units < STEP.units) continue;
    yield step;
    step = [];
    units = 0;
  }
  if (step.length > 0) yield step;
}

function unitsOf({ data }: NewEvent): number {
  let units = 0;
  if ('text' in data) units += data.text.length;
  if ('reasoning' in data) units += data.reasoning?.length ?? 0;
  if ('track' in data) units += data.track.length * 4;
  return units;
}
