import type { z } from 'zod';
import type { calls, streams } from '../contract/contract.ts';
import type { Source } from './source.ts';

/** The form of a contract: the product's own (the default everywhere), or a small one in a test. */
export interface Contract {
  calls: Record<string, { params: z.ZodType; result: z.ZodType }>;
  streams: Record<string, { params: z.ZodType; item: z.ZodType }>;
}
export type ProductContract = { calls: typeof calls; streams: typeof streams };

export type CallsOf<C extends Contract> = keyof C['calls'] & string;
export type StreamsOf<C extends Contract> = keyof C['streams'] & string;

/** What the client says, and gets. */
export type ParamsIn<E extends { params: z.ZodType }> = z.input<E['params']>;
export type ResultOut<E extends { result: z.ZodType }> = z.output<E['result']>;
export type ItemOut<E extends { item: z.ZodType }> = z.output<E['item']>;

/** One connection, as its handlers see it. */
export interface Context {
  /** As it introduced itself. */
  client: { name: string; version: string };
  /** Aborted when the connection has ended. What must outlive a connection (a turn) does not listen to it. */
  readonly signal: AbortSignal;
}

/** What the peer knows by itself and adds to the answer of `server.hello`. */
type AddedToHello = 'protocol' | 'heartbeatMs' | 'limits';

type CallResult<C extends Contract, M extends CallsOf<C>> = M extends 'server.hello'
  ? Omit<z.input<C['calls'][M]['result']>, AddedToHello>
  : z.input<C['calls'][M]['result']>;

/**
 * What answers: one function for each call and each stream. Params have been checked. Reject with a Problem; a stream
 * that cannot begin is refused the same way. The peer answers `server.ping` itself.
 */
export interface Handlers<C extends Contract = ProductContract> {
  calls: {
    [M in Exclude<CallsOf<C>, 'server.ping'>]: (
      params: z.output<C['calls'][M]['params']>,
      context: Context,
    ) => Promise<CallResult<C, M>>;
  };
  streams: {
    [S in StreamsOf<C>]: (
      params: z.output<C['streams'][S]['params']>,
      context: Context,
    ) => Promise<Source<z.input<C['streams'][S]['item']>>>;
  };
}
