import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_FRAME } from '#shared/contract/contract.ts';
import { parsed } from './testing/fuzz/contract.ts';
import { fuzzPlace } from './testing/fuzz/place.ts';
import { RpcLine, type Told } from './testing/fuzz/rpc-line.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { mixed, strange, written } from './testing/fuzz/spoil.ts';
import { sawTurn, sessions } from './testing/fuzz/values.ts';
import { everybody, MARK, type Who, type World } from './testing/fuzz/world.ts';

const specialist = 'apollo-ai';
/** Every code of the dialect, but that of a mistake of ours. */
const codes = [-32700, -32600, -32601, -32602, -32000, -32001, -32002, -32003, -32004, -32005, -32006];
const MOST_REQUESTS = 64;

/** An error as the dialect tells it. */
function expectFailure({ error }: Told): void {
  expect(codes, JSON.stringify(error)).toContain(error?.code);
  const about = { specialist_id: specialist, details: { code: expect.any(String) } };
  expect(error).toMatchObject({ message: expect.any(String), data: about });
}

const open = (world: World, who: Who) => RpcLine.connect(world.port, `/ws/ai/${specialist}`, world.tokens[who]);

async function withLine(world: World, who: Who, work: (line: RpcLine) => Promise<void>): Promise<void> {
  const line = await open(world, who);
  try {
    await work(line);
    expect(await line.result('ping', undefined)).toBe('pong');
  } finally {
    await line.close();
  }
}

const ask = fc.record(
  {
    message: fc.constantFrom(`${MARK} hello`, `${MARK} and on`),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    max_tokens: fc.integer({ min: 1, max: 100 }),
    session_id: fc.constantFrom(...sessions, null),
  },
  { requiredKeys: ['message'] },
);
const turn_id = fc.constantFrom('nothing', 'x'.repeat(64));
const cursor = fc.constantFrom('x:1', 'epoch:99999999999');
const topics = fc.array(fc.constantFrom('*', 'turn.*', 'session.*', 'connection.*', 'turn.part'), {
  minLength: 1,
  maxLength: 3,
});
const methods: Record<string, fc.Arbitrary<unknown>> = {
  chat: ask,
  stream: ask,
  resume: fc.record({ turn_id, cursor }, { requiredKeys: ['turn_id'] }),
  stop: fc.record({ turn_id }),
  ping: strange,
  subscribe: fc.record({ topics, cursor }, { requiredKeys: ['topics'] }),
  unsubscribe: fc.record({ topics }, { requiredKeys: [] }),
};

/** What is said to this frame: an answer under its id, or the refusal of a frame that cannot be read. */
async function answered(line: RpcLine, id: string, frame: string): Promise<Told> {
  line.send(frame);
  const unread = Buffer.byteLength(frame) > MAX_FRAME || parsed(frame) === undefined;
  const told = await line.answer(unread ? null : id);
  if (told.error !== undefined) expectFailure(told);
  sawTurn((told.result as { turn_id?: unknown } | undefined)?.turn_id);
  return told;
}

const everyMethod = Object.fromEntries(
  Object.entries(methods).map(([method, params]) => [
    `${method} answers in the words of its dialect, whatever it is asked`,
    (world: World) =>
      withLine(world, 'user', (line) =>
        fuzz(mixed(params), 60, async (value) => {
          const id = line.newId();
          const frame = `{"jsonrpc":"2.0","id":"${id}","method":"${method}","params":${written(value)}}`;
          const { result } = await answered(line, id, frame);
          const request = (result as { request_id?: unknown } | undefined)?.request_id;
          if (request !== undefined) await line.next('the end of a stream', (told) => ends(told, request));
          line.rest();
        }),
      ),
  ]),
);

const ends = ({ method, params }: Told, request: unknown) =>
  method === 'stream.complete' && (params as { request_id?: unknown }).request_id === request;

