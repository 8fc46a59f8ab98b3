import fc from 'fast-check';
import type { EventData, NewEvent } from '../events.ts';
import { type Arrangement, type Target, usualWindow } from '../things.ts';

/** For `history`: how long it is and what happens in it. */
export const choices = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200, size: 'max' });

/** What may happen in a session, in legal order: each number chooses one of the things that can happen next. */
export function history(steps: readonly number[]): NewEvent[] {
  const story = new Story();
  for (const step of steps) story.step(step);
  return story.events;
}

interface Running {
  text: string;
  reasoning: string;
  attempt: number;
  started: boolean;
}

const targets: Target[] = [{ specialist: 'editor' }, { provider: 'simulator', model: 'fluent' }];
const words = ['one ', 'Grüße ', '', '語', 'e\u0301', '😀', '"quoted" ', 'line\n', 'a longer piece of text '];
const problem = { code: 'PROVIDER_RATE_LIMITED' as const, message: 'Too many requests.', next: 'Wait.' };
const speaker = { name: 'Editor', provider: 'simulator', providerName: 'Simulator', model: 'fluent', offline: false };

const sent = (turn: string, first: string): EventData<'turn.sent'> => ({
  turn,
  provider: 'simulator',
  model: 'fluent',
  window: usualWindow,
  budget: { tokens: 8000, of: 'assumed' },
  system: { hash: 'h0', tokens: 12 },
  summary: null,
  pinned: [],
  first,
  messages: 1,
  tokens: 5,
  goesOn: null,
  parameters: {},
  leftOut: null,
  total: 17,
  estimated: true,
  digest: 'd',
});

class Story {
  readonly events: NewEvent[];
  readonly #nodes: { id: string; kind: 'message' | 'turn' }[] = [];
  readonly #running = new Map<string, Running>();
  #broken: { turn: string; text: string; reasoning: string } | undefined;
  #queue: string[] = [];
  readonly #summaries: string[] = [];
  #count = 0;
  #dice = 0;

  constructor() {
    this.events = [{ type: 'session.created', data: { title: 'A session', to: targets[0] } }];
  }

  step(choice: number): void {
    this.#dice = choice;
    const messages = this.#nodes.filter((node) => node.kind === 'message').map((node) => node.id);
    const running = [...this.#running.keys()];
    if (running.length > 0 && this.#roll(10) < 7) this.#go(this.#pick(running));
    else if (messages.length > 0 && this.#roll(3) === 0) this.#request(this.#pick(messages.slice(-3)));
    else if (this.#nodes.length > 0 && this.#roll(4) === 0) this.#keep();
    else this.#converse();
  }

  /** A number below `sides`: the choice is all there is of chance. */
  #roll(sides: number): number {
    this.#dice = (Math.imul(this.#dice, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (this.#dice >>> 8) % sides;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#roll(from.length)]!;
  }

  #add<T extends NewEvent['type']>(type: T, data: Extract<NewEvent, { type: T }>['data']): void {
    this.events.push({ type, data } as NewEvent);
  }

  #node(kind: 'message' | 'turn'): string {
    const id = `n${++this.#count}`;
    this.#nodes.push({ id, kind });
    return id;
  }

  #converse(): void {
    const to = this.#pick(targets);
    const text = this.#pick(words) + this.#roll(100);
    const kind = this.#roll(this.#nodes.length === 0 ? 5 : 8);
    const queued = this.#queue.length > 0 ? this.#pick(this.#queue) : undefined;
    if (kind === 0) this.#add('session.renamed', { title: text });
    else if (kind === 1 && queued === undefined) this.#enqueue({ message: `q${++this.#count}`, text, to });
    else if (kind === 1) this.#add('queue.edited', { message: queued!, text, to });
    else if (kind === 2) this.#enqueue({ message: `q${++this.#count}`, text, to });
    else if (kind === 3 && queued !== undefined) this.#dequeue(queued);
    else if (kind === 7) this.#add('head.moved', { head: this.#pick(this.#nodes).id });
    else {
      const parent = this.#roll(6) === 0 ? null : (this.#nodes.at(-1 - this.#roll(3))?.id ?? null);
      this.#add('message.added', { message: this.#node('message'), parent, text, to });
    }
  }

