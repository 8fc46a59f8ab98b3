import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#shared/kit/clock.ts';
import { systemClock } from '../../../hosts/clock.ts';
import { startTestServer, type TestServer } from '../../../providers/testing/server.ts';
import { type Composed, composed } from '../../../testing/composed.ts';
import { serveAreas } from '../../testing/area-harness.ts';
import { v2 } from '../v2.ts';

export interface ReadEvent {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server sent
  data: any;
}

/** Reads server-sent events one by one; what stands between them is checked to be a comment. */
export class EventReader {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';

  constructor(response: Response) {
    this.response = response;
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Null: the stream has ended. */
  async next(): Promise<ReadEvent | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        if (block.startsWith(':')) continue;
        const [, id = '', data] = /^(?:id: (.*)\n)?data: (.*)$/.exec(block) ?? [];
        if (data === undefined) throw new Error(`This is no event: ${block}`);
        return { id, data: JSON.parse(data) };
      }
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }

  async rest(): Promise<ReadEvent[]> {
    const events: ReadEvent[] = [];
    for (let event = await this.next(); event !== null; event = await this.next()) events.push(event);
    return events;
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }
}

export const textOf = (events: readonly ReadEvent[]) =>
  events.map(({ data }) => (data.type === 'content' ? data.data : '')).join('');

/** v2 over the whole app, with one AI service that a test drives. It can be started again on the same folder. */
export class Rest {
  readonly dir = mkdtempSync(join(tmpdir(), 'choragus-v2-'));
  readonly ai: TestServer;
  readonly clock: Clock;
  url = '';
  app!: Composed;
  #stop: () => Promise<void> = async () => {};

  static async start(clock: Clock = systemClock): Promise<Rest> {
    const rest = new Rest(await startTestServer(), clock);
    await rest.open();
    return rest;
  }

  private constructor(ai: TestServer, clock: Clock) {
    this.ai = ai;
    this.clock = clock;
  }

  async open(): Promise<void> {
    const near = { id: 'near', kind: 'openai-compatible', baseUrl: `${this.ai.url}/v1`, models: ['m'] };
    const app = await composed(this.dir, {
      config: { providers: [near], localServices: false },
      clock: this.clock,
    });
    const served = await serveAreas([v2], { choragus: app.choragus, clock: this.clock });
    this.app = app;
    this.url = served.url;
    this.#stop = async () => {
      await served.close();
      await app.close();
    };
  }

  /** Stops everything, answers that run included, and starts it again on the same folder. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.open();
  }

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the server sent
  async json(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const response = await this.ask(method, path, body);
    return { status: response.status, body: await response.json() };
  }

  async events(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<EventReader> {
    return new EventReader(await this.ask(method, path, body, headers));
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.ai.close();
    rmSync(this.dir, { recursive: true });
  }
}
