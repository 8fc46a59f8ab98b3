import { afterAll, afterEach, beforeEach, describe } from 'vitest';
import { callCases } from './calls.suite.ts';
import { connectionCases } from './connection.suite.ts';
import { messageCases } from './messages.suite.ts';
import { randomCases } from './random.suite.ts';
import { type Pair, Rig } from './rig.ts';
import { streamCases } from './streams.suite.ts';

/** Where a kind of pipe comes from. */
export interface PipeMaker {
  /** Both ends of a new connection, open and with nothing listening yet. */
  pair(): Promise<Pair>;
  close(): Promise<void>;
}

/** What every pipe must be able to carry: the one suite for all of them. */
export function describePipe(name: string, make: () => PipeMaker): void {
  describe(`${name} pipe`, () => {
    const maker = make();
    let rig: Rig;
    beforeEach(() => {
      rig = new Rig(() => maker.pair());
    });
    afterEach(() => rig.close());
    afterAll(() => maker.close());

    describe('calls', () => callCases(() => rig));
    describe('streams', () => streamCases(() => rig));
    describe('messages', () => messageCases(() => rig));
    describe('connection', () => connectionCases(() => rig));
    describe('anything at all', () => randomCases(() => new Rig(() => maker.pair())));
  });
}
