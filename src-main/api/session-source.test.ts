import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { batch, created, Folder, message, part, requested } from '../log/testing/folder.ts';
import { SessionSource } from './session-source.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

type Item = StreamItem<'session.follow'>;

async function rest(source: SessionSource): Promise<Item[]> {
  const all: Item[] = [];
  for (let items = await source.pull(128); items !== null && items.length > 0; items = await source.pull(128))
    all.push(...items);
  return all;
}

it('followers who keep up get the very same items, which nobody has to write twice', async () => {
  const log = folder.open();
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  const cursor = `${log.epoch}:${log.position}`;
  const followers = [1, 2, 3].map(() => new SessionSource(log, 's', cursor));
  for (let offset = 0; offset < 3; offset++) {
    await log.append(batch('s', [part('t', offset, 'x')]));
    const [[first], [second], [third]] = (await Promise.all(followers.map(rest))) as [Item[], Item[], Item[]];
    expect(first).toMatchObject({ kind: 'event', cursor: `${log.epoch}:${log.position}`, event: { data: { offset } } });
    expect(second).toBe(first);
    expect(third).toBe(first);
  }
});

it('one who is behind gets parts joined, and the others as they are', async () => {
  const log = folder.open();
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  const cursor = `${log.epoch}:${log.position}`;
  const [keen, slow] = [new SessionSource(log, 's', cursor), new SessionSource(log, 's', cursor)];
  const seen: Item[] = [];
  for (let offset = 0; offset < 3; offset++) {
    await log.append(batch('s', [part('t', offset, 'x')]));
    seen.push(...(await rest(keen)));
  }
  expect(seen.map((item) => item.kind === 'event' && item.event.data.text)).toEqual(['x', 'x', 'x']);
  const joined = await rest(slow);
  expect(joined).toMatchObject([{ cursor: seen.at(-1)!.cursor, event: { data: { offset: 0, text: 'xxx' } } }]);
});

it('one that is closed has ended', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  const source = new SessionSource(log, 's', undefined);
  expect(await source.pull(128)).toMatchObject([{ kind: 'snapshot' }]);
  source.close();
  expect(await source.pull(128)).toBeNull();
});
