import { notAsked, type Polled, pollSpacing } from '../state/polled.ts';
import { faultSentence, RequestFault } from './rest.ts';

/** Something that is asked for again and again, one question at a time. */
export interface Poll<Value> {
  readonly state: Polled<Value>;
  /** Whether the state is the answer to another question than the present one. */
  readonly outdated: boolean;
  /** Asks if it is time to. */
  tick(): void;
  /** Asks at once: what is under way is out of date. Resolves with the newest answer, or without one. */
  again(): Promise<void>;
  /** Asks at once for something else. Until its answer the former one stays; if it fails, that is gone. */
  restart(): void;
}

export function poll<Value>(read: () => Promise<Value>, changed: () => void): Poll<Value> {
  let state: Polled<Value> = notAsked;
  let asked = Number.NEGATIVE_INFINITY;
  let round = 0;
  let busy = false;
  let another = false;
  let newest = Promise.resolve();

  function begin(): Promise<void> {
    newest = run();
    return newest;
  }

  async function run(): Promise<void> {
    round += 1;
    const own = round;
    busy = true;
    asked = performance.now();
    const next = await read().then(
      (value): Polled<Value> => ({ value, fault: undefined }),
      (error): Polled<Value> => ({
        value: another ? undefined : state.value,
        fault: {
          message: faultSentence(error),
          status: error instanceof RequestFault ? error.status : undefined,
        },
      }),
    );
    if (own !== round) return newest;
    state = next;
    busy = false;
    another = false;
    changed();
  }

  return {
    get state() {
      return state;
    },
    get outdated() {
      return another;
    },
    tick() {
      // A tick may come a little early; a second later would be far too late.
      const due = performance.now() - asked >= pollSpacing(state.fault) - 200;
      if (!busy && due) void begin();
    },
    again: begin,
    restart() {
      another = true;
      void begin();
    },
  };
}
