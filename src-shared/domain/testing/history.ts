import fc from 'fast-check';
import type { NewEvent } from '../events.ts';
import type { Target } from '../things.ts';

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

class Story {
  readonly events: NewEvent[];
  readonly #nodes: { id: string; kind: 'message' | 'turn' }[] = [];
  readonly #running = new Map<string, Running>();
  #broken: { turn: string; text: string; reasoning: string } | undefined;
  #queue: string[] = [];
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
