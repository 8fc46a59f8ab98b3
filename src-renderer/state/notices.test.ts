import { expect, it } from 'vitest';
import type { Client } from '#shared/wire/client.ts';
import { FollowedNotices, type Notice } from './notices.ts';

it('tells each notice once, the newest last, and begins anew with each connection', async () => {
  let params: () => unknown = () => ({});
  let come: (...messages: string[]) => void = () => {};
  let closed = false;
  const follow = (_: string, asked: () => unknown, onItems: (items: { topic: string; data: Notice }[]) => void) => {
    params = asked;
    come = (...messages) => onItems(messages.map((message) => ({ topic: 'system.notice', data: { message } })));
    return { close: () => (closed = true) };
  };
  const notices = new FollowedNotices({ follow } as unknown as Client);
  const told = () => notices.store.getState().map(({ message }) => message);
  const leave = notices.show();
  expect(params()).toEqual({ topics: ['system.notice'] });
  come('full', 'other');
  come('full');
  expect(told()).toEqual(['other', 'full']);
  params();
  expect(told()).toEqual([]);
  leave();
  expect(closed).toBe(true);
});
