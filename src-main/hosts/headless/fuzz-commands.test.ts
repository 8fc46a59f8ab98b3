import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, contract, fits, names, paramsOf } from './testing/fuzz/contract.ts';
import type { RpcLine } from './testing/fuzz/rpc-line.ts';
import { fuzz, timeout } from './testing/fuzz/runs.ts';
import { newCommand } from './testing/fuzz/values.ts';
import { MARK, World } from './testing/fuzz/world.ts';

const DAY = 24 * 3600 * 1000;

/** Calls with a command. To stop what has been stopped changes nothing, so that needs no memory. */
const commands = names.filter((name) => {
  const { shape } = contract[name]!.params as unknown as { shape: object };
  return 'command' in shape && name !== 'turns.stop';
});
const asked = fc
  .constantFrom(...commands)
  .chain((name) => fc.record({ name: fc.constant(name), params: paramsOf(name) as fc.Arbitrary<object> }))
  .filter(({ name, params }) => fits(name, params) === true);

/** In which the commands up to a week ago are forgotten. */
let world: World;
let line: RpcLine;
beforeAll(async () => {
  world = await World.start((dataDir) => {
    const database = new Database(join(dataDir, 'choragus.db'));
    const forgotten = String(Date.now() - 7 * DAY);
    database.prepare(`INSERT OR REPLACE INTO meta (key, value) VALUES ('commands_forgotten', ?)`).run(forgotten);
    database.close();
  });
  line = await world.open('user');
}, 30_000);
afterAll(async () => {
  await line.close();
  await world.stop();
});

it('a command id that was used is a CONFLICT with any other body, and answered as before with the same', {
  timeout,
}, async () => {
  const params = { command: newCommand(), session: 'the-first', title: MARK };
  expect(await line.result('sessions.create', params)).toEqual({});
  await fuzz(asked, 150, async ({ name, params: others }) => {
    expect(codeOf(await line.ask(name, { ...others, command: params.command })), name).toBe('CONFLICT');
    expect(await line.result('sessions.create', params)).toEqual({});
  });
});

it('a command id from before what is remembered is EXPIRED, whatever it asks for', { timeout }, async () => {
  const old = fc.integer({ min: 7 * DAY + 60_000, max: 10_000 * DAY });
  await fuzz(fc.tuple(asked, old), 100, async ([{ name, params }, ago]) => {
    expect(codeOf(await line.ask(name, { ...params, command: newCommand(ago) })), name).toBe('EXPIRED');
  });
});

it('a command id that is none is refused as such', { timeout }, async () => {
  const uuid = fc.oneof(fc.uuid({ version: [1, 4] }), fc.string({ maxLength: 40 }), fc.constant(newCommand().slice(1)));
  await fuzz(fc.tuple(asked, uuid), 100, async ([{ name, params }, command]) => {
    expect(codeOf(await line.ask(name, { ...params, command })), name).toBe('INVALID_PARAMS');
  });
});

it('its log file holds no mistake of ours, and nothing of what was said', async () => {
  await world.expectWell();
  world.expectCleanLog();
});
