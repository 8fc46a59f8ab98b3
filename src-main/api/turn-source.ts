import type { StreamItem } from '#shared/contract/contract.ts';
import type { Event, EventOf, EventType } from '#shared/domain/events.ts';
import { joinParts } from '#shared/domain/parts.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';
import { takeAnswer } from './answer.ts';
import { sequenceOf } from './cursor.ts';

type Item = StreamItem<'turn.follow'>;

/** Events read at once; what does not fit into an answer waits here, so this is the bound of what is held. */
const PAGE = 64;

const running: EventType[] = ['turn.requested', 'turn.waiting', 'turn.part', 'turn.finished', 'session.deleted'];
const ended: EventType[] = ['turn.finished', 'session.deleted'];

/** UTF-16 units that the client has; undefined as long as nothing has told. */
interface Had {
  text: number | undefined;
  reasoning: number | undefined;
}

/**
 * One turn from a cursor on, to its end. Of a turn that runs the parts are told as they come; one that has ended is told
 * from what its end says, less what the cursor stands for. What is not known to be there already is told again: each
 * piece says its offset, so folding it changes nothing.
 */
export class TurnSource implements Source<Item> {
  readonly #log: Log;
  readonly #node: TurnNode;
  readonly #session: string;
  readonly #follower: Follower;
  /** The client has everything up to and including this sequence. */
  readonly #after: number;
  readonly #recovered: boolean;
  readonly #had: Had;
  #told: number;
  #begun = false;
  #over = false;
  #rest: Item[] = [];
  #ready: () => void = () => {};

  /** Rejects with NOT_FOUND where there is no such turn. */
  static async open(log: Log, turn: string, cursor: string | undefined): Promise<TurnSource> {
    const asked = cursor === undefined ? undefined : sequenceOf(log, cursor);
    const session = await log.sessionOfTurn(turn);
    const node = session === null ? null : await log.turn(session, turn);
    if (session === null || node === null)
      throw new Problem('NOT_FOUND', `There is no turn ${turn}.`, 'Its session may have been deleted.');
    const recovered = cursor === undefined || asked !== undefined;
    if (asked === undefined || asked < node.seq)
      return new TurnSource(log, session, node, node.seq - 1, recovered, { text: 0, reasoning: 0 });
    return new TurnSource(log, session, node, asked, recovered, hadAt(await eventAt(log, asked), turn));
  }

