import type { Event, EventData, EventOf } from '#shared/domain/events.ts';
import type { SessionView } from '#shared/domain/session.ts';
import type { FileNode, FileTurn, Head, Queued, Summary, System } from './format.ts';

/** What of a session is told before its nodes. Pure. */
export function headOf(view: SessionView): Head {
  const { title, at, to, made, arrangement, window, forked, head, pinned, branchNames } = view;
  return {
    title: title.slice(0, 300),
    createdAt: at,
    to,
    made: made?.by === 'program' ? ({ ...made, by: 'program' } as Head['made']) : null,
    arrangement,
    window,
    forked,
    head,
    pinned: [...pinned],
    branchNames: Object.entries(branchNames).map(([branch, name]) => ({ branch, name })),
  };
}

export const queueOf = (view: SessionView): Queued[] => view.queue.map(({ id, text, to }) => ({ id, text, to }));

export const systemsIn = (events: readonly Event[]): System[] =>
  events.flatMap((event) => (event.type === 'system.told' ? { ...event.data, at: event.at } : []));

export const summariesIn = (events: readonly Event[]): Summary[] =>
  events.flatMap((event) => {
    if (event.type !== 'history.summarized') return [];
    const { summary: id, ...rest } = event.data;
    return { id, at: event.at, ...rest };
  });

interface Open {
  node: FileTurn;
  from: EventData<'turn.requested'>['from'];
  ended: boolean;
}

/**
 * Makes the nodes of a file from the events of a session, in order. A turn is told when its end and its track are there;
 * what was asked for later waits for it, so that the order stays.
 */
export class NodesOf {
  readonly #waiting: (Open | FileNode)[] = [];
  readonly #open = new Map<string, Open>();
  readonly #known = new Set<string>();
  readonly #isTold: (hash: string) => boolean;

  /** `isTold`: the system text with this hash is in the file. */
  constructor(isTold: (hash: string) => boolean) {
    this.#isTold = isTold;
  }

  /** The nodes that are whole now. */
  add(events: readonly Event[]): FileNode[] {
    const whole: FileNode[] = [];
    for (const event of events) {
      if (event.type !== 'turn.timed') this.#release(whole);
      this.#add(event);
    }
    return whole;
  }

  /** The rest: what has no end so far is interrupted here. */
  end(): FileNode[] {
    for (const open of this.#open.values()) {
      if (!open.ended) close(open);
      open.ended = true;
    }
    const whole: FileNode[] = [];
    this.#release(whole);
    return whole;
  }

  #release(whole: FileNode[]): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if ('kind' in first) whole.push(first);
      else if (first.ended) {
        this.#open.delete(first.node.id);
        whole.push(first.node);
      } else return;
      this.#waiting.shift();
    }
  }

  #add(event: Event): void {
    if (event.type === 'message.added') {
      const { message, parent, text, to } = event.data;
      this.#known.add(message);
      this.#waiting.push({ kind: 'message', id: message, parent, at: event.at, text, to });
    } else if (event.type === 'turn.requested') {
      // A copy of one path has not what its answers went on from.
      const from = event.data.from && this.#known.has(event.data.from.turn) ? event.data.from : undefined;
      const open: Open = { node: requested(event, from), from, ended: false };
      this.#known.add(open.node.id);
      this.#open.set(open.node.id, open);
      this.#waiting.push(open);
    } else if ('turn' in event.data) {
      const open = this.#open.get(event.data.turn);
      if (open !== undefined && (event.type !== 'turn.sent' || this.#isWhole(event.data, open))) tell(open, event);
    }
  }

  /** All that a receipt refers to stands before it. */
  #isWhole({ first, pinned, window, system, goesOn }: EventData<'turn.sent'>, { from }: Open): boolean {
    if (goesOn !== null && from === undefined) return false;
    const nodes = [first, ...pinned.map(({ node }) => node), ...(window.since === null ? [] : [window.since])];
    return nodes.every((node) => this.#known.has(node)) && (system === null || this.#isTold(system.hash));
  }
}

function requested({ at, data }: EventOf<'turn.requested'>, from: Open['from']): FileTurn {
  const { turn, parent, to, speaker, parameters, system } = data;
  return {
    kind: 'turn',
    id: turn,
    at,
    to,
    parent,
    speaker,
    ...(parameters && { parameters }),
    ...(system !== undefined && { system }),
    ...(from && { from: { turn: from.turn, text: 0, reasoning: 0, seams: 0 } }),
    attempts: [],
    state: 'interrupted',
    endedAt: at,
    text: data.from?.text ?? '',
    reasoning: data.from?.reasoning ?? '',
    seams: data.from?.seams ?? [],
    finish: null,
    problem: null,
    usage: null,
    timing: null,
    buffered: false,
    track: [],
  };
}

function tell(open: Open, event: Event): void {
  const { node } = open;
  switch (event.type) {
    case 'turn.sent': {
      const { turn: _, ...sent } = event.data;
      node.sent = sent;
      break;
    }
    case 'turn.connecting':
      node.attempts.push({ at: event.at, attempt: event.data.attempt });
      break;
    case 'turn.waiting': {
      const { attempt, ms, problem } = event.data;
      const failed = node.attempts.findLast((each) => each.attempt === attempt);
      if (failed !== undefined) failed.failed = { at: event.at, ms, problem };
      break;
    }
    case 'turn.part': {
      if (open.ended) break;
      const { offset, text, reasoningOffset = 0, reasoning } = event.data;
      node.text = node.text.slice(0, offset) + text;
      if (reasoning !== undefined) node.reasoning = node.reasoning.slice(0, reasoningOffset) + reasoning;
      node.endedAt = event.at;
      break;
    }
    case 'turn.finished': {
      const { turn: _, ...end } = event.data;
      Object.assign(node, end);
      node.endedAt = event.at;
      open.ended = true;
      close(open);
      break;
    }
    case 'turn.timed':
      node.track = event.data.track.filter((_, index) => index % 3 !== 0);
      break;
  }
}

/** What it began with is the beginning of what it has. */
function close({ node, from }: Open): void {
  if (from === undefined || node.from === undefined) return;
  node.from.text = common(node.text, from.text);
  node.from.reasoning = common(node.reasoning, from.reasoning);
  node.from.seams = Math.min(from.seams.length, node.seams.length);
}

function common(text: string, beginning: string): number {
  if (text.startsWith(beginning)) return beginning.length;
  let length = 0;
  while (length < beginning.length && text[length] === beginning[length]) length++;
  return length;
}
