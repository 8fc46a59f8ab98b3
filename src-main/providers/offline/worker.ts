import { parentPort } from 'node:worker_threads';
import type { Request } from './request.ts';
import { work } from './work.ts';
import type { WorkerModel } from './work-models.ts';

export interface Job {
  model: WorkerModel;
  request: Request;
}

export type Outcome = { answer: string } | { error: string };

parentPort!.on('message', ({ model, request }: Job) => {
  let outcome: Outcome;
  try {
    outcome = { answer: work(model, request) };
  } catch (error) {
    outcome = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort!.postMessage(outcome);
});
