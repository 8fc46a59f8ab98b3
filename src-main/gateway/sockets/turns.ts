import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Usage } from '#shared/domain/things.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Guest } from '../../compose.ts';
import { type TurnEnd, turnProblem } from '../turn-end.ts';
import { ask } from './asking.ts';
import { Detailed, type Failure } from './failure.ts';
import type { Flow } from './flow.ts';
import type { Ask, Params, RequestId } from './protocol.ts';

type Item = StreamItem<'turn.follow'>;

/** The answer to a request, and what begins once it is sent. */
export interface Carried {
  result: unknown;
  after?: () => void;
}

interface Stream {
  turn: string;
  session: string;
}

export interface TurnsOptions {
  guest: Guest;
  flow: Flow;
  newId: () => string;
  specialist: string;
  /** The same as other programs know it. */
  name: string;
  notify: (method: string, params: object) => void;
  failure: (error: unknown) => Failure;
}

/** The turns that one socket asks for and reads. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #streams = new Set<Stream>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** How many are streamed now. */
  get streams(): number {
    return this.#streams.size;
  }

  async chat(wish: Ask) {
    const { guest, flow } = this.#options;
    const turn = await this.#ask(wish);
    const source = await guest.open('turn.follow', { turn });
    let content = '';
    let end: TurnEnd | undefined;
    await flow.read(source, guest.signal, (item) => {
      if (item.kind === 'text') content = content.slice(0, item.offset) + item.text;
      else if (item.kind === 'end') end = item;
    });
    if (end === undefined) throw guest.signal.reason;
    if (end.state !== 'done') throw new Detailed(turnProblem(end), { turn_id: turn });
    return { content, tokens_used: tokens(end.usage), session_id: wish.session_id ?? null, turn_id: turn };
  }

  async stream(wish: Ask, id: RequestId | undefined): Promise<Carried> {
    const turn = await this.#ask(wish);
    const { request_id, after } = await this.#begin(turn, undefined, id);
    return { result: { accepted: true, request_id, turn_id: turn }, after };
  }

  async resume({ turn_id, cursor }: Params<'resume'>, id: RequestId | undefined): Promise<Carried> {
    const { request_id, recovered, after } = await this.#begin(turn_id, cursor, id);
    return { result: { accepted: true, request_id, turn_id, recovered }, after };
  }

  async stop({ turn_id: turn }: Params<'stop'>) {
    const { guest, newId } = this.#options;
    const stream = [...this.#streams].find((each) => each.turn === turn);
    if (stream === undefined)
      throw new Problem('NOT_FOUND', 'No such turn is streamed on this socket.', 'It may have ended already.');
    await guest.call('turns.stop', { command: newId(), ...stream });
    return { stopped: true, turn_id: turn };
  }

  async #ask(wish: Ask): Promise<string> {
    const { guest, newId, specialist } = this.#options;
    try {
      return (await ask(guest, newId, specialist, wish)).turn;
    } catch (error) {
      throw wish.session_id == null ? error : new Detailed(error, { session_id: wish.session_id });
    }
  }

  async #begin(turn: string, cursor: string | undefined, id: RequestId | undefined) {
    const { guest } = this.#options;
    const source = await guest.open('turn.follow', { turn, ...(cursor !== undefined && { cursor }) });
    try {
      const [begin] = (await source.pull(1)) ?? [];
      if (begin?.kind !== 'begin') throw guest.signal.reason;
      const stream = { turn, session: begin.session };
      this.#streams.add(stream);
      const request_id = id ?? turn;
      const after = () => void this.#tell(source, stream, request_id);
      return { request_id, recovered: begin.recovered, after };
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** A stream to its end. */
  async #tell(source: Source<Item>, stream: Stream, request_id: RequestId): Promise<void> {
    const { guest, flow, name, notify, failure } = this.#options;
    const about = { request_id, specialist_id: name };
    let chunks = 0;
    let cursor: string | undefined;
    let end: TurnEnd | undefined;
    let problem: unknown;
    try {
      await flow.read(source, guest.signal, (item) => {
        cursor = item.cursor;
        if (item.kind === 'end') end = item;
        if (item.kind !== 'text') return;
        const { text: content, offset } = item;
        notify('stream.chunk', { content, chunk_index: chunks++, ...about, offset, cursor });
      });
      if (end === undefined) return;
      if (end.state !== 'done') problem = turnProblem(end);
    } catch (error) {
      problem = error;
    } finally {
      this.#streams.delete(stream);
    }
    if (problem !== undefined)
      notify('stream.error', { request_id, ...failure(new Detailed(problem, { turn_id: stream.turn, cursor })) });
    notify('stream.complete', {
      total_chunks: chunks,
      tokens_used: tokens(end?.usage ?? null),
      ...about,
      status: problem === undefined ? 'success' : 'error',
    });
  }
}

/** Reasoning is part of the output. */
const tokens = (usage: Usage | null) => (usage?.input ?? 0) + (usage?.output ?? 0);