  /** What is told of a session and its nodes beside what is said. */
  #keep(): void {
    const text = this.#pick(words) + this.#roll(100);
    const { id: node } = this.#pick(this.#nodes);
    const yes = this.#roll(2) === 0;
    const kind = this.#roll(6);
    if (kind === 0) this.#add('session.arranged', this.#arrangement());
    else if (kind === 1) this.#add('window.set', { window: { ...usualWindow, exchanges: this.#roll(20) + 1 } });
    else if (kind === 2) this.#add('node.pinned', { node, pinned: yes });
    else if (kind === 3) this.#add('branch.named', { branch: node, name: yes ? text : null });
    else if (kind === 4) this.#add('system.told', { hash: `h${this.#roll(3)}`, text });
    else {
      const after = this.#summaries.length > 0 && yes ? this.#pick(this.#summaries) : null;
      const summary = `s${++this.#count}`;
      this.#summaries.push(summary);
      this.#add('history.summarized', { summary, upTo: node, after, text, by: yes ? speaker : null });
    }
  }

  #arrangement(): Partial<Arrangement> {
    const all: Partial<Arrangement>[] = [
      { pinned: this.#roll(2) === 0 },
      { folder: this.#pick([null, 'Work', 'Garden']) },
      { tags: this.#pick([[], ['red'], ['red', 'blue']]) },
      { archived: this.#roll(2) === 0 },
      { trashed: this.#roll(2) === 0, folder: 'Work' },
    ];
    return this.#pick(all);
  }

  #enqueue(data: { message: string; text: string; to: Target }): void {
    this.#queue.push(data.message);
    this.#add('queue.added', data);
  }

  #dequeue(message: string): void {
    this.#queue = this.#queue.filter((each) => each !== message);
    this.#add('queue.removed', { message, reason: this.#pick(['sent', 'removed']) });
  }

  #request(parent: string): void {
    const turn = this.#node('turn');
    const broken = this.#roll(3) === 0 ? this.#broken : undefined;
    const from = broken && { ...broken, seams: [{ offset: broken.text.length, reason: 'broke off' }] };
    const { text, reasoning } = broken ?? { text: '', reasoning: '' };
    this.#running.set(turn, { text, reasoning, attempt: 0, started: false });
    this.#add('turn.requested', { turn, parent, to: this.#pick(targets), speaker, ...(from && { from }) });
    if (this.#roll(2) === 0) this.#add('turn.sent', sent(turn, parent));
  }

  #go(turn: string): void {
    const running = this.#running.get(turn)!;
    const kind = this.#roll(10);
    if (kind === 0) this.#finish(turn, running);
    else if (running.attempt === 0 || (!running.started && kind === 1))
      this.#add('turn.connecting', { turn, attempt: ++running.attempt });
    else if (!running.started && kind < 4)
      this.#add('turn.waiting', { turn, attempt: running.attempt, ms: this.#roll(1000), problem });
    else this.#part(turn, running);
  }

  #part(turn: string, running: Running): void {
    running.started = true;
    const [text, thinks] = [this.#pick(words), this.#roll(3) === 0];
    const reasoning = thinks
      ? { reasoningOffset: running.reasoning.length, reasoning: `because ${this.#roll(9)} ` }
      : {};
    this.#add('turn.part', { turn, offset: running.text.length, text, ...reasoning });
    running.text += text;
    running.reasoning += reasoning.reasoning ?? '';
  }

  #finish(turn: string, { text, reasoning }: Running): void {
    this.#running.delete(turn);
    this.#broken = { turn, text, reasoning };
    const state = this.#pick(['done', 'failed', 'stopped', 'interrupted'] as const);
    this.#add('turn.finished', {
      turn,
      state,
      text,
      reasoning,
      seams: this.#roll(3) === 0 ? [{ offset: 1, reason: 'broke off' }] : [],
      finish: state === 'done' ? 'stop' : null,
      problem: state === 'failed' ? problem : null,
      usage: { output: this.#roll(100) },
      timing: null,
      buffered: this.#roll(5) === 0,
    });
    if (this.#roll(2) === 0) this.#add('turn.timed', { turn, track: [1, 2, 3] });
  }
}
