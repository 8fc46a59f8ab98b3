import type { EventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TurnNode } from '#shared/domain/session.ts';
import type { SessionShape } from '../../log/log.ts';
import { mustBeWhole, mustLive } from './decide.ts';
import type { SessionLog } from './ports.ts';

/** What a command is about, from the log; or the Problem that it is not there, or takes no more. */
export class Lookups {
  readonly #log: SessionLog;
  readonly #now: () => number;

  constructor(log: SessionLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** With these of its nodes, as far as they are there. */
  async session(session: string, nodes: readonly string[] = []): Promise<SessionShape> {
    const shape = await this.#log.shape(session, nodes);
    if (shape === null) {
      await this.#mustNotBeDeleted(session);
      throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Choose one from the list.');
    }
    mustBeWhole(shape);
    return shape;
  }

  /** One that takes messages. */
  async living(session: string, nodes: readonly string[] = []): Promise<SessionShape> {
    const shape = await this.session(session, nodes);
    mustLive(shape, this.#now());
    return shape;
  }

  /** One that takes messages, or null: the message begins it. */
  async livingOrNew(session: string, nodes: readonly string[] = []): Promise<SessionShape | null> {
    const shape = await this.#log.shape(session, nodes);
    if (shape === null) {
      await this.#mustNotBeDeleted(session);
      return null;
    }
    mustBeWhole(shape);
    mustLive(shape, this.#now());
    return shape;
  }

  async mustBeNew(session: string): Promise<void> {
    if ((await this.#log.shape(session)) !== null || (await this.#isDeleted(session)))
      throw new Problem('CONFLICT', 'There is, or was, a session with this id.', 'Use a new id.');
  }

  async turn(session: string, turn: string): Promise<TurnNode> {
    return (await this.#log.turn(session, turn)) ?? noTurn(turn);
  }

  async request(session: string, turn: string): Promise<EventData<'turn.requested'>> {
    return (await this.#log.request(session, turn)) ?? noTurn(turn);
  }

  /** Of a deleted session the log has its tombstone and nothing else. */
  async #isDeleted(session: string): Promise<boolean> {
    const [first] = await this.#log.read({ session, limit: 1 });
    return first?.type === 'session.deleted';
  }

  async #mustNotBeDeleted(session: string): Promise<void> {
    if (await this.#isDeleted(session))
      throw new Problem('NOT_FOUND', `Session ${session} was deleted.`, 'Begin a new one.');
  }
}

function noTurn(turn: string): never {
  throw new Problem('NOT_FOUND', `This session has no turn ${turn}.`, 'Load the session again.');
}
