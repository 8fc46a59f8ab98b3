import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_FRAME, PROTOCOL } from '#shared/contract/contract.ts';
import { codeOf, expectProblem, type Name, names, parsed } from './testing/fuzz/contract.ts';
import { fuzzPlace } from './testing/fuzz/place.ts';
import { RpcLine } from './testing/fuzz/rpc-line.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { strange, written } from './testing/fuzz/spoil.ts';
import { sessions } from './testing/fuzz/values.ts';
import { MARK, type World } from './testing/fuzz/world.ts';

async function withLine(world: World, work: (line: RpcLine) => Promise<void>): Promise<void> {
  const line = await world.open('user');
  try {
    await work(line);
    await line.result('server.ping', {});
  } finally {
    await line.close();
  }
}

fuzzPlace(
  {
    'what is no request is told so, under its id where it has one': (world) =>
      withLine(world, async (line) => {
        const message = fc.record(
          {
            jsonrpc: fc.oneof(fc.constant('2.0'), strange),
            id: fc.oneof(fc.constant('x'), strange),
            method: fc.oneof(
              fc.constantFrom('server.ping', 'stream.items', 'nothing', '__proto__', 'constructor'),
              strange,
            ),
            params: strange,
          },
          { requiredKeys: [] },
        );
        await fuzz(fc.oneof(message, strange), 150, async (value) => {
          line.send(written(value));
          await line.result('server.ping', {});
          for (const told of line.rest()) if (told.error !== undefined) expectProblem(told);
        });
      }),

    'methods that do not exist are unknown': (world) =>
      withLine(world, async (line) => {
        const method = fc.oneof(
          fc.constantFrom(
            '__proto__',
            'constructor',
            'toString',
            'sessions',
            'sessions.',
            'SESSIONS.LIST',
            ' server.ping',
          ),
          fc.string({ unit: 'binary', maxLength: 200 }).filter((each) => !names.includes(each as Name)),
        );
        await fuzz(method, 60, async (each) => {
          expect(codeOf(await line.ask(each, {}))).toBe('UNKNOWN_METHOD');
        });
      }),

    'a batch is answered one by one, an empty one and one of 1001 are refused': (world) =>
      withLine(world, async (line) => {
        const good = () => ({ jsonrpc: '2.0', id: line.newId(), method: 'server.ping' });
        line.send('[]');
        expect(codeOf(await line.answer(null))).toBe('INVALID_REQUEST');
        line.send(JSON.stringify(Array.from({ length: 1001 }, good)));
        expect(codeOf(await line.answer(null))).toBe('INVALID_REQUEST');
        const full = Array.from({ length: 1000 }, good);
        line.send(JSON.stringify(full));
        for (const { id } of full) expect((await line.answer(id)).result).toEqual({});
        await fuzz(fc.array(strange, { maxLength: 20 }), 40, async (others) => {
          const asked = good();
          line.send(written([...others, asked, others, null]));
          if (parsed(written(others)) === undefined || Buffer.byteLength(written(others)) > MAX_FRAME / 3) line.rest();
          else expect((await line.answer(asked.id)).result).toEqual({});
          await line.result('server.ping', {});
          for (const told of line.rest()) if (told.error !== undefined) expectProblem(told);
        });
      }),

    'an id that is in use, and a second greeting, are refused': (world) =>
      withLine(world, async (line) => {
        const follow = JSON.stringify({ jsonrpc: '2.0', id: 'twice', method: 'roster.follow', params: {} });
        line.send(follow);
        expect((await line.answer('twice')).result).toEqual({ stream: true });
        line.send(follow);
        expect(codeOf(await line.answer('twice'))).toBe('INVALID_REQUEST');
        const hello = { protocol: PROTOCOL, client: { name: MARK, version: '1' } };
        expect(codeOf(await line.ask('server.hello', hello))).toBe('INVALID_REQUEST');
      }),

    'before the greeting nothing is answered but that': async (world) => {
      const line = await RpcLine.connect(world.port, '/rpc', world.tokens.user);
      await fuzz(fc.constantFrom(...names.filter((name) => name !== 'server.hello')), 40, async (name) => {
        expect(codeOf(await line.ask(name, {}))).toBe('INVALID_REQUEST');
      });
      const wrong = fc.integer().filter((protocol) => protocol !== PROTOCOL);
      await fuzz(wrong, 20, async (protocol) => {
        const told = await line.ask('server.hello', { protocol, client: { name: '', version: '' } });
        expect(codeOf(told)).toBe('UNSUPPORTED');
      });
      await line.close();
    },

    'binary frames, and texts that are no JSON, are told so and harm nothing': (world) =>
      withLine(world, async (line) => {
        await fuzz(fc.uint8Array({ maxLength: 400 }), 60, async (bytes) => {
          line.send(bytes, true);
          expect(codeOf(await line.answer(null))).toBe('PARSE');
        });
        const text = fc.string({ unit: 'binary', maxLength: 300 }).filter((each) => parsed(each) === undefined);
        await fuzz(text, 60, async (each) => {
          line.send(each);
          expect(codeOf(await line.answer(null))).toBe('PARSE');
        });
      }),

    'invalid UTF-8 ends the connection with 1007': (world) =>
      fuzz(fc.constantFrom([0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]), 8, async (bytes) => {
        const line = await world.open('chat');
        line.send(new Uint8Array([0x22, ...bytes, 0x22]));
        expect(await line.closed()).toBe(1007);
      }),

    'a frame over 1 MB is refused and the connection goes on, one over 16 MB ends it with 1009': (world) =>
      withLine(world, async (line) => {
        const exactly = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
        line.send(exactly(MAX_FRAME));
        expect(codeOf(await line.answer(null))).toBe('INVALID_REQUEST');
        line.send(exactly(MAX_FRAME + 1));
        expect(codeOf(await line.answer(null))).toBe('FRAME_TOO_LARGE');
        const ended = await world.open('read');
        ended.send(exactly(17 * MAX_FRAME));
        expect(await ended.closed()).toBe(1009);
      }),

    'nonsense about credit and cancelling is skipped': (world) =>
      withLine(world, async (line) => {
        const id = line.newId();
        line.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'topics.follow', params: { topics: ['*'] } }));
        await line.answer(id);
        const note = fc.record({
          method: fc.constantFrom('stream.credit', 'stream.cancel', 'stream.items', 'stream.end'),
          params: fc.oneof(strange, fc.record({ id: fc.oneof(fc.constant('nobody'), strange), n: strange })),
        });
        await fuzz(note, 100, async (each) => {
          line.send(written({ jsonrpc: '2.0', ...each }));
          await line.result('server.ping', {});
        });
        const credit = fc.record({ id: fc.constant(id), n: strange });
        await fuzz(credit, 60, async (params) => {
          line.send(written({ jsonrpc: '2.0', method: 'stream.credit', params }));
          await line.result('server.ping', {});
        });
      }),

    'more streams than a connection may have are refused, and all of them end with it': (world) =>
      withLine(world, async (line) => {
        const asked = Array.from({ length: 205 }, (_, index) => ({
          jsonrpc: '2.0',
          id: index,
          method: 'session.presence',
          params: { session: sessions[index % sessions.length] },
        }));
        line.send(JSON.stringify(asked));
        const answers = await Promise.all(asked.map(({ id }) => line.answer(id)));
        expect(answers.filter((told) => codeOf(told) === 'LIMIT')).toHaveLength(5);
      }),
  },
  {
    'nobody comes in without a valid access token': async (world) => {
      const token = fc.oneof(
        fc.constantFrom('', world.removed, `${world.tokens.user}x`, world.tokens.user.slice(1)),
        fc.constant('').map(() => `${MARK}${randomBytes(16).toString('hex')}`),
      );
      await fuzz(token, 20, async (each) => {
        await expect(RpcLine.connect(world.port, '/rpc', each)).rejects.toThrow('401');
      });
    },
  },
);
