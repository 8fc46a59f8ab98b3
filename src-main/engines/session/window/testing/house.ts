import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';
import type { Made, Speaker, Target } from '#shared/domain/things.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { type FakeClock, fakeClock, START } from '#shared/kit/testing/clock.ts';
import type { CommandRow, Log } from '../../../../log/log.ts';
import { openLog } from '../../../../log/open.ts';
import type { ChatRequest, Provider } from '../../../../providers/provider.ts';
import { Turns } from '../../../streaming/turns.ts';
import type { Answerer, AskOnce } from '../../ports.ts';
import { Sessions } from '../../sessions.ts';
import { SentRequests } from '../sent.ts';
import { Summarizer } from '../summarizer.ts';
import type { Tokenizer } from '../tokenizers.ts';
import { Tokens } from '../tokens.ts';
import { Windows } from '../windows.ts';

/** What a model says to a request; `broken`: it breaks off after that. */
export type Says = (request: ChatRequest) => string | { broken: string };

export interface HouseOptions {
  says?: Says;
  prefill?: boolean;
  info?: Answerer['info'];
  tokenizer?: Tokenizer;
  ask?: AskOnce;
  maxTokens?: number;
}

/** A session engine on a real log, with models that answer at once. */
export class House {
  readonly dir = mkdtempSync(join(tmpdir(), 'choragus-window-'));
  readonly clock: FakeClock = fakeClock();
  /** All that any model was ever given, in order. */
  readonly requests: ChatRequest[] = [];
  readonly warnings: { fields: object; message: string }[] = [];
  /** Persona of everybody. */
  persona = 'You are of help.';
  model = 'm';
  log!: Log;
  windows!: Windows;
  sessions!: Sessions;
  summarizer!: Summarizer;
  sent!: SentRequests;
  readonly #options: HouseOptions;
  readonly #ended = new Map<string, () => void>();
  #ids = 0;

  constructor(options: HouseOptions = {}) {
    this.#options = options;
    this.open();
  }

  open(): void {
    const { clock } = this;
    const logger = { warn: (fields: object, message: string) => void this.warnings.push({ fields, message }) };
    this.log = openLog({ dir: this.dir, clock, random: Math.random });
    const directory = { known: async () => {}, resolve: (to: Target) => this.#answerer(to) };
    const newId = () => this.id();
    const { log } = this;
    const turns = new Turns({
      ...{ log, clock, random: Math.random, logger },
      limits: { turns: 9, stallMs: 30_000, retries: 0 },
      observations: { streams: () => true, cannotStream: () => {} },
    });
    const tokens = new Tokens(this.#options.tokenizer ?? null, clock);
    this.windows = new Windows({ log, directory, tokens, newId, logger });
    const { windows } = this;
    this.sessions = new Sessions({ log, directory, turns, windows, newId, now: () => clock.now(), logger });
    this.sent = new SentRequests(log, tokens);
    this.summarizer = new Summarizer({
      ...{ log, directory, windows, newId, logger },
      ask: this.#options.ask ?? (() => Promise.reject(new Problem('NEEDS_MODEL', 'There is no model.'))),
      keep: (session, summary) => this.sessions.summarized(session, summary),
    });
    turns.ended.on(({ turn }) => this.#ended.get(turn)?.());
  }

  async close(): Promise<void> {
    this.summarizer.close();
    await this.log.close();
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.dir, { recursive: true });
  }

  id(): string {
    return uuidv7(START + ++this.#ids, Math.random);
  }

  row = (result: unknown = {}): CommandRow => ({ id: this.id(), hash: 'h', result });

  create(made?: Made): Promise<void> {
    return this.sessions.create({ session: 's', title: 'S', made }, this.row());
  }

  /** Says something and waits for the answer. */
  async say(text: string, specialist = 'apollo'): Promise<{ message: string; turn: string; request: ChatRequest }> {
    const message = this.id();
    const wish = { session: 's', message, text, to: { specialist }, whileRunning: 'queue' as const };
    const turn = await this.#answered((row) => this.sessions.send(wish, row));
    return { message, turn, request: this.#newest() };
  }

  async edit(replaces: string, text: string, specialist = 'apollo') {
    const message = this.id();
    const wish = { session: 's', replaces, message, text, to: { specialist } };
    const turn = await this.#answered((row) => this.sessions.edit(wish, row));
    return { message, turn, request: this.#newest() };
  }

  async retry(turn: string, to?: Target) {
    const again = await this.#answered((row) => this.sessions.retry('s', turn, to, row));
    return { turn: again, request: this.#newest() };
  }

  async goOn(turn: string) {
    const on = await this.#answered((row) => this.sessions.continue('s', turn, row));
    return { turn: on, request: this.#newest() };
  }

  /** All text that a model was given. */
  static words({ system, messages }: ChatRequest): string {
    return [system, ...messages.map(({ text }) => text)].join('\n');
  }

  async #answered(send: (row: (result: unknown) => CommandRow) => Promise<{ turn: string | null }>): Promise<string> {
    const ends = Promise.withResolvers<void>();
    // The turn's id is made before it starts.
    let turn: string | null = null;
    const row = (result: unknown) => {
      turn = (result as { turn: string }).turn;
      this.#ended.set(turn, ends.resolve);
      return this.row(result);
    };
    await send(row);
    await ends.promise;
    this.#ended.delete(turn ?? '');
    return turn ?? '';
  }

  #newest(): ChatRequest {
    return this.requests.at(-1) as ChatRequest;
  }

  #answerer(to: Target): Answerer {
    if (!('specialist' in to)) throw new Problem('NEEDS_MODEL', 'It needs a model.', 'Connect one.');
    const { specialist } = to;
    const name = specialist.charAt(0).toUpperCase() + specialist.slice(1);
    const { maxTokens, info } = this.#options;
    const at = { provider: 'p', providerName: 'P', model: this.model, offline: false };
    const speaker: Speaker = { specialist, name, ...at };
    const provider = this.#provider();
    const system = `${this.persona} Your name is ${name}.`;
    return { speaker, provider, system, temperature: 0.5, maxTokens, ...(info === undefined ? {} : { info }) };
  }

  #provider(): Provider {
    const { says = () => 'Noted.', prefill = false } = this.#options;
    return {
      ...{ id: 'p', name: 'P', kind: 'test', baseUrl: null, offline: false, prefill },
      models: async () => [],
      chat: async (request, _, take) => {
        this.requests.push(request);
        const said = says(request);
        take({ type: 'start' });
        take({ type: 'delta', text: typeof said === 'string' ? said : said.broken });
        if (typeof said === 'string') take({ type: 'finish', reason: 'stop' });
        else take({ type: 'error', problem: new Problem('PROVIDER_BROKE_OFF', 'It broke off.') });
      },
    };
  }
}
