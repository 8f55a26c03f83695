import type { History } from './history.ts';

/** The exchange's clock: frozen until started, then running `speed` times as fast as the wall's. */
export interface Timeline {
  now(): number;
  readonly started: boolean;
  start(): void;
  /** Moves the clock to this exchange time; only ever forward. */
  advance(time: number): void;
  /** As fast as the sockets take it: the player moves the clock, until the recording ends. */
  readonly unpaced: boolean;
}

/** A clock over a history; `clock` replaces it as a whole (exchange ms). */
export function timeline(
  history: History,
  { speed, epoch, clock }: { speed: number; epoch: number | undefined; clock: (() => number) | undefined },
): Timeline {
  const { span } = history;
  const unpaced = span !== null && (speed === 0 || speed === Number.POSITIVE_INFINITY);
  let origin = span ? span.first - 1 : (epoch ?? Date.now());
  // A market runs from the first moment; a recording waits to be started.
  let since: number | null = span ? null : performance.now();
  const ended = (): boolean => span !== null && origin >= span.last;
  const running = (): number => {
    if (since === null) return origin;
    // A market at its natural pace is where the wall clock is, even after that was set.
    if (!span && epoch === undefined && speed === 1) return Date.now();
    if (unpaced) return ended() ? origin + (performance.now() - since) : origin;
    return Math.floor(origin + (performance.now() - since) * speed);
  };
  return {
    now: () => Math.floor(clock ? clock() : running()),
    get started() {
      return since !== null;
    },
    start() {
      since ??= performance.now();
    },
    advance(time) {
      if (time <= origin) return;
      origin = time;
      since = performance.now();
    },
    get unpaced() {
      return unpaced && clock === undefined && !ended();
    },
  };
}
