import type { EventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Node } from '#shared/domain/session.ts';
import type { SessionLog } from '../ports.ts';
import { isSaid, type Parts, requestOf, type Told, tell, tellSummary } from '../prompt.ts';
import { isDigestOf } from './digest.ts';
import { Gone } from './gone.ts';
import type { Tokens } from './tokens.ts';

/** Nodes that are read at a time. */
const PAGE = 64;
/** How long one waits for tokens to be counted. */
const PATIENCE_MS = 2000;

export type SentLog = Pick<SessionLog, 'sent' | 'request' | 'turn' | 'up' | 'nodes' | 'summary' | 'systemText'>;

/** One message of a request, and what it cost. */
export type SentMessage = Omit<Told, 'role' | 'why'> & {
  role: Told['role'] | 'system';
  why: Told['why'] | 'summary';
};

/** A request, put together again. */
export interface Sent {
  sent: EventData<'turn.sent'>;
  /** It is the same, sign by sign. */
  exact: boolean;
  /** Persona and what a program added; null: none was sent. */
  system: string | null;
  messages: SentMessage[];
}

/** What was really sent for a turn, by the same functions that put it together then. Remembers the last one. */
export class SentRequests {
  readonly #log: SentLog;
  readonly #tokens: Tokens;
  #last: { session: string; digest: string; turn: string; whole: Sent } | undefined;
  readonly #gone = new Gone();

  constructor(log: SentLog, tokens: Tokens) {
    this.#log = log;
    this.#tokens = tokens;
  }

  /** NOT_FOUND: there is no such turn, or it is from before this was recorded. */
  async of(session: string, turn: string): Promise<Sent> {
    const [sent, request] = await Promise.all([this.#log.sent(session, turn), this.#log.request(session, turn)]);
    if (request === null)
      throw new Problem('NOT_FOUND', `This session has no turn ${turn}.`, 'Load the session again.');
    if (sent === null)
      throw new Problem(
        'NOT_FOUND',
        'What was sent for this turn was not recorded: it is from a version of Choragus that did not keep that yet.',
        'Look at a newer turn; retrying this one records it.',
      );
    const { digest } = sent;
    if (this.#last?.digest === digest && this.#last.turn === turn) return this.#last.whole;
    const whole = await this.#assemble(session, sent, request);
    if (!this.#gone.has(session)) this.#last = { session, digest, turn, whole };
    return whole;
  }

  /** The session is gone: nothing of it stays in memory. */
  forget(session: string): void {
    this.#gone.add(session);
    if (this.#last?.session === session) this.#last = undefined;
  }

  /** Tokens of each of these messages, by the model that they were sent to. */
  async count({ sent }: Sent, messages: readonly SentMessage[]): Promise<number[]> {
    const counter = this.#tokens.for(sent.model, PATIENCE_MS);
    return counter.count(
      messages.map(({ node, why, text }) => ({ key: node && `${node} ${why} ${text.length}`, text })),
    );
  }

  async #assemble(session: string, sent: EventData<'turn.sent'>, request: EventData<'turn.requested'>): Promise<Sent> {
    const log = this.#log;
    const [system, summary, pinned, nodes] = await Promise.all([
      sent.system === null ? null : log.systemText(session, sent.system.hash),
      sent.summary === null ? null : log.summary(session, sent.summary.summary),
      this.#nodes(
        session,
        sent.pinned.map(({ node }) => node),
      ),
      this.#history(session, request.parent, sent.first),
    ]);
    const goesOn =
      sent.goesOn === null || request.from === undefined ? undefined : { how: sent.goesOn, text: request.from.text };
    const parts: Parts = {
      session,
      speaker: request.speaker,
      system: system ?? undefined,
      summary: summary?.text,
      pinned,
      nodes: nodes.filter((node, index) => isSaid(node) || index === nodes.length - 1),
      goesOn,
      parameters: sent.parameters,
    };
    const exact = isDigestOf(sent.digest, requestOf(parts));
    const told: SentMessage[] = tell(parts);
    if (summary !== null) told.unshift({ role: 'system', text: tellSummary(summary.text), node: null, why: 'summary' });
    return { sent, exact, system, messages: told };
  }

  async #nodes(session: string, ids: string[]): Promise<Node[]> {
    if (ids.length === 0) return [];
    const { nodes } = await this.#log.nodes(session, ids);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** From `first` to the message that was answered, oldest first. */
  async #history(session: string, message: string, first: string): Promise<Node[]> {
    const pieces: Node[][] = [];
    for (let end: string | null = message; end !== null; ) {
      const { nodes }: { nodes: Node[] } = await this.#log.up(session, end, PAGE);
      const start = nodes.findIndex(({ id }) => id === first);
      pieces.unshift(nodes.slice(Math.max(0, start)));
      if (start !== -1) break;
      end = nodes[0]?.parent ?? null;
    }
    return pieces.flat();
  }
}