fuzzPlace(
  {
    ...everyMethod,

    'what is no request is told so, and nothing is said of what nobody waits for': (world) =>
      withLine(world, 'chat', async (line) => {
        const message = fc.record(
          {
            jsonrpc: fc.oneof(fc.constant('2.0'), strange),
            id: fc.oneof(fc.constant('x'), strange),
            method: fc.oneof(fc.constantFrom('ping', 'chat', 'nothing', '__proto__', 'constructor'), strange),
            params: strange,
          },
          { requiredKeys: [] },
        );
        await fuzz(fc.oneof(message, strange), 150, async (value) => {
          line.send(written(value));
          await line.result('ping', undefined);
          for (const told of line.rest()) if (told.error !== undefined) expectFailure(told);
        });
      }),

    'a batch is answered as one, an empty one and one of 65 are refused': (world) =>
      withLine(world, 'chat', async (line) => {
        const good = () => ({ jsonrpc: '2.0', id: line.newId(), method: 'ping' });
        for (const batch of [[], Array.from({ length: MOST_REQUESTS + 1 }, good)]) {
          line.send(JSON.stringify(batch));
          expect((await line.answer(null)).error?.code).toBe(-32600);
        }
        await fuzz(fc.array(strange, { maxLength: MOST_REQUESTS - 2 }), 40, async (others) => {
          const asked = good();
          const frame = written([...others, asked]);
          const told = await answered(line, asked.id, frame);
          if (told.error === undefined) expect(told.result).toBe('pong');
          for (const each of line.rest()) if (each.error !== undefined) expectFailure(each);
        });
      }),

    'raw bytes, as text or as they are, are told so; invalid UTF-8 ends the socket with 1007': async (world) => {
      await withLine(world, 'chat', async (line) => {
        await fuzz(fc.uint8Array({ maxLength: 300 }), 60, async (bytes) => {
          line.send(bytes, true);
          expect((await line.answer(null)).error?.code).toBe(-32600);
        });
        const text = fc.string({ unit: 'binary', maxLength: 300 }).filter((each) => parsed(each) === undefined);
        await fuzz(text, 60, async (each) => {
          line.send(each);
          expect((await line.answer(null)).error?.code).toBe(-32700);
        });
      });
      await fuzz(fc.constantFrom([0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80]), 6, async (bytes) => {
        const line = await open(world, 'chat');
        line.send(new Uint8Array(bytes));
        expect(await line.closed()).toBe(1007);
      });
    },

    'a frame over 1 MB is refused and the socket goes on, one over 16 MB ends it with 1009': (world) =>
      withLine(world, 'admin', async (line) => {
        const exactly = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
        line.send(exactly(MAX_FRAME + 1));
        const { error } = await line.answer(null);
        expect(error?.data).toMatchObject({ details: { code: 'FRAME_TOO_LARGE' } });
        const ended = await open(world, 'chat');
        ended.send(exactly(17 * MAX_FRAME));
        expect(await ended.closed()).toBe(1009);
      }),

    'a specialist that does not exist ends the socket with 4404': (world) => {
      const name = fc.oneof(
        fc.constantFrom(
          'nobody',
          '__proto__',
          'constructor',
          '%',
          '%zz',
          '%00',
          'a/b/c/d',
          'x'.repeat(2000),
          '%F0%9F%98%80'.repeat(40),
        ),
        fc
          .string({ unit: 'binary', minLength: 1, maxLength: 60 })
          .map((each) => encodeURIComponent(each.toWellFormed())),
      );
      return fuzz(name, 40, async (each) => {
        const line = await RpcLine.connect(world.port, `/ws/ai/${each}`, world.tokens.chat);
        expect(await line.closed()).toBe(4404);
      });
    },
  },
  {
    'nobody comes in without an access token, nor with one that may not chat': async (world) => {
      await fuzz(fc.constantFrom('', world.removed, `${MARK}x`), 6, async (token) => {
        await expect(RpcLine.connect(world.port, `/ws/ai/${specialist}`, token)).rejects.toThrow('401');
      });
      for (const who of everybody)
        if (who === 'read') await expect(open(world, who)).rejects.toThrow('403');
        else await (await open(world, who)).close();
    },
  },
);
