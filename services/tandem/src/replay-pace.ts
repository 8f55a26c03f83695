import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so that recorded time passes `speed` times as fast as the wall clock; undefined is as fast as possible. */
export function pacer(speed: number | undefined, signal: AbortSignal): (at: number) => Promise<void> {
  let origin: { recorded: number; wall: number } | undefined;
  return async (at) => {
    if (speed === undefined) return;
    origin ??= { recorded: at, wall: performance.now() };
    const due = origin.wall + (at - origin.recorded) / speed;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
  };
}

/** `max`, or how many times as fast as it was recorded. */
export function readSpeed(text: string | undefined): number | undefined {
  if (text === undefined || text === 'max') return undefined;
  const speed = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (speed > 0) return speed;
  throw new Error(`--speed "${text}" is refused: write max, or a factor such as 1 or 10.`);
}
