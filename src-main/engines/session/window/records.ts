import type { EventData, NewEvent } from '#shared/domain/events.ts';
import type { HistoryWindow } from '#shared/domain/things.ts';
import type { SessionLog } from '../ports.ts';
import { isSaid, type Parts, requestOf } from '../prompt.ts';
import type { Budget } from './budget.ts';
import { digestOf, hashOf } from './digest.ts';
import { type Gathered, sum } from './gather.ts';
import type { InShort } from './summaries.ts';

/** System texts of which it is remembered that they are in the log; others are looked up. */
const MOST_TOLD = 10_000;

export type SentRecord = EventData<'turn.sent'>;

/** Of what a request was made, and what each part of it costs in tokens. */
export interface Made {
  turn: string;
  window: HistoryWindow;
  budget: Budget;
  parts: Parts;
  gathered: Gathered;
  short: InShort | null;
  tokens: { system: number; question: number; goesOn: number };
  estimated: boolean;
}

/** What was sent, by reference. Pure. */
export function recordOf({ turn, window, budget, parts, gathered, short, tokens, estimated }: Made): SentRecord {
  const { speaker, system, goesOn, parameters } = parts;
  const nodes = parts.nodes.filter(isSaid);
  const history = sum(gathered.tokens) + tokens.question;
  const summary = short?.tokens ?? 0;
  return {
    turn,
    provider: speaker.provider,
    model: speaker.model,
    window,
    budget,
    system: system === undefined ? null : { hash: hashOf(system), tokens: tokens.system },
    summary: short && { summary: short.data.summary, tokens: short.tokens },
    pinned: gathered.pinned.map(({ id }, index) => ({ node: id, tokens: gathered.pinnedTokens[index] ?? 0 })),
    first: nodes[0]?.id ?? '',
    messages: nodes.length,
    tokens: history,
    goesOn: goesOn?.how ?? null,
    parameters,
    leftOut: leftOutOf(gathered, budget),
    total: tokens.system + summary + sum(gathered.pinnedTokens) + history + tokens.goesOn,
    estimated,
    digest: digestOf(requestOf(parts)),
  };
}

export function leftOutOf({ leftOut, limit }: Gathered, { of }: Budget): SentRecord['leftOut'] {
  if (leftOut === null || limit === null) return null;
  return { ...leftOut, reason: limit === 'tokens' ? (of === 'window' ? 'tokens' : 'model') : limit };
}

export interface RecordsOptions {
  log: Pick<SessionLog, 'append' | 'systemText'>;
  logger: { warn(fields: object, message: string): void };
}

/** Keeps what was sent in the log. */
export class Records {
  readonly #options: RecordsOptions;
  /** Sessions and hashes of system texts that are known to be in the log. */
  readonly #told = new Set<string>();

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** The text is in the log of the session already. */
  async isTold(session: string, system: string | undefined): Promise<boolean> {
    if (system === undefined) return true;
    const hash = hashOf(system);
    return this.#told.has(`${session} ${hash}`) || (await this.#options.log.systemText(session, hash)) !== null;
  }

  /** Appends at once; nobody waits for it. What cannot be kept is logged. */
  keep(session: string, sent: SentRecord, short: InShort | null, system: string | undefined): void {
    const events: NewEvent[] = [];
    const name = `${session} ${sent.system?.hash}`;
    if (system !== undefined) events.push({ type: 'system.told', data: { hash: hashOf(system), text: system } });
    if (short?.isNew) events.push({ type: 'history.summarized', data: short.data });
    events.push({ type: 'turn.sent', data: sent });
    this.#options.log.append({ session, events, durable: false }).catch((error: unknown) => {
      this.#told.delete(name);
      this.#options.logger.warn({ session, turn: sent.turn, error }, 'What was sent could not be recorded.');
    });
    if (this.#told.size >= MOST_TOLD) this.#told.clear();
    this.#told.add(name);
  }
}
