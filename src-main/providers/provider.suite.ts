import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProviderKind } from '#shared/domain/providers.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { type Body, type Http, nodeHttp } from './http.ts';
import { type ChatRequest, type ProviderPart, ProviderRefusal } from './provider.ts';
import { collect, expectOrder, request, textOf } from './testing/collect.ts';
import { make, never } from './testing/make.ts';
import type { Received } from './testing/server.ts';
import * as act from './testing/server.ts';
import type { StreamShape } from './testing/streams.ts';

/** What a dialect must bring so that the suite can speak it. */
export interface DialectSpec {
  kind: ProviderKind;
  /** Where chat requests must arrive, when the base URL is the server's own with /v1. */
  path: string;
  /** How the key must come. */
  keyHeader: [name: string, value: (key: string) => string];
  stream(tokens: readonly string[], shape?: StreamShape): (string | Uint8Array)[];
  /** How many events of a stream come before the first token. */
  leading: number;
  /** How many come after the one that says why it finished. */
  trailing: number;
  whole(text: string): unknown;
  error(): string | Uint8Array;
  /** What was asked lies there. */
  said(body: Received['body']): unknown[];
  /** A list of models, as this service would give it. */
  list(models: readonly { id: string; contextWindow?: number }[]): unknown;
  /** What the dialect cannot show, and why. */
  cannot?: Partial<Record<Show, string>>;
}

type Show =
  | 'reasoning'
  /** The end of a dialect's stream can be told before the connection ends. */
  | 'end mark'
  | 'late figures'
  /** Parts come out in the same turn of the event loop in which their bytes came. */
  | 'synchronous'
  | 'list'
  | 'context';

/** Where packages would look for keys and addresses by themselves. */
const environment = [
  ...['OPENAI', 'ANTHROPIC', 'GOOGLE_GENERATIVE_AI', 'MISTRAL', 'GROQ', 'XAI', 'DEEPSEEK', 'AZURE'].flatMap((name) => [
    `${name}_API_KEY`,
    `${name}_BASE_URL`,
  ]),
  'AZURE_RESOURCE_NAME',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ENDPOINT_URL',
];
const KEY = 'sk-secret-0123456789abcdef';
const tokens = ['Grüße', ', ', 'Wörld', ' — ', '你好', ' 🙂', '.'];
const text = tokens.join('');

