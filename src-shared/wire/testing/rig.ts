import { z } from 'zod';
import { calls } from '../../contract/contract.ts';
import { Problem } from '../../domain/problem.ts';
import { type FakeClock, fakeClock } from '../../kit/testing/clock.ts';
import { type Client, type ClientState, type ConnectOptions, connect } from '../client.ts';
import { type Peer, type ServeOptions, serve } from '../peer.ts';
import type { Pipe } from '../pipe.ts';
import type { Handlers } from '../table.ts';
import { type Journal, journal } from './journal.ts';
import { Numbers } from './numbers.ts';

/** A small contract with one of each. */
export const contract = {
  calls: {
    'server.hello': calls['server.hello'],
    'server.ping': calls['server.ping'],
    echo: { params: z.object({ value: z.unknown() }), result: z.object({ value: z.unknown() }) },
    add: { params: z.object({ left: z.number(), right: z.number() }), result: z.object({ sum: z.number() }) },
    /** Answered when the test says so. */
    wait: { params: z.object({ name: z.string() }), result: z.object({ name: z.string() }) },
    note: { params: z.object({ command: z.uuidv7(), text: z.string() }), result: z.object({ notes: z.number() }) },
    refuse: { params: z.object({}), result: z.object({}) },
    crash: { params: z.object({}), result: z.object({}) },
    /** An answer that is not what the contract says. */
    lie: { params: z.object({}), result: z.object({ truth: z.boolean() }) },
  },
  streams: {
    numbers: {
      params: z.object({ after: z.number() }),
      item: z.object({ n: z.number(), text: z.string().optional() }),
    },
    refused: { params: z.object({}), item: z.object({}) },
  },
};
export type TestContract = typeof contract;

export type Frame = string | Uint8Array<ArrayBuffer>;

/** Both ends of a connection, and what may be thrown at them past the pipes. */
export interface Pair {
  server: Pipe;
  client: Pipe;
  /** Lets the far end receive exactly this as one frame: a text, or bytes. */
  toServer(frame: Frame): void;
  toClient(frame: Frame): void;
}

export interface Waiting {
  name: string;
  answer: () => void;
  signal: AbortSignal;
}

/** The server's side, kept over reconnections as an engine is. */
export class Rig {
  readonly clock: FakeClock = fakeClock();
  readonly numbers = new Numbers();
  readonly waiting: Journal<Waiting> = journal();
  readonly notes: Journal<{ command: string; text: string }> = journal();
  readonly peers: Journal<Peer> = journal();
  readonly pairs: Pair[] = [];
  readonly ends: Journal<string> = journal();
  readonly states: Journal<ClientState> = journal();
  readonly logged: string[] = [];
  readonly #newPair: () => Promise<Pair>;
  readonly #clients: Client<TestContract>[] = [];
  limits: { maxStreams?: number; maxCalls?: number; heartbeatMs?: number } = {};
  /** Stands between the pipe and the peer, or the client. */
  serverSide: (pipe: Pipe) => Pipe = (pipe) => pipe;
  clientSide: (pipe: Pipe) => Pipe = (pipe) => pipe;

  constructor(newPair: () => Promise<Pair>) {
    this.#newPair = newPair;
  }

  /** A served connection with nobody at the client's end yet. */
  async accept(): Promise<Pair> {
    const pair = await this.#newPair();
    this.pairs.push(pair);
    const options: ServeOptions<TestContract> = {
      contract,
      handlers: this.handlers,
      clock: this.clock,
      ...this.limits,
      onClose: (reason) => this.ends.add(reason),
      log: (what) => void this.logged.push(what),
    };
    this.peers.add(serve(this.serverSide(pair.server), options));
    return pair;
  }

  client(
    open = async () => this.clientSide((await this.accept()).client),
    more: Partial<ConnectOptions<TestContract>> = {},
  ): Client<TestContract> {
    const client = connect({
      open,
      contract,
      client: { name: 'test', version: '1' },
      clock: this.clock,
      random: () => 0.5,
      onState: (state) => this.states.add(state),
      ...more,
    });
    this.#clients.push(client);
    return client;
  }

  async connected(): Promise<Client<TestContract>> {
    const client = this.client();
    await this.states.until((all) => all.at(-1)?.kind === 'connected');
    return client;
  }

  get pair(): Pair {
    return this.pairs.at(-1)!;
  }

  get peer(): Peer {
    return this.peers.entries.at(-1)!;
  }

  close(): void {
    for (const client of this.#clients) client.close();
    for (const { server, client } of this.pairs) {
      server.close();
      client.close();
    }
  }

  handlers: Handlers<TestContract> = {
    calls: {
      'server.hello': async () => ({
        version: '0.1.0',
        epoch: 'e',
        host: null,
        notices: [{ message: 'Good morning.' }],
      }),
      echo: async ({ value }) => ({ value }),
      add: async ({ left, right }) => ({ sum: left + right }),
      wait: ({ name }, { signal }) =>
        new Promise((resolve) => this.waiting.add({ name, answer: () => resolve({ name }), signal })),
      note: async ({ command, text }) => {
        if (!this.notes.entries.some((each) => each.command === command)) this.notes.add({ command, text });
        return { notes: this.notes.entries.length };
      },
      refuse: async () => {
        throw new Problem('BUSY', 'A turn is running.', 'Stop it first.');
      },
      crash: async () => {
        throw new Error('a secret detail');
      },
      lie: async () => ({ truth: 'no' }) as never,
    },
    streams: {
      numbers: async ({ after }) => this.numbers.from(after),
      refused: async () => {
        throw new Problem('NOT_FOUND', 'There is no such stream of facts.', 'Choose another.');
      },
    },
  };
}
