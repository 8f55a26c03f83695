import { Worker } from 'node:worker_threads';
import type { WorkOrder, WorkReport } from './worker-message.ts';

/** The built entry of a worker thread, whether this file runs from the sources (tests) or from the build. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/work/worker.js' : './worker.js',
  import.meta.url,
);

/** A computation could not be answered for a reason that lies in what was asked. */
export class WorkRefused extends Error {
  override name = 'WorkRefused';
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

interface Task {
  readonly order: WorkOrder;
  readonly onProgress: (share: number) => void;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: Error) => void;
  readonly signal: AbortSignal;
}

/** Worker threads that compute orders, so that what takes long never holds up a live number. */
export interface WorkerPool {
  /**
   * Resolves with the answer. Rejects with `WorkRefused` for what the input cannot answer, with the signal's reason
   * once it aborts (the thread is ended), and with an `Error` for a defect.
   */
  compute(order: WorkOrder, onProgress: (share: number) => void, signal: AbortSignal): Promise<unknown>;
  /** Orders that wait for a thread. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** A pool of at most `size` threads, made when first needed. */
export function workerPool(size: number, memoryLimitMb = 1_024): WorkerPool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const queue: Task[] = [];
  let closed = false;

  const next = (): void => {
    while (!closed) {
      const task = queue[0];
      if (task === undefined) return;
      if (idle.length === 0 && all.size >= size) return;
      queue.shift();
      run(idle.pop() ?? hire(), task);
    }
  };
  const hire = (): Worker => {
    const worker = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
      // The build, however this process was started.
      execArgv: [],
    });
    // A process that has nothing else to do may end.
    worker.unref();
    all.add(worker);
    return worker;
  };
  const run = (worker: Worker, task: Task): void => {
    const settle = (how: () => void, keep: boolean): void => {
      worker.off('message', heard);
      worker.off('error', failed);
      worker.off('exit', exited);
      task.signal.removeEventListener('abort', abort);
      if (keep && !closed) idle.push(worker);
      else {
        all.delete(worker);
        void worker.terminate();
      }
      how();
      next();
    };
    const abort = () => settle(() => task.reject(task.signal.reason as Error), false);
    const failed = (error: Error) => settle(() => task.reject(error), false);
    const heard = (report: WorkReport) => {
      if (report.kind === 'progress') task.onProgress(report.share);
      else if (report.kind === 'answer') settle(() => task.resolve(report.answer), true);
      else if (report.code === null) settle(() => task.reject(new Error(report.message)), true);
      else settle(() => task.reject(new WorkRefused(report.message, report.code as string)), true);
    };
    const exited = () => failed(new Error('a worker thread has ended'));
    worker.on('message', heard);
    worker.on('error', failed);
    worker.on('exit', exited);
    task.signal.addEventListener('abort', abort, { once: true });
    worker.postMessage(task.order);
  };

  return {
    compute(order, onProgress, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (closed) return Promise.reject(new Error('the worker threads are closed'));
      return new Promise((resolve, reject) => {
        const task: Task = { order, onProgress, resolve, reject, signal };
        queue.push(task);
        signal.addEventListener(
          'abort',
          () => {
            const place = queue.indexOf(task);
            if (place < 0) return;
            queue.splice(place, 1);
            reject(signal.reason);
          },
          { once: true },
        );
        next();
      });
    },
    get waiting() {
      return queue.length;
    },
    async close() {
      closed = true;
      for (const task of queue.splice(0)) task.reject(new Error('the service stops'));
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}
