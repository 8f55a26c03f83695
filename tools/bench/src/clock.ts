/** Monotonic time of this machine, ms: the same for all its processes, unlike `performance.now()`, and never set back. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
