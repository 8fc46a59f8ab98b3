import { parentPort, workerData } from 'node:worker_threads';
import SQLite from 'better-sqlite3';
import { Problem } from '#shared/domain/problem.ts';
import type { Work } from './worker/order.ts';
import { type Failure, type OrderName, orders, type Reply, type Request } from './worker/orders.ts';

/** Progress that is passed on is at least so far apart. */
const PROGRESS_MS = 100;

/** Runs in a thread of its own, so that neither a search nor a sync of the file holds up a stream. */
const port = parentPort;
if (port !== null) {
  const { path } = workerData as { path: string };
  const db = new SQLite(path, { fileMustExist: true });
  // It may copy the journal into the file, and change nothing else. The second as for the log itself.
  for (const setting of ['query_only', 'fullfsync']) db.pragma(`${setting} = 1`);
  const made = new Map<OrderName, (params: never, work: Work) => unknown>();
  const running = new Map<number, AbortController>();

  const carryOut = async (order: OrderName, params: unknown, work: Work) => {
    work.signal.throwIfAborted();
    const run = made.get(order) ?? orders[order]({ db, path });
    made.set(order, run);
    return run(params as never, work);
  };
  const send = (reply: Reply) => port.postMessage(reply);
  port.on('message', (request: Request) => {
    if ('stop' in request) {
      running.get(request.stop)?.abort(new Problem('STOPPED', 'The work was stopped.'));
      return;
    }
    const { id, order, params } = request;
    const control = new AbortController();
    running.set(id, control);
    const work: Work = {
      signal: control.signal,
      progress: nowAndThen(PROGRESS_MS, (...progress) => send({ id, progress })),
    };
    // A turn later, so that what was stopped meanwhile is not begun.
    setImmediate(() => {
      carryOut(order, params, work)
        .then(
          (answer) => send({ id, answer }),
          (error: unknown) => send({ id, failure: failure(error) }),
        )
        .finally(() => running.delete(id));
    });
  });
}

/** Calls through at the first call, then at most every `ms`. */
function nowAndThen<A extends unknown[]>(ms: number, call: (...args: A) => void): (...args: A) => void {
  let next = 0;
  return (...args) => {
    const now = performance.now();
    if (now < next) return;
    next = now + ms;
    call(...args);
  };
}

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), problem: false };
  const { message, stack } = error;
  if (error instanceof Problem) return { message, stack, code: error.code, problem: true, next: error.next };
  return { message, stack, code: 'code' in error ? String(error.code) : undefined, problem: false };
}
