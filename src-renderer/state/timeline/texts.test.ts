import { expect, test } from 'vitest';
import type { CallParams } from '#shared/contract/contract.ts';
import type { Client } from '#shared/wire/client.ts';
import { Texts } from './texts.ts';

type Asked = CallParams<'sessions.nodes'>;

function setUp(refuse = false) {
  const asked: Asked[] = [];
  const call = async (_method: string, params: Asked) => {
    asked.push(params);
    if (refuse) throw new Error('The connection was lost.');
    return { nodes: params.nodes.filter((id) => id !== 'gone').map((id) => ({ id, text: `Text of ${id}.` })), seq: 1 };
  };
  return { asked, texts: new Texts({ call } as unknown as Client) };
}

/** All that was asked for has been answered. */
const answered = () => new Promise((resolve) => setTimeout(resolve, 0));

test('what is wanted at once is asked for at once, and each text once', async () => {
  const { asked, texts } = setUp();
  texts.want('s', ['a', 'b']);
  texts.want('s', ['b', 'gone']);
  await answered();
  texts.want('s', ['a', 'gone']);
  await answered();
  expect(asked).toEqual([{ session: 's', nodes: ['a', 'b', 'gone'] }]);
  expect([...texts.store.getState()]).toEqual([
    ['a', 'Text of a.'],
    ['b', 'Text of b.'],
    ['gone', null],
  ]);
});

test('no more are asked for in one call than it takes', async () => {
  const { asked, texts } = setUp();
  texts.want(
    's',
    Array.from({ length: 120 }, (_, index) => `t${index}`),
  );
  await answered();
  expect(asked.map(({ nodes }) => nodes.length)).toEqual([50, 50, 20]);
  expect(texts.store.getState().size).toBe(120);
});

test('what could not be had is asked for again when it is wanted again', async () => {
  const { asked, texts } = setUp(true);
  texts.want('s', ['a']);
  await answered();
  texts.want('s', ['a']);
  await answered();
  expect(asked).toHaveLength(2);
  expect(texts.store.getState().size).toBe(0);
});
