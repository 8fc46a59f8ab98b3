import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_BODY } from '../../gateway/answer.ts';
import {
  ask,
  bearer,
  everyRoute,
  fittingFor,
  givenFor,
  json,
  requestOf,
  routesOf,
  withToken,
} from './testing/fuzz/ask.ts';
import { expectDocumented } from './testing/fuzz/dialects.ts';
import { octet, oddHeaders } from './testing/fuzz/headers.ts';
import { fuzzPlace } from './testing/fuzz/place.ts';
import { askRaw } from './testing/fuzz/raw-http.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { deep, replaced } from './testing/fuzz/spoil.ts';
import { head, opened } from './testing/fuzz/tcp.ts';
import { everybody, MARK, type Who } from './testing/fuzz/world.ts';

/** The server hangs up on who is too slow after this long, in ms, and looks every quarter of it. */
const slowMs = 10_000;

fuzzPlace(
  {
    'every route answers what nearly fits as it is documented': everyRoute((world, route) =>
      fuzz(givenFor(route), 15, async (given) => {
        const request = withToken(requestOf(route, given), world.tokens.user);
        const { status, body } = await ask(world, request);
        const unread = [400, 404, 413].includes(status);
        if (route.statuses !== null && !unread) expect(route.statuses, body.slice(0, 300)).toContain(status);
      }),
    ),

    'every route takes odd and doubled headers': everyRoute((world, route) =>
      fuzz(fc.tuple(oddHeaders, fittingFor(route)), 8, async ([headers, given]) => {
        const request = withToken(requestOf(route, given), world.tokens.user);
        const twice = [...request.headers, ...headers, ...headers.slice(0, 1)];
        const answer = await askRaw(world.port, { ...request, headers: twice });
        // To ask for an upgrade that is none, or for a body in pieces that is not in pieces, ends the connection.
        if (answer !== null) expectDocumented({ ...request, headers: twice }, answer);
      }),
    ),

    'other methods are refused with 405, or 404 where there is nothing': everyRoute(async (world, route) => {
      const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK'];
      const routes = await routesOf(world);
      // A part that varies may be called like another route.
      const leadsThere = ({ path }: { path: string }) =>
        path === route.path || new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(route.path);
      const taken = routes.filter(leadsThere).map(({ method }) => method);
      await fuzz(fc.constantFrom(...methods.filter((each) => !taken.includes(each))), 3, async (method) => {
        const request = { method, path: route.path.replaceAll(/\{\w+\}/g, 'x'), headers: [bearer(world.tokens.user)] };
        expect([404, 405]).toContain((await ask(world, request)).status);
      });
    }),

    'bodies of raw bytes, and of types that are none of ours, are refused as such': everyRoute(async (world, route) => {
      if (route.body === null) return;
      const type = fc.constantFrom(
        'application/json',
        'application/json; charset=latin1',
        'text/plain',
        'application/xml',
        'nonsense',
        '',
        'multipart/form-data',
      );
      const bytes = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.constantFrom('\xff\xfe{\x00}\x00', '\xef\xbb\xbf', '"', '[', '{"a"', '\0'),
      );
      await fuzz(fc.tuple(type, bytes), 10, async ([each, body]) => {
        const { method, path } = requestOf(route, { parts: {}, query: {}, body: {} });
        const { status } = await ask(world, {
          method,
          path,
          headers: [bearer(world.tokens.user), ['Content-Type', each]],
          body,
        });
        expect(route.path === '/enter' ? [400, 401, 415] : [400, 404, 415]).toContain(status);
      });
    }),

    'JSON that is deep, or names what every object knows, is refused or does no harm, wherever it stands': everyRoute(
      async (world, route) => {
        if (route.body === null) return;
        await fuzz(replaced(route.body, deep), 20, async (body) => {
          await ask(world, withToken(requestOf(route, { parts: {}, query: {}, body }), world.tokens.user));
        });
      },
    ),

    'odd paths are answered as any other': (world) => {
      const step = fc.oneof(
        fc.constantFrom(
          '..',
          '.',
          '%2e%2e',
          '%2f',
          '%',
          '%zz',
          '%00',
          '%ff',
          '..%5c',
          ';',
          '//',
          'v2',
          'v1',
          'api',
          'ws',
          'ai',
          'enter',
          'assets',
          'index.html',
          '__proto__',
          '*',
          '{specialist}',
          ':turn',
        ),
        fc.string({ unit: octet.filter((each) => each !== ' '), maxLength: 12 }),
      );
      const path = fc.array(step, { maxLength: 6 }).map((steps) => `/${steps.join('/')}`.replaceAll('#', ''));
      const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS');
      return fuzz(fc.tuple(path, method, fc.constantFrom<Who>(...everybody)), 200, async ([each, asked, who]) => {
        const request = { method: asked, path: `${each}?content=${MARK}`, headers: [bearer(world.tokens[who])] };
        const { body } = await ask(world, request);
        expect(body).not.toMatch(/root:x|node_modules|access-tokens/);
      });
    },

    'nonsense about where a stream should go on gives the stream from its beginning': async (world) => {
      const asked = {
        method: 'POST',
        path: '/api/v2/ai/sim%2Fsteady/stream',
        headers: [bearer(world.tokens.chat), json],
        body: JSON.stringify({ content: MARK }),
      };
      const turn = (await ask(world, asked)).headers.get('x-choragus-turn')!;
      const id = fc.oneof(
        fc.constantFrom('', '0', '-1', 'x:1', ':', 'epoch:', '1:1:1', 'NaN', 'x:99999999999999999999', '__proto__:1'),
        fc.string({ unit: octet, maxLength: 100 }).map((each) => each.trim()),
      );
      await fuzz(id, 60, async (each) => {
        const request = {
          method: 'GET',
          path: `/api/v2/turns/${turn}/stream`,
          headers: [bearer(world.tokens.read), ['Last-Event-ID', each] as const],
        };
        const { status, body } = await ask(world, request);
        expect(status).toBe(200);
        expect(body).toContain('"type":"start"');
        expect(body).toContain('"type":"done"');
      });
    },
  },
  {
    'a body over the limit is refused with 413, whether it says so or goes on and on': async (world) => {
      const whole = { method: 'POST', headers: [bearer(world.tokens.user), json] };
      const places = [
        ['/v1/chat/completions', MAX_BODY],
        ['/v1/messages', MAX_BODY],
        ['/api/v2/sessions', 1024 * 1024],
        ['/enter', 16 * 1024],
      ] as const;
      for (const [path, most] of places) {
        const length = ['Content-Length', String(most + 1)] as const;
        const said = { ...whole, path, headers: [...whole.headers, length], body: '{' };
        expect((await ask(world, said)).status).toBe(413);
        const piece = `10000\r\n${' '.repeat(0x1_00_00)}\r\n`;
        const chunked = ['Transfer-Encoding', 'chunked'] as const;
        const body = piece.repeat(Math.ceil(most / 0x1_00_00) + 1);
        // Whoever is still sending when it is hung up on may not get to read why.
        const answer = await askRaw(world.port, { ...whole, path, headers: [...whole.headers, chunked], body });
        if (answer !== null) expect(answer.status).toBe(413);
      }
    },
  },
  {
    'who sends byte by byte, or nothing more, is told so in time, and nobody else waits meanwhile': async (world) => {
      const endOf = async (sent: string, drip: string) => {
        const socket = await opened(world);
        let told = '';
        socket.on('data', (data) => (told += data.toString('latin1')));
        const closed = once(socket, 'close');
        socket.write(sent);
        const dripping = setInterval(() => socket.writable && drip !== '' && socket.write(drip), 100);
        const began = performance.now();
        await closed;
        clearInterval(dripping);
        expect(told === '' || told.startsWith('HTTP/1.1 408 '), told).toBe(true);
        return performance.now() - began;
      };
      const slow = Promise.all([endOf('', ''), endOf(head(world), ''), endOf(head(world), 'X'), endOf('G', '')]);
      await pause(1000);
      await world.expectWell();
      for (const ms of await slow) expect(ms).toBeLessThan(2 * slowMs);
    },
  },
);
