import { expect, test } from 'vitest';
import type { TurnNode } from '#shared/domain/session.ts';
import type { TurnState } from '#shared/domain/things.ts';
import { membersOf } from './members.ts';

const turn = (specialist: string | undefined, state: TurnState = 'done', model = 'm') =>
  ({
    speaker: { specialist, name: specialist ?? model, provider: 'p', providerName: 'P', model, offline: false },
    state,
  }) as TurnNode;

test('members are counted once each, the latest speaker first', () => {
  const members = membersOf([turn('apollo'), turn('engram'), turn('apollo', 'streaming')]);
  expect(members.map(({ key, turns, running }) => [key, turns, running])).toEqual([
    ['apollo', 2, 'streaming'],
    ['engram', 1, undefined],
  ]);
});

test('plain models are told apart by provider and model', () => {
  expect(membersOf([turn(undefined, 'done', 'a'), turn(undefined, 'done', 'b')]).map(({ key }) => key)).toEqual([
    'p b',
    'p a',
  ]);
});
