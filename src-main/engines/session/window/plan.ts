import type { Node } from '#shared/domain/session.ts';

/** Which limit keeps older ones out. */
export type Limit = 'exchanges' | 'tokens' | 'since';

export interface PlanOptions {
  /** Tokens for what was said before the message that is asked. */
  room: number;
  /** Of these, what a summary of the rest would take; it counts only when something is left out. */
  reserve: number;
  /** Exchanges, the message that is asked among them; null: as many as fit. */
  exchanges: number | null;
  /** Nothing before this node. */
  since: string | null;
  /** They are in anyway and paid for already. */
  pinned: ReadonlySet<string>;
}

/** What is sent of a history: an end of the path, oldest first. */
export interface Kept {
  nodes: Node[];
  /** Of each of the nodes, in tokens. */
  tokens: number[];
  exchanges: number;
  /** What keeps the next older one out; null: nothing does, it is all there was. */
  limit: Limit | null;
}

/**
 * Decides what of a path is sent, from its newest exchange up, so that it costs the same however long the path is. An
 * exchange, a message with its answers, goes as a whole or not at all. Pure: it is given nodes and their tokens for as
 * long as it wants more.
 */
export class Plan {
  readonly #options: PlanOptions;
  /** Newest first. */
  readonly #kept: { node: Node; tokens: number }[] = [];
  /** Of the exchange whose message is still to come. */
  #open: { node: Node; tokens: number }[] = [];
  #openCost = 0;
  #spent = 0;
  #exchanges = 1;
  /** What is left when there must be room for a summary. */
  #safe = { nodes: 0, exchanges: 1 };
  #limit: Limit | null = null;
  #root = false;

  constructor(options: PlanOptions) {
    this.#options = options;
    if (options.exchanges === 1) this.#limit = 'exchanges';
  }

  /** More of the path may be sent. */
  get wantsMore(): boolean {
    return this.#limit === null && !this.#root;
  }

  /** The path begins with what was taken. */
  reachedRoot(): void {
    this.#root = true;
  }

  /** The question itself is as far as history goes. */
  nothingBefore(): void {
    this.#limit ??= 'since';
  }

  /** The next older node. Nothing happens once no more is wanted. */
  take(node: Node, tokens: number): void {
    if (!this.wantsMore) return;
    const { room, reserve, pinned, exchanges, since } = this.#options;
    this.#open.push({ node, tokens });
    this.#openCost += pinned.has(node.id) ? 0 : tokens;
    if (this.#spent + this.#openCost > room) {
      this.#limit = 'tokens';
      return;
    }
    if (node.kind === 'message') {
      this.#kept.push(...this.#open);
      this.#spent += this.#openCost;
      this.#exchanges++;
      this.#open = [];
      this.#openCost = 0;
      if (this.#spent <= room - reserve) this.#safe = { nodes: this.#kept.length, exchanges: this.#exchanges };
      if (node.parent === null) this.#root = true;
      else if (this.#exchanges === exchanges) this.#limit = 'exchanges';
    }
    if (node.id === since && node.parent !== null) this.#limit ??= 'since';
  }

  /** `summary`: what is left out will be told in short, so there must be room for that. */
  result(summary: boolean): Kept {
    // What was forgotten is told in no way.
    const toTell = summary && this.#limit !== null && this.#limit !== 'since';
    const short = toTell && this.#safe.nodes < this.#kept.length;
    const kept = short ? this.#kept.slice(0, this.#safe.nodes) : [...this.#kept];
    kept.reverse();
    return {
      nodes: kept.map(({ node }) => node),
      tokens: kept.map(({ tokens }) => tokens),
      exchanges: short ? this.#safe.exchanges : this.#exchanges,
      limit: short ? 'tokens' : this.#limit,
    };
  }
}
