/** Gives back what was taken. */
export type Release = () => void;

interface Waiter {
  admit(release: Release | undefined): void;
}

/**
 * So many at a time per key, in the order of asking. As no key can take another's, one that never gives back delays
 * none but its own.
 */
export class Slots {
  readonly #each: number;
  readonly #taken = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  constructor(each: number) {
    this.#each = each;
  }

  /** Resolves with what gives the slot back, or with nothing once `wake` has resolved. */
  take(key: string, wake: Promise<unknown>): Promise<Release | undefined> {
    const taken = this.#taken.get(key) ?? 0;
    if (taken < this.#each) {
      this.#taken.set(key, taken + 1);
      return Promise.resolve(this.#releaseOf(key));
    }
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      const waiter: Waiter = { admit: resolve };
      this.#waiters.set(key, waiters.add(waiter));
      void wake.then(() => {
        // Whoever was admitted meanwhile is no waiter any more.
        if (waiters.delete(waiter)) resolve(undefined);
      });
    });
  }

  #releaseOf(key: string): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const waiters = this.#waiters.get(key);
      const next = waiters?.values().next().value;
      if (waiters === undefined || next === undefined) {
        const left = (this.#taken.get(key) ?? 1) - 1;
        if (left > 0) this.#taken.set(key, left);
        else this.#taken.delete(key);
        this.#waiters.delete(key);
        return;
      }
      waiters.delete(next);
      next.admit(this.#releaseOf(key));
    };
  }
}