  private constructor(log: Log, session: string, node: TurnNode, after: number, recovered: boolean, had: Had) {
    this.#log = log;
    this.#session = session;
    this.#node = node;
    this.#after = this.#told = after;
    this.#recovered = recovered;
    this.#had = had;
    const live = isRunning(node.state);
    this.#follower = log.follow({
      session,
      // The end is told also to whom has heard of it.
      after: live ? after : node.seq - 1,
      types: live ? running : ended,
      ready: () => this.#ready(),
    });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(max: number): Promise<Item[] | null> {
    if (!this.#begun) return [this.#begin()];
    while (this.#rest.length === 0) {
      if (this.#over) return null;
      const events = await this.#follower.read(PAGE);
      if (events.length === 0) return this.#over ? null : [];
      const ours = events.filter((event) => !('turn' in event.data) || event.data.turn === this.#node.id);
      for (const event of joinParts(ours)) await this.#add(event);
    }
    return takeAnswer(this.#rest, max, (item) => ('text' in item ? item.text.length : 0));
  }

  close(): void {
    this.#over = true;
    this.#follower.close();
    this.#rest = [];
  }

  #begin(): Item {
    this.#begun = true;
    const { id: turn, speaker, state } = this.#node;
    const recovered = this.#recovered;
    return { kind: 'begin', cursor: this.#cursor(), session: this.#session, turn, speaker, state, recovered };
  }

  async #add(event: Event): Promise<void> {
    switch (event.type) {
      case 'turn.requested': {
        const { from } = event.data;
        this.#grow(event.seq, { at: 0, piece: from?.text ?? '' }, { at: 0, piece: from?.reasoning ?? '' });
        break;
      }
      case 'turn.part': {
        const { offset, text, reasoningOffset = 0, reasoning = '' } = event.data;
        this.#grow(event.seq, { at: offset, piece: text }, { at: reasoningOffset, piece: reasoning });
        break;
      }
      case 'turn.waiting': {
        const { attempt, ms, problem } = event.data;
        this.#told = event.seq;
        this.#rest.push({ kind: 'waiting', cursor: this.#cursor(), attempt, ms, problem });
        break;
      }
      case 'turn.finished':
        await this.#finish(event);
        break;
      case 'session.deleted':
        if (this.#over) break;
        throw new Problem('NOT_FOUND', 'The session of this turn was deleted.', 'Nothing of it is left.');
    }
  }

  async #finish(event: EventOf<'turn.finished'>): Promise<void> {
    const { state, text, reasoning, finish, problem, usage, timing, buffered } = event.data;
    if (this.#after < event.seq) {
      this.#had.text ??= await this.#hadByTrack(event.seq);
      this.#grow(event.seq, { at: 0, piece: text }, { at: 0, piece: reasoning });
    }
    this.#told = Math.max(event.seq, this.#after);
    this.#rest.push({ kind: 'end', cursor: this.#cursor(), state, finish, problem, usage, timing, buffered });
    this.#over = true;
    this.#follower.close();
  }

  /** Tells what is new of both. The cursor moves with the last of them: whoever leaves in between gets the other again. */
  #grow(seq: number, text: { at: number; piece: string }, reasoning: { at: number; piece: string }): void {
    const thought = this.#news('reasoning', reasoning);
    const said = this.#news('text', text);
    if (thought !== undefined && said === undefined) this.#told = seq;
    if (thought !== undefined) this.#rest.push({ kind: 'reasoning', cursor: this.#cursor(), ...thought });
    this.#told = seq;
    if (said !== undefined) this.#rest.push({ kind: 'text', cursor: this.#cursor(), ...said });
  }

  #news(what: keyof Had, { at, piece }: { at: number; piece: string }): { offset: number; text: string } | undefined {
    const end = at + piece.length;
    const offset = Math.max(at, this.#had[what] ?? at);
    if (piece === '' || offset >= end) return undefined;
    this.#had[what] = end;
    return { offset, text: piece.slice(offset - at) };
  }

  /**
   * Of a turn whose parts are gone: the start of the first part after the cursor. Behind the last of them it is the start
   * of that one, for what came with the end is in no part. A copied turn had no parts, which its track tells by sequences
   * of 0: nobody had anything of it before its end.
   */
  async #hadByTrack(finished: number): Promise<number> {
    const [timed] = await this.#log.read({ session: this.#session, after: finished, limit: 1 });
    let [seq, offset] = [0, 0];
    if (timed?.type === 'turn.timed' && timed.data.turn === this.#node.id) {
      const { track } = timed.data;
      if (track[0] === 0) return 0;
      for (let index = 0; index + 1 < track.length && seq <= this.#after; index += 3) {
        seq += track[index]!;
        offset += track[index + 1]!;
      }
    }
    return offset;
  }

  #cursor(): string {
    return `${this.#log.epoch}:${this.#told}`;
  }
}

/** The event of this sequence, of whichever session; also a part of a turn that has ended, while that is kept. */
async function eventAt(log: Log, seq: number): Promise<Event | undefined> {
  const follower = log.follow({ after: seq - 1, ready: () => {} });
  try {
    const [event] = await follower.read(1);
    return event?.seq === seq ? event : undefined;
  } finally {
    follower.close();
  }
}

/** What somebody has who heard of this event of a turn last. */
function hadAt(event: Event | undefined, turn: string): Had {
  if (event?.type === 'turn.requested' && event.data.turn === turn) {
    const { from } = event.data;
    return { text: from?.text.length ?? 0, reasoning: from?.reasoning.length ?? 0 };
  }
  if (event?.type !== 'turn.part' || event.data.turn !== turn) return { text: undefined, reasoning: undefined };
  const { offset, text, reasoningOffset, reasoning = '' } = event.data;
  return {
    text: offset + text.length,
    reasoning: reasoningOffset === undefined ? undefined : reasoningOffset + reasoning.length,
  };
}
