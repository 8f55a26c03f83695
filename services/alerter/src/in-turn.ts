/** Runs jobs one after another, in the order in which they were handed in. */
export function inTurn(): <Result>(job: () => Promise<Result>) => Promise<Result> {
  let tail: Promise<unknown> = Promise.resolve();
  return (job) => {
    const result = tail.then(job, job);
    tail = result.catch(() => {});
    return result;
  };
}
