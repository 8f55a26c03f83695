import type { Frame, History } from './history.ts';
import type { Timeline } from './timeline.ts';

/** Where the player's frames go. */
export interface Audience {
  wants(stream: string): boolean;
  send(frame: Frame): void;
  /** Whether the sockets can take more just now. */
  readonly ready: boolean;
}

const tick = 5;
/** How much exchange time one step covers when nothing but the sockets sets the pace. */
const stride = 20;
/** Pushes what is due, from one timer, until stopped; `finished` when a recording has been played. */
export function play(
  history: History,
  timeline: Timeline,
  audience: Audience,
  mostBehind: number,
): { readonly finished: Promise<void>; readonly position: number; stop(): void } {
  let position = timeline.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let resolve: () => void = () => {};
  const finished = new Promise<void>((done) => {
    resolve = done;
  });
  const last = history.span?.last ?? Number.POSITIVE_INFINITY;

  const pushUntil = (time: number): void => {
    const after = Math.max(position, time - mostBehind);
    if (time <= after) return;
    position = time;
    for (const frame of history.frames(after, time, (stream) => audience.wants(stream))) audience.send(frame);
    if (position >= last) resolve();
  };
  const paced = (): void => {
    if (stopped) return;
    if (!timeline.started || !timeline.unpaced) {
      pushUntil(timeline.now());
      timer = setTimeout(paced, tick);
      return;
    }
    // One stride at a time, so that sockets, REST and subscriptions get their turn in between.
    if (audience.ready) {
      const next = Math.min(position + stride, last);
      pushUntil(next);
      timeline.advance(next);
      setImmediate(paced);
    } else timer = setTimeout(paced, 1);
  };
  timer = setTimeout(paced, 0);
  return {
    finished,
    get position() {
      return position;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
