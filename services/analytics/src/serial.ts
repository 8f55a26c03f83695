/** Runs jobs one after another, in the order in which they were handed in. */
export interface Serial {
  run<Result>(job: () => Promise<Result>): Promise<Result>;
  /** Resolves when every job so far has ended, however it ended. */
  idle(): Promise<void>;
}

export function serial(): Serial {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      const result = tail.then(job, job);
      tail = result.catch(() => undefined);
      return result;
    },
    async idle() {
      await tail;
    },
  };
}
