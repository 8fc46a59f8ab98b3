import { randomInt } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '#shared/domain/problem.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { Exporting } from './worker/exporting.ts';
import { Importing } from './worker/importing.ts';
import type { ExportPiece, Order, Reply } from './worker/orders.ts';

/** Does one import or one export in a thread of its own, which is ended with it. */
const port = parentPort;
if (port !== null) {
  const order = workerData as Order;
  const reply = (each: Reply) => port.postMessage(each);
  const failed = (error: unknown) =>
    reply({ kind: 'failed', problem: problemOf(error).toBody(), trace: traceOf(error) });
  const most = 2 ** 48 - 1;
  const newId = () => uuidv7(Date.now(), () => randomInt(most) / most);

  if (order.kind === 'export') {
    const exporting = new Exporting(order);
    let last = Promise.resolve();
    port.on('message', (piece: ExportPiece) => {
      last = last.then(async () => {
        const bytes = await exporting.take(piece);
        reply(bytes === undefined ? { kind: 'taken' } : { kind: 'written', bytes });
      });
      last.catch(failed);
    });
  } else {
    const importing = new Importing(order, newId);
    importing.check(reply).catch(failed);
    const pages = importing.pages();
    // Each message asks for the next pages.
    port.on('message', () => {
      pages.next().then(({ value, done }) => reply({ kind: 'pages', pages: value ?? [], done: done === true }), failed);
    });
  }
}

/** What a disk says is told as it is; anything else is an error of ours. */
function problemOf(error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof Problem || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return Problem.of(error);
  const what = code === 'ENOSPC' ? 'The disk is full' : `The data folder could not be used (${code})`;
  return new Problem('STORAGE', `${what}: the file could not be read or written whole.`, 'Make room, then try again.');
}

const traceOf = (error: unknown): string =>
  error instanceof Error && !(error instanceof Problem)
    ? `${error.name}\n${(error.stack ?? '').split('\n    at ').slice(1, 8).join('\n')}`
    : '';
