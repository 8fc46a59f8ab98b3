import { expect, test } from 'vitest';
import type { Job } from '#shared/domain/jobs.ts';
import type { Client } from '#shared/wire/client.ts';
import { FollowedJobs } from './jobs.ts';

const job = (id: string, state: Job['state']) => ({ id, state }) as Job;

function setUp() {
  const told: string[] = [];
  let hear: (items: { jobs: Job[] }[]) => void = () => {};
  const client = {
    follow: (method: string, _: unknown, items: typeof hear) => {
      told.push(method);
      hear = items;
      return { close: () => told.push('let go') };
    },
  } as unknown as Client;
  return { jobs: new FollowedJobs(client), told, hear: (...jobs: Job[]) => hear([{ jobs }]) };
}

test('jobs are followed once, as long as somebody shows them', () => {
  const { jobs, told, hear } = setUp();
  const [one, other] = [jobs.show(), jobs.show()];
  hear(job('a', 'running'));
  expect(jobs.store.getState().jobs).toHaveLength(1);
  one();
  other();
  expect(told).toEqual(['jobs.follow', 'let go']);
});

test('an end is news until it is seen; what had ended before this window was there never is', () => {
  const { jobs, hear } = setUp();
  jobs.show();
  const seen = () => [...jobs.store.getState().seen];
  hear(job('old', 'done'), job('a', 'running'));
  hear(job('old', 'done'), job('a', 'failed'));
  expect(seen()).toEqual(['old']);
  jobs.see();
  expect(seen()).toEqual(['old', 'a']);
});

test('whoever waits for an end is told, also when it was there already', async () => {
  const { jobs, hear } = setUp();
  jobs.show();
  const ended = jobs.ended('a');
  hear(job('a', 'running'));
  hear(job('a', 'done'));
  expect(await ended).toEqual(job('a', 'done'));
  expect(await jobs.ended('a')).toEqual(job('a', 'done'));
});
