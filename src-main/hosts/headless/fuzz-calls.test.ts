import fc from 'fast-check';
import { expect } from 'vitest';
import { MAX_FRAME, streams } from '#shared/contract/contract.ts';
import { opens } from '#shared/contract/scopes.ts';
import { codeOf, contract, expectProblem, fits, type Name, names, paramsOf, parsed } from './testing/fuzz/contract.ts';
import { type Attempts, fuzzPlace } from './testing/fuzz/place.ts';
import type { RpcLine, Told } from './testing/fuzz/rpc-line.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { deep, mixed, replaced, written } from './testing/fuzz/spoil.ts';
import { sawTurn } from './testing/fuzz/values.ts';
import { everybody, scopesOf, type Who, type World } from './testing/fuzz/world.ts';

/** What is refused before it is looked at, or is not what was asked. */
const notForFitting = ['PARSE', 'UNKNOWN_METHOD', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED', 'DISCONNECTED', 'LIMIT'];

async function request(line: RpcLine, who: Who, name: Name, value: unknown): Promise<void> {
  const id = line.newId();
  const frame = `{"jsonrpc":"2.0","id":"${id}","method":"${name}","params":${written(value)}}`;
  line.send(frame);
  const read = parsed(frame);
  const unread = Buffer.byteLength(frame) > MAX_FRAME ? 'FRAME_TOO_LARGE' : read === undefined ? 'PARSE' : null;
  const told = await line.answer(unread === null ? id : null);
  if (told.error !== undefined) expectProblem(told);
  if (unread !== null) expect(codeOf(told)).toBe(unread);
  else if (!opens(name, scopesOf(who))) expect(codeOf(told)).toBe('FORBIDDEN');
  else {
    const good = fits(name, read?.params ?? {});
    if (good === false) expect(codeOf(told), JSON.stringify(told)).toBe('INVALID_PARAMS');
    if (good === true && !forTopics(name, told)) expect(notForFitting).not.toContain(codeOf(told));
    if (told.error === undefined) await expectAnswer(line, id, name, told.result);
  }
}

/** Some topics are for some. */
const forTopics = (name: Name, told: Told) => name === 'topics.follow' && codeOf(told) === 'FORBIDDEN';

async function expectAnswer(line: RpcLine, id: string, name: Name, result: unknown): Promise<void> {
  if (name in streams) return leave(line, id, name);
  expect(contract[name]!.result!.safeParse(result).error).toBeUndefined();
  sawTurn((result as { turn?: unknown }).turn);
}

/** Lets the stream say something, and goes. */
async function leave(line: RpcLine, id: string, name: Name): Promise<void> {
  await line.result('server.ping', {});
  line.cancel(id);
  await line.result('server.ping', {});
  const ours = line.rest().filter(({ params }) => params?.id === id);
  for (const { params } of ours)
    for (const item of params?.items ?? []) expect(contract[name]!.item!.safeParse(item).error).toBeUndefined();
}

async function withLines(world: World, work: (lines: Record<Who, RpcLine>) => Promise<void>): Promise<void> {
  const opened = await Promise.all(everybody.map(async (who) => [who, await world.open(who)] as const));
  const lines = Object.fromEntries(opened) as Record<Who, RpcLine>;
  try {
    await work(lines);
  } finally {
    for (const line of Object.values(lines)) await line.close();
  }
}

const everyCall: Attempts = Object.fromEntries(
  names.map((name) => [
    `${name} answers as its schema says, whoever asks for whatever`,
    (world: World) =>
      withLines(world, (lines) => {
        const asked = fc.record({ who: fc.constantFrom<Who>('user', ...everybody), value: mixed(paramsOf(name)) });
        return fuzz(asked, 14, ({ who, value }) => request(lines[who], who, name, value));
      }),
  ]),
);

fuzzPlace({
  ...everyCall,

  'JSON that is deep, or names what every object knows, is refused or does no harm, wherever it stands': (world) =>
    withLines(world, async ({ user: line }) => {
      const asked = fc
        .constantFrom(...names)
        .chain((name) => fc.record({ name: fc.constant(name), value: replaced(paramsOf(name), deep) }));
      await fuzz(asked, 100, ({ name, value }) => request(line, 'user', name, value));
    }),
});
