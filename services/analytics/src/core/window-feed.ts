import type { Study } from '@tandem/common';
import { correlationFrom, RollingCorrelation, RollingMoments, SlidingPairSums } from '@tandem/stats';
import type { BarHistory } from './bar-history.ts';
import type { Hedge } from './hedge/hedge.ts';
import { type HedgeState, hedgeOf } from './hedge/hedge-of.ts';
import { feedFrom, hourOf, leastOf } from './reach.ts';

/**
 * Everything that a study reads off sliding windows of its bars, O(1) a bar: hedge, correlations, the legs' own z, how
 * much the spread moves, and how many bars are missing or empty.
 */
export class WindowFeed {
  readonly hedge: Hedge;
  readonly prices: RollingCorrelation;
  readonly returns: SlidingPairSums;
  readonly yMoments: RollingMoments;
  readonly xMoments: RollingMoments;
  /** Changes of the levels from bar to bar, within the window and within the last hour. */
  readonly changes: SlidingPairSums;
  readonly hourChanges: SlidingPairSums | undefined;
  /** Bars of the window that both legs have and may be used, and those of them in which a leg did not trade. */
  n = 0;
  empty = 0;
  /** Change of the newest bar's levels; NaN unless it and the bar before may be used. */
  yChange = Number.NaN;
  xChange = Number.NaN;
  readonly #study: Study;
  readonly #y: BarHistory;
  readonly #x: BarHistory;
  /** 0: not usable, 1: usable, 2: usable and empty; the window's bars. */
  readonly #kinds: Uint8Array;
  #next: number;

  /** Stands before `slot`, fed with whatever its windows hold there. `state`: what the hedge hands on from row to row. */
  constructor(study: Study, y: BarHistory, x: BarHistory, slot: number, state: HedgeState | undefined) {
    const { window, interval } = study;
    const hour = hourOf(interval);
    const first = Math.max(0, Math.min(feedFrom(slot, window), feedFrom(slot, hour ?? window)));
    const least = leastOf(window);
    this.#study = study;
    this.#y = y;
    this.#x = x;
    this.#next = first;
    this.#kinds = new Uint8Array(window);
    this.prices = new RollingCorrelation(window, first, { minPeriods: least });
    this.returns = new SlidingPairSums('returns', window - 1, first, leastOf(window - 1), window);
    this.yMoments = new RollingMoments(window, first, { minPeriods: least });
    this.xMoments = new RollingMoments(window, first, { minPeriods: least });
    this.changes = new SlidingPairSums('changes', window - 1, first, leastOf(window - 1), window);
    this.hourChanges =
      hour === undefined ? undefined : new SlidingPairSums('changes', hour, first, leastOf(hour));
    this.hedge = hedgeOf(study, first, slot, state, this.changes);
    while (this.#next < slot) this.push();
  }

  /** Slot of the bar to be taken next. */
  get next(): number {
    return this.#next;
  }

  get returnCorrelation(): number {
    return correlationFrom(this.returns);
  }

  /** Takes the next bar. */
  push(): void {
    const slot = this.#next++;
    const y = this.#y;
    const x = this.#x;
    const i = slot % y.capacity;
    const j = slot % x.capacity;
    const usable = y.isUsable(slot) && x.isUsable(slot);
    const log = this.#study.scale === 'log';
    const yClose = usable ? (y.closes[i] as number) : Number.NaN;
    const xClose = usable ? (x.closes[j] as number) : Number.NaN;
    const yReturn = usable ? finite(y.returns[i] as number) : Number.NaN;
    const xReturn = usable ? finite(x.returns[j] as number) : Number.NaN;
    const both = !Number.isNaN(yReturn) && !Number.isNaN(xReturn);
    this.#count(slot, usable ? (y.empties[i] === 1 || x.empties[j] === 1 ? 2 : 1) : 0);
    this.yChange = both
      ? log
        ? yReturn
        : yClose - (y.closes[(i === 0 ? y.capacity : i) - 1] as number)
      : Number.NaN;
    this.xChange = both
      ? log
        ? xReturn
        : xClose - (x.closes[(j === 0 ? x.capacity : j) - 1] as number)
      : Number.NaN;
    this.prices.push(yClose, xClose);
    this.yMoments.push(yClose);
    this.xMoments.push(xClose);
    this.returns.push(both ? yReturn : Number.NaN, both ? xReturn : Number.NaN);
    this.changes.push(this.yChange, this.xChange);
    this.hourChanges?.push(this.yChange, this.xChange);
    this.hedge.push(
      log && usable ? (y.logs[i] as number) : yClose,
      log && usable ? (x.logs[j] as number) : xClose,
    );
  }

  #count(slot: number, kind: number): void {
    const place = slot % this.#kinds.length;
    const old = this.#kinds[place] as number;
    this.#kinds[place] = kind;
    this.n += (kind > 0 ? 1 : 0) - (old > 0 ? 1 : 0);
    this.empty += (kind === 2 ? 1 : 0) - (old === 2 ? 1 : 0);
  }
}

/** Standard deviation of the spread's change per bar, at hedge ratio `beta`; NaN where it is not known. */
export function changeDeviation(changes: SlidingPairSums, beta: number): number {
  if (changes.constantX) return changes.constantY ? 0 : Number.NaN;
  const tilt = changes.slope - beta;
  return Math.sqrt((changes.ssr + tilt * tilt * changes.sxx) / (changes.n - 1));
}

/** A return that overflows is none. */
function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}
