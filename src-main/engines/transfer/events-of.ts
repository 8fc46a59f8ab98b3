import { isDeepStrictEqual } from 'node:util';
import type { EventData, NewEvent } from '#shared/domain/events.ts';
import { type HistoryWindow, usualArrangement, windowOf } from '#shared/domain/things.ts';
import type { FileNode, FileTurn, Head, Queued, Summary, System } from './format.ts';

/**
 * A session of a file as events of a session of its own: new ids for everything, the times as they were. What refers to
 * nodes comes behind them. Pure but for its memory of ids, which it is handed a maker of.
 */
export class EventsOf {
  readonly #newId: () => string;
  readonly #ids = new Map<string, string>();
  readonly #summaries = new Map<string, string>();
  #head: Head | undefined;
  readonly #queue: Queued[] = [];
  #last: { id: string; at: number } | undefined;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** `job` fills the session. */
  head(head: Head, job: string): NewEvent[] {
    this.#head = head;
    const { title, createdAt: at, to, made, forked, arrangement } = head;
    const events: NewEvent[] = [
      {
        type: 'session.created',
        at,
        data: { title, job, ...(to && { to }), ...(made && { made: living(made) }), ...(forked && { forked }) },
      },
    ];
    // Now: what is in the trash is kept there as long as what is put there today.
    if (!isDeepStrictEqual(arrangement, usualArrangement)) events.push({ type: 'session.arranged', data: arrangement });
    return events;
  }

  system({ hash, text, at }: System): NewEvent[] {
    return [{ type: 'system.told', at, data: { hash, text } }];
  }

  /** They wait until the end. */
  queued(message: Queued): void {
    this.#queue.push(message);
  }

  node(node: FileNode): NewEvent[] {
    const id = this.#newId();
    this.#ids.set(node.id, id);
    this.#last = { id, at: node.kind === 'turn' ? node.endedAt : node.at };
    if (node.kind === 'turn') return this.#turn(id, node);
    const { parent, text, to, at } = node;
    return [{ type: 'message.added', at, data: { message: id, parent: this.#node(parent), text, to } }];
  }

  summary({ id, upTo, after, since, text, by, at }: Summary): NewEvent[] {
    const data = {
      summary: this.#summary(id),
      upTo: this.#node(upTo),
      after: after === null ? null : this.#summary(after),
      ...(since === undefined ? {} : { since: this.#node(since) }),
      text,
      by,
    };
    return [{ type: 'history.summarized', at, data }];
  }

  end(): NewEvent[] {
    const { window, made, pinned, branchNames, head, createdAt } = this.#head!;
    const at = this.#last?.at ?? createdAt;
    const events: NewEvent[] = [];
    if (!isDeepStrictEqual(window, windowOf(made && withoutGaps(made))))
      events.push({ type: 'window.set', at, data: { window: this.#window(window) } });
    for (const node of pinned) events.push({ type: 'node.pinned', at, data: { node: this.#node(node), pinned: true } });
    for (const { branch, name } of branchNames)
      events.push({ type: 'branch.named', at, data: { branch: this.#node(branch), name } });
    for (const { text, to } of this.#queue)
      events.push({ type: 'queue.added', at, data: { message: this.#newId(), text, to } });
    const shown = this.#node(head);
    if (shown !== null && shown !== this.#last?.id) events.push({ type: 'head.moved', at, data: { head: shown } });
    return events;
  }

  #turn(turn: string, node: FileTurn): NewEvent[] {
    const { at, to, speaker, parameters, system, from, state, text, reasoning, seams } = node;
    const request: EventData<'turn.requested'> = {
      turn,
      parent: this.#node(node.parent),
      to,
      speaker,
      ...(parameters && { parameters }),
      ...(system !== undefined && { system }),
      ...(from && {
        from: {
          turn: this.#node(from.turn),
          text: text.slice(0, from.text),
          reasoning: reasoning.slice(0, from.reasoning),
          seams: seams.slice(0, from.seams),
        },
      }),
    };
    const events: NewEvent[] = [{ type: 'turn.requested', at, data: request }];
    if (node.sent !== undefined) events.push({ type: 'turn.sent', at, data: this.#sent(turn, node.sent) });
    for (const { attempt, at, failed } of node.attempts) {
      events.push({ type: 'turn.connecting', at, data: { turn, attempt } });
      if (failed === undefined) continue;
      const { ms, problem } = failed;
      events.push({ type: 'turn.waiting', at: failed.at, data: { turn, attempt, ms, problem } });
    }
    const { finish, problem, usage, timing, buffered, endedAt, track } = node;
    const end = { turn, state, text, reasoning, seams, finish, problem, usage, timing, buffered };
    events.push({ type: 'turn.finished', at: endedAt, data: end });
    if (track.length > 0) events.push({ type: 'turn.timed', at: endedAt, data: { turn, track: withSequences(track) } });
    return events;
  }

  #sent(turn: string, sent: NonNullable<FileTurn['sent']>): EventData<'turn.sent'> {
    return {
      ...sent,
      turn,
      window: this.#window(sent.window),
      first: this.#node(sent.first),
      pinned: sent.pinned.map((each) => ({ ...each, node: this.#node(each.node) })),
      summary: sent.summary && { ...sent.summary, summary: this.#summary(sent.summary.summary) },
    };
  }

  #window(window: HistoryWindow): HistoryWindow {
    return { ...window, since: this.#node(window.since) };
  }

  /** It is there: that was checked. */
  #node(old: string): string;
  #node(old: string | null): string | null;
  #node(old: string | null): string | null {
    return old === null ? null : this.#ids.get(old)!;
  }

  /** A receipt may name it before it is told. */
  #summary(old: string): string {
    const id = this.#summaries.get(old) ?? this.#newId();
    this.#summaries.set(old, id);
    return id;
  }
}

/** It was never streamed here, so its track names no events. */
function withSequences(pairs: readonly number[]): number[] {
  const track: number[] = [];
  for (let index = 0; index + 1 < pairs.length; index += 2) track.push(0, pairs[index]!, pairs[index + 1]!);
  return track;
}

/** It takes messages: its program's time for it was over long ago, or would be soon. */
const living = ({ lifetimeMs: _, ...made }: NonNullable<Head['made']>) => withoutGaps(made);

/** What is absent is no field at all. */
const withoutGaps = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
