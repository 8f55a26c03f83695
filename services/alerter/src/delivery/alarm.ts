/** The longest wait that a timer knows; who waits longer looks again. */
const longest = 2 ** 31 - 1;

/** A wait that ends when its time is up, or when somebody rings. */
export class Alarm {
  #ring: () => void = () => {};

  /** Resolves with true after `ms`; with false when it rings or `signal` aborts before. One waits at a time. */
  wait(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (elapsed: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', ring);
        resolve(elapsed);
      };
      const ring = () => done(false);
      const timer = setTimeout(() => done(ms <= longest), Math.min(Math.max(ms, 0), longest));
      if (signal?.aborted) return ring();
      signal?.addEventListener('abort', ring, { once: true });
      this.#ring = ring;
    });
  }

  ring(): void {
    this.#ring();
  }
}
