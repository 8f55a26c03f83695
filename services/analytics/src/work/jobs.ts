import { randomUUID } from 'node:crypto';
import type { JobStatus } from '@tandem/common';

/** Most jobs that run or wait at one time. */
const mostRunning = 16;
/** How long the end of a job is remembered, ms; and how many ends at most. */
const remembered = 10 * 60_000;
const mostRemembered = 64;

interface Job {
  status: JobStatus;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  endedAt: number | undefined;
}

/** Too much is under way. */
export class TooBusy extends Error {
  override name = 'TooBusy';
}

/** Work that may take longer than a request: begun, looked at, cancelled. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #clock: () => number;

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Begins `work`; raises `TooBusy`. `codeOf` tells what is the asker's fault. */
  start(
    method: string,
    work: (signal: AbortSignal, progress: (share: number) => void) => Promise<unknown>,
    codeOf: (error: unknown) => string | null,
  ): string {
    this.#forget();
    const running = [...this.#jobs.values()].filter(({ endedAt }) => endedAt === undefined).length;
    if (running >= mostRunning) throw new TooBusy(`${running} computations are under way; try again soon`);
    const id = randomUUID();
    const abort = new AbortController();
    const status: JobStatus = { job: id, method, state: 'running', progress: 0 };
    const end = (ended: JobStatus) => {
      job.status = ended;
      job.endedAt = this.#clock();
    };
    const ended = Promise.resolve()
      .then(() =>
        work(abort.signal, (progress) => {
          if (job.endedAt === undefined) job.status = { job: id, method, state: 'running', progress };
        }),
      )
      .then(
        (result) => end({ job: id, method, state: 'done', result }),
        (error: unknown) => {
          if (abort.signal.aborted) return end({ job: id, method, state: 'cancelled' });
          const message = error instanceof Error ? error.message : String(error);
          end({ job: id, method, state: 'failed', error: message, code: codeOf(error) });
        },
      );
    const job: Job = { status, abort, ended, endedAt: undefined };
    this.#jobs.set(id, job);
    return id;
  }

  /** The job once it has ended, or as it is after `wait` ms; undefined if there is none. */
  async status(id: string, wait = 0): Promise<JobStatus | undefined> {
    this.#forget();
    const job = this.#jobs.get(id);
    if (job === undefined) return undefined;
    if (wait > 0 && job.endedAt === undefined) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, wait);
      });
      await Promise.race([job.ended, patience]);
      clearTimeout(timer);
    }
    return job.status;
  }

  /** Ends a job; one that has ended stays as it is. */
  async cancel(id: string): Promise<JobStatus | undefined> {
    const job = this.#jobs.get(id);
    if (job === undefined) return undefined;
    job.abort.abort(new Error('cancelled'));
    await job.ended;
    return job.status;
  }

  /** Ends all. */
  async stop(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((id) => this.cancel(id)));
  }

  #forget(): void {
    const now = this.#clock();
    const ends = [...this.#jobs].filter(([, { endedAt }]) => endedAt !== undefined);
    const surplus = ends.length - mostRemembered;
    for (const [index, [id, { endedAt }]] of ends.entries()) {
      if (index < surplus || now - (endedAt as number) > remembered) this.#jobs.delete(id);
    }
  }
}