/** One suite for every adapter over HTTP, against a real server that does what real servers do wrong. */
export function suite(spec: DialectSpec) {
  describe(`provider over HTTP: ${spec.kind}`, () => {
    let server: act.TestServer;
    const clock = fakeClock();
    /** What a dialect cannot show, for the reason that `cannot` gives, is no test of it. */
    const can = (show: Show) => spec.cannot?.[show] === undefined;
    const shows = (show: Show, title: string, test: () => Promise<void>) => {
      if (can(show)) it(title, test);
    };
    let key: string | undefined = KEY;
    const provider = (baseUrl = `${server.url}/v1`) => make(spec.kind, baseUrl, { clock, key: async () => key });
    const ask = (change: Partial<ChatRequest> = {}) => collect(provider(), request(change), never());

    /** Asks and expects a refusal before the first part. */
    async function refusal(change: Partial<ChatRequest> = {}): Promise<ProviderRefusal> {
      const { parts, error } = await ask(change);
      expect(parts).toEqual([]);
      expect(error).toBeInstanceOf(ProviderRefusal);
      const refused = error as ProviderRefusal;
      expect(refused.problem.message).toMatch(/[.…]$/);
      expect(refused.problem.next).toBeTruthy();
      expect(JSON.stringify([refused.problem.toBody(), refused.message])).not.toContain(KEY);
      return refused;
    }

    /** Asks and expects a beginning and then an error as the last part. */
    async function failure(each?: (part: ProviderPart) => void) {
      const { parts, error } = await collect(provider(), request(), never(), each);
      expect(error).toBeUndefined();
      expectOrder(parts);
      const last = parts.at(-1)!;
      if (last.type !== 'error') return expect.unreachable(`ended with ${last.type}`);
      return { text: textOf(parts), problem: last.problem };
    }

    beforeAll(async () => {
      server = await act.startTestServer();
    });
    afterEach(() => {
      key = KEY;
      server.forget();
    });
    afterAll(() => server.close());

    it('streams: start, one delta per token, usage, finish', async () => {
      server.next(act.stream(spec.stream(tokens)));
      const { parts } = await ask();
      expectOrder(parts);
      expect(parts[0]).toEqual({ type: 'start' });
      expect(parts.filter(({ type }) => type === 'delta')).toEqual(
        tokens.map((each) => ({ type: 'delta', text: each })),
      );
      const usage = Object.assign({}, ...parts.map((part) => (part.type === 'usage' ? part.usage : {})));
      expect(usage).toEqual({ input: 7, output: tokens.length });
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    });

    shows('reasoning', 'gives reasoning apart from text', async () => {
      server.next(act.stream(spec.stream(['Yes.'], { reasoning: ['Let me ', 'think.'] })));
      const { parts } = await ask();
      expect(parts.filter(({ type }) => type === 'reasoning')).toEqual([
        { type: 'reasoning', text: 'Let me ' },
        { type: 'reasoning', text: 'think.' },
      ]);
      expect(textOf(parts)).toBe('Yes.');
    });

    it('says when the length was the reason to finish', async () => {
      server.next(act.stream(spec.stream(['Yes.'], { finish: 'length' })));
      expect((await ask()).parts.at(-1)).toEqual({ type: 'finish', reason: 'length' });
    });

    it.each([1, 2, 3, 7, 64])('gives the same parts when the bytes come in pieces of %i', async (split) => {
      const events = spec.stream(tokens, { reasoning: ['hm'] });
      server.next(act.stream(events), act.stream(events, { split }));
      const whole = await ask();
      expect(await ask()).toEqual(whole);
    });

    it('asks at the right place, with the key, the system text and the messages', async () => {
      server.next(act.stream(spec.stream(['ok'])));
      await ask({
        messages: [
          { role: 'user', text: 'One?' },
          { role: 'assistant', text: '1' },
          { role: 'user', text: 'Two?' },
        ],
      });
      const { method, path, headers, body } = server.requests.at(-1)!;
      expect([method, path]).toEqual(['POST', spec.path]);
      expect(headers[spec.keyHeader[0]]).toBe(spec.keyHeader[1](KEY));
      expect(headers['content-type']).toBe('application/json');
      expect(act.asksToStream(server.requests.at(-1)!)).toBe(true);
      expect(body.model ?? path).toContain('test-model');
      expect(JSON.stringify(body)).toContain('Be brief.');
      expect(spec.said(body).slice(-3)).toEqual(['One?', '1', 'Two?']);
    });

    it('sends no key where there is none, whatever the environment holds', async () => {
      key = undefined;
      for (const name of environment) vi.stubEnv(name, 'canary');
      server.next(act.stream(spec.stream(['ok'])));
      await ask();
      vi.unstubAllEnvs();
      const { headers } = server.requests.at(-1)!;
      expect(headers).not.toHaveProperty(spec.keyHeader[0]);
      expect(JSON.stringify(headers)).not.toContain('canary');
    });

    it('tells that something arrives, even before the first part', async () => {
      let heard = 0;
      const before = spec.stream(tokens).slice(0, spec.leading);
      server.next(act.stream(before, { ending: 'silence' }));
      const stop = new AbortController();
      const asked = collect(provider(), request({ heard: () => heard++ }), stop.signal);
      await expect.poll(() => heard).toBeGreaterThan(0);
      stop.abort();
      expect((await asked).parts).toEqual([]);
    });

    it('gives a whole answer when that is asked for, marked as buffered', async () => {
      server.next(act.json(spec.whole('All at once.')));
      const { parts } = await ask({ stream: false });
      expect(act.asksToStream(server.requests.at(-1)!)).toBe(false);
      expect(parts[0]).toEqual({ type: 'start', buffered: true });
      expectOrder(parts);
      expect(textOf(parts)).toBe('All at once.');
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    });

    it('takes a whole answer from a server that does not heed the wish to stream', async () => {
      server.next(act.json(spec.whole('All at once.')));
      const { parts } = await ask();
      expect(parts[0]).toEqual({ type: 'start', buffered: true });
      expect(textOf(parts)).toBe('All at once.');
    });

    it('reads an event stream whatever its content type says', async () => {
      server.next(act.stream(spec.stream(tokens), { contentType: 'application/json' }));
      expect(textOf((await ask()).parts)).toBe(text);
    });

    it('tells that the AI cannot stream, so that it can be asked for the whole', async () => {
      server.next(act.onlyWhole(spec.whole('Whole.')), act.onlyWhole(spec.whole('Whole.')));
      expect((await refusal()).problem.code).toBe('PROVIDER_CANNOT_STREAM');
      expect(textOf((await ask({ stream: false })).parts)).toBe('Whole.');
    });

    it('tells an empty stream from an answer, so that it can be asked for the whole', async () => {
      server.next(act.stream([]), act.stream(spec.stream([], { finish: null })));
      const first = await refusal();
      expect([first.problem.code, first.retryable]).toEqual(['PROVIDER_EMPTY', false]);
      expect((await refusal()).problem.code).toBe('PROVIDER_EMPTY');
    });

    it('lets an answer without any text be an answer when its finish was told', async () => {
      server.next(act.stream(spec.stream([], { finish: 'length' })));
      expect((await ask()).parts.filter(({ type }) => type !== 'usage')).toEqual([
        { type: 'start' },
        { type: 'finish', reason: 'length' },
      ]);
    });

    const untilThird = () => spec.stream(tokens).slice(0, spec.leading + 3);

    it.each(['cut', 'reset'] as const)(
      'keeps the text and says so when the connection is %s in mid-stream',
      async (ending) => {
        const { promise: gate, resolve: open } = Promise.withResolvers<void>();
        server.next(act.stream(untilThird(), { ending, gate }));
        const failed = await failure((part) => part.type === 'delta' && part.text === tokens[2] && open());
        expect(failed?.text).toBe(tokens.slice(0, 3).join(''));
        expect(failed?.problem.code).toBe('PROVIDER_BROKE_OFF');
        expect(failed?.problem.message).toMatch(/^Test Service closed the connection/);
      },
    );

    it('takes an orderly end without a finish as broken off', async () => {
      server.next(act.stream(untilThird()));
      const failed = await failure();
      expect(failed?.text).toBe(tokens.slice(0, 3).join(''));
      expect(failed?.problem.code).toBe('PROVIDER_BROKE_OFF');
    });

    it('takes a torn last event as broken off', async () => {
      const events = untilThird();
      server.next(act.stream([...events.slice(0, -1), events.at(-1)!.slice(0, -20)]));
      const failed = await failure();
      expect(failed?.text).toBe(tokens.slice(0, 2).join(''));
      expect(failed?.problem.code).toBe('PROVIDER_BROKE_OFF');
    });

    it('may be asked again when it breaks off before the first part', async () => {
      const leading = spec.stream(tokens).slice(0, spec.leading);
      const bytes = Buffer.concat(leading.map((each) => Buffer.from(each)));
      server.next(act.stream([bytes.subarray(0, -30)]), act.stream(leading, { ending: 'cut' }), act.hangUp);
      const torn = await refusal();
      expect([torn.problem.code, torn.retryable]).toEqual(['PROVIDER_BROKE_OFF', true]);
      const afterHeaders = await refusal();
      expect([afterHeaders.problem.code, afterHeaders.retryable]).toEqual(['PROVIDER_BROKE_OFF', true]);
      const before = await refusal();
      expect([before.problem.code, before.retryable]).toEqual(['PROVIDER_UNREACHABLE', true]);
    });

    it('passes on an error that the provider reports in the stream', async () => {
      server.next(act.stream([...untilThird(), spec.error(), ...spec.stream(['more'])]));
      const failed = await failure();
      expect(failed?.text).toBe(tokens.slice(0, 3).join(''));
      expect(failed?.problem.code).toBe('PROVIDER_FAILED');
      expect(failed?.problem.message).toMatch(/^Test Service reported an error: /);
    });

    it('may be asked again when the error comes before the first part', async () => {
      server.next(act.stream([...spec.stream(tokens).slice(0, spec.leading), spec.error()]));
      const refused = await refusal();
      expect([refused.problem.code, refused.retryable]).toEqual(['PROVIDER_FAILED', true]);
    });

    it.each([
      ['broken JSON', 'data: {"choices":[{"delta"\n\n'],
      ['a list', 'data: [1,2]\n\n'],
      ['a number', 'data: 7\n\n'],
      ['binary junk', 'data: \u0000\u0001\ufffd\n\n'],
    ])('calls %s in the middle garbled and keeps the text', async (_, event) => {
      server.next(act.stream([...untilThird(), event, ...spec.stream(['more'])]));
      const failed = await failure();
      expect(failed?.text).toBe(tokens.slice(0, 3).join(''));
      expect(failed?.problem.code).toBe('PROVIDER_GARBLED');
    });

    it.each([
      ['a web page', act.html()],
      ['plain text', act.text('Hello there', 'text/plain')],
      ['broken JSON', act.text('{"choices": [', 'application/json')],
      ['JSON of another kind', act.json({ hello: 'world' })],
      ['a JSON list', act.json([])],
    ])('calls %s instead of an answer garbled', async (_, answer) => {
      server.next(answer, answer);
      expect((await refusal()).problem.code).toBe('PROVIDER_GARBLED');
      expect((await refusal({ stream: false })).problem.code).toBe('PROVIDER_GARBLED');
    });

    it.each([
      ['line', 'x'.repeat(65_536), 'data: '],
      ['line that is no field', 'x'.repeat(65_536), ''],
      ['event', `data: ${'x'.repeat(65_536)}\n`, ''],
      ['row of blank lines', '\n'.repeat(65_536), ':\n'],
    ])('leaves an endless %s early', async (_, piece, head) => {
      server.next(act.endless(piece, head));
      expect((await refusal()).problem.code).toBe('PROVIDER_GARBLED');
      await server.requests.at(-1)!.closed;
    });

    it('says so when it is a web page that came', async () => {
      server.next(act.html());
      expect((await refusal()).problem.message).toBe('Test Service sent a web page (HTML) instead of an answer.');
    });

    it.each([
      [401, 'PROVIDER_REFUSED', false],
      [402, 'PROVIDER_REFUSED', false],
      [403, 'PROVIDER_REFUSED', false],
      [404, 'PROVIDER_REFUSED', false],
      [400, 'PROVIDER_REFUSED', false],
      [413, 'PROVIDER_REFUSED', false],
      [302, 'PROVIDER_REFUSED', false],
      [408, 'PROVIDER_FAILED', true],
      [429, 'PROVIDER_RATE_LIMITED', true],
      [500, 'PROVIDER_FAILED', true],
      [502, 'PROVIDER_FAILED', true],
      [503, 'PROVIDER_FAILED', true],
      [529, 'PROVIDER_FAILED', true],
    ] as const)(
      'tells status %i as %s, retryable: %s, with a page of HTML as well',
      async (code, problem, retryable) => {
        server.next(act.status(code), act.html(code));
        const refused = await refusal();
        expect([refused.problem.code, refused.retryable]).toEqual([problem, retryable]);
        const page = await refusal();
        expect([page.problem.code, page.retryable]).toEqual([problem, retryable]);
      },
    );

    it('tells a missing key from a wrong one, and never the key itself', async () => {
      server.next(act.status(401, {}, `Incorrect key ${KEY} (Bearer ${KEY})`));
      expect((await refusal()).problem.message).toMatch(/does not accept the key/);
      key = 'like+no/other=';
      server.next(act.status(401, {}, `Incorrect key ${key}`), act.status(401));
      expect((await refusal()).problem.message).toBe('Test Service does not accept the key: Incorrect key [key].');
      key = undefined;
      expect((await refusal()).problem.message).toMatch(/wants a key/);
    });

    it.each([
      ['My secret question', 'Invalid content: My secret question!'],
      ['A long\nquestion with a secret in it.', "Invalid value: 'question with a secret in it.'"],
    ])('does not pass on what quotes the message: %s', async (text, complaint) => {
      server.next(act.status(400, {}, complaint), act.status(400, {}, 'Invalid content.'));
      const messages = [{ role: 'user' as const, text }];
      expect((await refusal({ messages })).problem.message).toBe('Test Service refused the request with status 400.');
      expect((await refusal({ messages })).problem.message).toMatch(/: Invalid content\.$/);
    });

    it('refuses a key that no header can hold without asking, and does not tell it', async () => {
      key = 'two\nlines';
      const asked = server.requests.length;
      const refused = await refusal();
      expect(refused.problem.code).toBe('PROVIDER_REFUSED');
      expect(refused.problem.message).not.toContain('lines');
      expect(server.requests).toHaveLength(asked);
    });

    it.each([
      ['seconds', { 'retry-after': '7' }, 7000],
      ['fractions of seconds', { 'retry-after': '0.25' }, 250],
      ['a date', { 'retry-after': new Date(fakeClock().now() + 90_000).toUTCString() }, 90_000],
      ['a date that is over', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
      ['milliseconds', { 'retry-after': '9', 'retry-after-ms': '1234' }, 1234],
      ['nonsense', { 'retry-after': 'soon' }, undefined],
    ] as const)('hears when to ask again, in %s', async (_, headers, ms) => {
      server.next(act.status(429, headers));
      expect((await refusal()).retryAfterMs).toBe(ms);
    });

    it('names the model that is not there', async () => {
      server.next(act.status(404, {}, "The model 'test-model' does not exist."));
      expect((await refusal()).problem.message).toMatch(/^Test Service has no model test-model/);
    });

    it('tells the address when nothing is there', async () => {
      server.next(act.text('404 page not found', 'text/plain', 404));
      expect((await refusal()).problem.message).toContain(`${server.url}/v1`);
    });

    it('says in plain words that nothing listens', async () => {
      const gone = await act.startTestServer();
      await gone.close();
      const { error } = await collect(provider(`${gone.url}/v1`), request(), never());
      expect(error).toBeInstanceOf(ProviderRefusal);
      const { problem, retryable } = error as ProviderRefusal;
      expect(problem.code).toBe('PROVIDER_UNREACHABLE');
      expect(problem.message).toBe(`Nothing listens at ${new URL(gone.url).host}.`);
      expect(retryable).toBe(true);
    });

    it('closes the socket when stopped in mid-stream, and ends with the reason', async () => {
      server.next(act.stream(untilThird(), { ending: 'silence' }));
      const stop = new AbortController();
      const reason = new Error('stopped');
      const { parts, error } = await collect(provider(), request(), stop.signal, (part) => {
        if (part.type === 'delta' && part.text === tokens[2]) stop.abort(reason);
      });
      expect(textOf(parts)).toBe(tokens.slice(0, 3).join(''));
      expect(error).toBe(reason);
      await server.requests.at(-1)!.closed;
    });

    it('closes the socket when stopped before the first byte', async () => {
      const stop = new AbortController();
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
      server.next(() => arrive());
      const asked = collect(provider(), request(), stop.signal);
      await arrived;
      stop.abort(new Error('stopped'));
      expect((await asked).error).toEqual(new Error('stopped'));
      await server.requests.at(-1)!.closed;
    });

    it('asks nothing when it was stopped before', async () => {
      const asked = server.requests.length;
      const { error } = await collect(provider(), request(), AbortSignal.abort(new Error('stopped')));
      expect(error).toEqual(new Error('stopped'));
      expect(server.requests).toHaveLength(asked);
    });

    it('closes the socket when whoever takes throws, gives nothing more, and tells it', async () => {
      server.next(act.stream(untilThird(), { ending: 'silence' }));
      const { parts, error } = await collect(provider(), request(), never(), ({ type }) => {
        if (type === 'delta') throw new Error('no room');
      });
      expect(error).toEqual(new Error('no room'));
      expect(parts.filter(({ type }) => type === 'delta')).toHaveLength(1);
      await server.requests.at(-1)!.closed;
    });

    shows('synchronous', 'gives each token in the same turn of the event loop in which its bytes came', async () => {
      server.next(act.stream(spec.stream(tokens)));
      const http = nodeHttp();
      let arriving = false;
      const watched: Http = async (asked) => {
        const response = await http(asked);
        const read: Body['read'] = (take) =>
          response.body.read((bytes) => {
            arriving = true;
            const answer = take(bytes);
            arriving = false;
            return answer;
          });
        return { ...response, body: { read } };
      };
      const atOnce: boolean[] = [];
      const one = make(spec.kind, `${server.url}/v1`, { clock, http: watched });
      await collect(one, request(), never(), ({ type }) => type === 'delta' && atOnce.push(arriving));
      expect(atOnce).toEqual(tokens.map(() => true));
    });

    it('is held back by whoever takes, and loses and reorders nothing', async () => {
      // More than the buffers of the system hold.
      const many = Array.from({ length: 1500 }, (_, n) => `${n} ${'x'.repeat(10_000)}\n`);
      const events = spec.stream(many);
      let sent = 0;
      let waiting = false;
      const pace = async (index: number) => {
        sent = index;
      };
      server.next(act.stream(events, { pace }));
      const { promise: patience, resolve: goOn } = Promise.withResolvers<void>();
      const parts: ProviderPart[] = [];
      const asked = provider().chat(request(), never(), (part) => {
        parts.push(part);
        if (part.type !== 'delta' || waiting) return undefined;
        waiting = true;
        return patience;
      });
      await expect.poll(() => waiting).toBe(true);
      let [before, known] = [-1, -1];
      // Until the sender stands still.
      await expect
        .poll(() => {
          [before, known] = [known, sent];
          return before === known && sent > 0;
        })
        .toBe(true);
      expect(sent).toBeLessThan(events.length - 1);
      expect(parts.length).toBeLessThan(many.length / 2);
      goOn();
      await asked;
      expectOrder(parts);
      expect(textOf(parts)).toBe(many.join(''));
    });

    it('ends at once when stopped while it is held back', async () => {
      server.next(act.stream(untilThird(), { ending: 'silence' }));
      const stop = new AbortController();
      const asked = provider().chat(request(), stop.signal, ({ type }) => {
        if (type !== 'delta') return undefined;
        setImmediate(() => stop.abort('enough'));
        return new Promise(() => {});
      });
      await expect(asked).rejects.toBe('enough');
      await server.requests.at(-1)!.closed;
    });

    shows('end mark', 'uses a connection again after a whole answer, even when stopped at the last part', async () => {
      const one = provider();
      const before = server.connections();
      const turn = async () => {
        const { promise: gate, resolve: open } = Promise.withResolvers<void>();
        server.next(act.stream(spec.stream(tokens), { gate }));
        const stop = new AbortController();
        const { error } = await collect(one, request(), stop.signal, ({ type }) => type === 'finish' && stop.abort());
        expect(error).toBeUndefined();
        open();
        return server.connections();
      };
      // The connection is free again as soon as the server has ended its response, which is after the last part.
      let connections = await turn();
      await expect
        .poll(async () => {
          const known = connections;
          connections = await turn();
          return connections - known;
        })
        .toBe(0);
      expect(connections - before).toBeGreaterThan(0);
    });

    shows('late figures', 'does not wait for ever for figures and end mark after the finish', async () => {
      const events = spec.stream(tokens);
      server.next(act.stream(events.slice(0, events.length - spec.trailing), { ending: 'silence' }));
      const reading = ask();
      await expect.poll(() => clock.timers).toBe(1);
      clock.advance(2000);
      const { parts, error } = await reading;
      expect(error).toBeUndefined();
      expect(textOf(parts)).toBe(text);
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
      await server.requests.at(-1)!.closed;
    });

    shows('list', 'lists a thousand models of those that have more', async () => {
      server.next(act.json(spec.list(Array.from({ length: 12_000 }, (_, n) => ({ id: `model-${n}` })))));
      const found = await provider().models(never());
      expect(found).toHaveLength(1000);
      expect(found[0]).toEqual({ id: 'model-0' });
    });

    const two = [{ id: 'small' }, { id: 'large', contextWindow: 200_000 }];
    shows('list', 'lists the models', async () => {
      server.next(act.json(spec.list(two)));
      const found = await provider().models(never());
      expect(found.map(({ id }) => id)).toEqual(['small', 'large']);
      expect(server.requests.at(-1)!.method).toBe('GET');
    });

    shows('context', 'lists how much context a model has', async () => {
      server.next(act.json(spec.list(two)));
      const found = await provider().models(never());
      expect(found.map(({ contextWindow }) => contextWindow)).toEqual([undefined, 200_000]);
    });

    const wrongLists: [string, act.Act, string][] = [
      ['a web page', act.html(), 'PROVIDER_GARBLED'],
      ['another shape', act.json({ hello: 'world' }), 'PROVIDER_GARBLED'],
      ['nothing', act.text('', 'application/json'), 'PROVIDER_GARBLED'],
      ['status 401', act.status(401), 'PROVIDER_REFUSED'],
      ['a page and status 500', act.html(500), 'PROVIDER_FAILED'],
      ['no answer', act.hangUp, 'PROVIDER_UNREACHABLE'],
    ];
    it.each(can('list') ? wrongLists : [])(
      'refuses when it gives %s instead of its models',
      async (_, answer, code) => {
        server.next(answer);
        const refused = await provider()
          .models(never())
          .catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(ProviderRefusal);
        expect((refused as ProviderRefusal).problem.code).toBe(code);
      },
    );
  });
}
