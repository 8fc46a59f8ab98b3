import type { Keeping } from '#shared/domain/keeping.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { KeepingLog } from './ports.ts';

const DAY_MS = 86_400_000;
const PAGE = 200;
/** Of the sessions longest unused so many are looked at. */
const MOST = 100_000;
/** A clock may be set back a little at any time. */
const SLACK_MS = 60_000;
/** When nothing has happened for longer, it is the clock that may be wrong. */
const QUIET_MS = 366 * DAY_MS;
/** A clock that was used for so long after a jump is right. */
const PROVEN_MS = 7 * DAY_MS;
/** Of the newest events so many are looked at. */
const LATELY = 1000;

/** What else waits in the event loop goes first. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

type RetentionLog = Pick<KeepingLog, 'summaries' | 'unused' | 'totals' | 'follow' | 'position'>;

/** What the rules would delete. It deletes nothing itself. */
export class Retention {
  readonly #log: RetentionLog;
  readonly #clock: Clock;

  constructor(log: RetentionLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** What these rules would delete now, each once: from the trash first, then the longest unused. */
  async plan({ trashDays, unusedDays, mostBytes }: Keeping): Promise<SessionSummary[]> {
    const now = this.#clock.now();
    const gone = new Map<string, SessionSummary>();
    const add = (session: SessionSummary) => gone.set(session.id, session);
    if (trashDays !== null)
      for (const session of await this.#trash())
        if ((session.trashedAt ?? now) <= now - trashDays * DAY_MS) add(session);
    if (unusedDays !== null)
      for (const { session } of await this.#log.unused({ before: now - unusedDays * DAY_MS, limit: MOST }))
        add(session);
    if (mostBytes !== null) await this.#shrink(mostBytes, gone);
    return [...gone.values()];
  }

  /** When the next session is due, on the wall clock; null: none is. By its size nothing is ever due of itself. */
  async due({ trashDays, unusedDays }: Keeping): Promise<number | null> {
    const moments: number[] = [];
    if (trashDays !== null)
      for (const { trashedAt } of await this.#trash())
        if (trashedAt !== null) moments.push(trashedAt + trashDays * DAY_MS);
    const [oldest] = unusedDays === null ? [] : await this.#log.unused({ limit: 1 });
    if (oldest !== undefined && unusedDays !== null) moments.push(oldest.since + unusedDays * DAY_MS);
    return moments.length === 0 ? null : moments.reduce((a, b) => Math.min(a, b));
  }

  /**
   * Whether the wall clock fits what happened last: not before it, not more than a year after it, and no such jump in
   * the last week. Days are counted by that clock, and one that was set wrongly would delete what is to be kept.
   */
  async clockFits(): Promise<boolean> {
    const now = this.#clock.now();
    let [newest, jumpedAt] = [0, 0];
    // What was imported may be older than what came before it, and says nothing about the clock.
    for (const at of await this.#lately()) {
      if (newest > 0 && at - newest > QUIET_MS) jumpedAt = at;
      newest = Math.max(newest, at);
    }
    if (newest === 0) return true;
    return newest <= now + SLACK_MS && now - newest <= QUIET_MS && now - jumpedAt > PROVEN_MS;
  }

  /** When the last events happened, in their order. */
  async #lately(): Promise<number[]> {
    const times: number[] = [];
    const follower = this.#log.follow({ after: Math.max(0, this.#log.position - LATELY), ready() {} });
    try {
      for (let some = await follower.read(PAGE); some.length > 0; some = await follower.read(PAGE))
        times.push(...some.map(({ at }) => at));
    } finally {
      follower.close();
    }
    return times;
  }

  async #trash(): Promise<SessionSummary[]> {
    const all: SessionSummary[] = [];
    for (let before: { updatedAt: number; id: string } | undefined; ; ) {
      const filter = { trashed: true };
      const page = await this.#log.summaries({ filter, limit: PAGE, ...(before === undefined ? {} : { before }) });
      all.push(...page.sessions);
      before = page.sessions.at(-1);
      if (!page.more || before === undefined) return all;
      await nextTurn();
    }
  }

  /** Adds the longest unused until what is left is no more than `most`. A unit of text counts as a byte. */
  async #shrink(most: number, gone: Map<string, SessionSummary>): Promise<void> {
    let { units } = await this.#log.totals();
    for (const each of gone.values()) units -= each.units;
    if (units <= most) return;
    for (const { session } of await this.#log.unused({ limit: MOST })) {
      if (units <= most) return;
      if (gone.has(session.id)) continue;
      gone.set(session.id, session);
      units -= session.units;
    }
  }
}
