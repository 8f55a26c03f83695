/** Part of the venue's budget that we allow ourselves: others may share the address. */
const share = 0.8;
/** Part of our budget that work in no hurry leaves for what the live feed may need at once. */
const reserve = 0.25;

/** Whether a question waits for as long as it must, behind all others, or only for so long, ms. */
export type Hurry = { readonly within: number } | 'none';

interface Waiting {
  readonly weight: number;
  /** Monotonic; infinite for what is in no hurry. */
  readonly until: number;
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/** The venue's weight budget: who may ask now. What the live feed needs goes before repairs behind it. */
export class Budget {
  readonly #capacity: number;
  readonly #signal: AbortSignal;
  readonly #hurried: Waiting[] = [];
  readonly #patient: Waiting[] = [];
  #tokens: number;
  #refilledAt = performance.now();
  #blockedUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(weightPerMinute: number, signal: AbortSignal) {
    this.#capacity = weightPerMinute * share;
    this.#tokens = this.#capacity;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#abort(), { once: true });
  }

  /** Resolves when the question may be asked; rejects if that takes longer than it can wait. */
  admit(weight: number, hurry: Hurry): Promise<void> {
    if (this.#signal.aborted) return Promise.reject(this.#signal.reason);
    return new Promise((resolve, reject) => {
      const until = hurry === 'none' ? Number.POSITIVE_INFINITY : performance.now() + hurry.within;
      const queue = hurry === 'none' ? this.#patient : this.#hurried;
      queue.push({ weight, until, admit: resolve, refuse: reject });
      this.#work();
    });
  }

  /** The venue has said how much of its budget is used. */
  used(weight: number): void {
    this.#tokens = Math.min(this.#tokens, this.#capacity - weight);
  }

  /** The venue has said that nothing may be asked for so long, ms. */
  block(duration: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, performance.now() + duration);
  }

  #work(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    const refill = ((now - this.#refilledAt) * this.#capacity) / 60_000;
    this.#tokens = Math.min(this.#capacity, this.#tokens + refill);
    this.#refilledAt = now;
    const soonest = Math.min(this.#admitFrom(this.#hurried, 0, now), this.#nextPatient(now));
    if (soonest === Number.POSITIVE_INFINITY) return;
    // Timers may fire a moment early.
    this.#timer = setTimeout(() => this.#work(), Math.min(Math.ceil(soonest) + 1, 60_000));
  }

  #nextPatient(now: number): number {
    if (this.#hurried.length > 0) return Number.POSITIVE_INFINITY;
    return this.#admitFrom(this.#patient, this.#capacity * reserve, now);
  }

  /** Admits from the head of a queue what may go; returns how long the rest must wait, ms. */
  #admitFrom(queue: Waiting[], kept: number, now: number): number {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      // A question heavier than what there can be is asked when all of it is there.
      const needed = Math.min(first.weight + kept, this.#capacity);
      const short = ((needed - this.#tokens) * 60_000) / this.#capacity;
      const wait = Math.max(this.#blockedUntil - now, short);
      if (wait > 0 && now + wait <= first.until) return wait;
      queue.shift();
      if (wait > 0) {
        first.refuse(new Error(`the venue's budget allows no question for ${Math.ceil(wait / 1000)} s`));
        continue;
      }
      this.#tokens -= first.weight;
      first.admit();
    }
    return Number.POSITIVE_INFINITY;
  }

  #abort(): void {
    clearTimeout(this.#timer);
    for (const one of [...this.#hurried.splice(0), ...this.#patient.splice(0)])
      one.refuse(this.#signal.reason);
  }
}
