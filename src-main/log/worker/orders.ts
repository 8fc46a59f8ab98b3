import { backup } from './backup.ts';
import { check } from './check.ts';
import { checkpoint } from './checkpoint.ts';
import { find } from './find.ts';
import type { Order } from './order.ts';
import { prepare } from './prepare.ts';
import { search } from './search.ts';

/** Everything that the worker can be asked for: see `Thread.ask`. */
export const orders = { backup, check, checkpoint, find, prepare, search } satisfies Record<
  string,
  Order<never, unknown>
>;

type Orders = typeof orders;
export type OrderName = keyof Orders;
export type Params<Name extends OrderName> = Parameters<ReturnType<Orders[Name]>>[0];
export type Answer<Name extends OrderName> = Awaited<ReturnType<ReturnType<Orders[Name]>>>;

/** Main thread to worker. */
export type Request = { id: number; order: OrderName; params: unknown } | { stop: number };

/** Worker to main thread. The last one of each id is an answer or a failure. */
export type Reply =
  | { id: number; answer: unknown }
  | { id: number; failure: Failure }
  | { id: number; progress: [done: number, of: number | null] };

/** An error on its way between threads, which carry no classes. `next` only of a Problem. */
export interface Failure {
  message: string;
  /** Of a Problem, of SQLite, or of the system. */
  code?: string | undefined;
  problem: boolean;
  next?: string | undefined;
  stack?: string | undefined;
}
