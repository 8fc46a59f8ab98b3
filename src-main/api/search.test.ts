import { afterEach, expect, it } from 'vitest';
import { calls } from '#shared/contract/contract.ts';
import { batch, created, Folder, message } from '../log/testing/folder.ts';
import { searchCalls } from './search.ts';

const folder = new Folder();
afterEach(() => folder.remove());

it('what the contract allows to be asked is answered in its shape, page by page', async () => {
  const log = folder.open();
  const texts = ['one', 'two', 'three'].map((number) => message(number, `otter number ${number}`));
  await log.append(batch('s', [created('Otters'), ...texts]));
  await log.indexed();
  const find = searchCalls(log)['search.find'];
  const { params, result } = calls['search.find'];
  const ask = (query: object) => find(params.parse(query), undefined as never);

  const first = await ask({ text: ' otter ', order: 'newest', limit: 2 });
  expect(result.parse(first)).toEqual(first);
  expect(first.hits.map((hit) => hit.node)).toEqual(['three', 'two']);
  const second = await ask({ text: 'otter', order: 'newest', limit: 2, after: first.more });
  expect(second).toMatchObject({ hits: [{ node: 'one', title: 'Otters' }], more: null });
  expect(params.safeParse({ text: '  ' }).success).toBe(false);
});
