import { parentPort } from 'node:worker_threads';
import { InputError } from '@tandem/stats';
import { type Computation, computations } from './computations/index.ts';
import type { WorkOrder, WorkReport } from './worker-message.ts';

// The thread's entry: computes one order after another. Cancelling is ending the thread.

/** Reports of progress, at most so often, ms. */
const pause = 50;

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only');
const say = (report: WorkReport): void => port.postMessage(report);

port.on('message', ({ method, input }: WorkOrder) => {
  let said = 0;
  const progress = (share: number): void => {
    const now = performance.now();
    if (now - said < pause) return;
    said = now;
    say({ kind: 'progress', share });
  };
  try {
    const known: Readonly<Record<string, Computation>> = computations;
    const compute = Object.hasOwn(known, method) ? known[method] : undefined;
    if (compute === undefined) throw new Error(`there is no computation "${method}"`);
    say({ kind: 'answer', answer: compute(input, progress) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: 'fault', message, code: error instanceof InputError ? error.code : null });
  }
});
