import type { InputCode } from '../input-error.ts';
import { InputError } from '../input-error.ts';
import { infiniteRow, requireWindow, type WindowOptions } from '../rolling/window-options.ts';
import { medianInPlace } from './select.ts';
import { SlopeBracket, type SlopeSource } from './slope-bracket.ts';
import { SortedWindow } from './sorted-window.ts';
import type { TheilSenIntercept } from './theil-sen.ts';

export interface RollingTheilSenOptions extends WindowOptions {
  /** `separate` unless said otherwise; `joint` costs a selection more per row. */
  intercept?: TheilSenIntercept | undefined;
}

/** Beyond this size differences may overflow. */
const LARGEST = Number.MAX_VALUE / 2;

/**
 * The Theil-Sen line over a sliding window: after each row the very doubles that `theilSen` gives for the known rows
 * of the window, in O(window) instead of O(window^2), whatever the first row is.
 *
 * A row that comes or goes brings or takes one slope with every other row; `SlopeBracket` keeps their median.
 * Numbers are NaN until `minPeriods` rows of the window are known, and where `fault` names why there is no line;
 * `lastResidual` also where the newest row is missing. Raises `InvalidParameter`, and `NonFinite` for a row that is
 * infinite or so large that differences overflow, which is then not taken.
 */
export class RollingTheilSen {
  /** Known rows in the window. */
  n = 0;
  /** Rows in the window of which a member is missing. */
  dropped = 0;
  /** Pairs of rows with different x. */
  slopes = 0;
  /** In units of y. */
  alpha = Number.NaN;
  /** Units of y per unit of x. */
  beta = Number.NaN;
  /** y - alpha - beta x of the newest row. */
  lastResidual = Number.NaN;
  /** Why there is no line; null if there is one. */
  fault: InputCode | null = 'TooFewObservations';
  /** Index of the row to be pushed next. */
  index: number;
  readonly #least: number;
  readonly #joint: boolean;
  /** The window, NaN where a row is missing, and the rows' numbers. */
  readonly #ys: Float64Array;
  readonly #xs: Float64Array;
  readonly #rows: Float64Array;
  #slot = 0;
  #taken = 0;
  readonly #sortedY: SortedWindow;
  readonly #sortedX: SortedWindow;
  readonly #bracket: SlopeBracket;
  /** Slopes of one row with the others, and the numbers of the older rows. */
  readonly #slopes: Float64Array;
  readonly #older: Float64Array;

  constructor(window: number, first = 0, options: RollingTheilSenOptions = {}) {
    const { minPeriods = window, intercept = 'separate' } = options;
    requireWindow('RollingTheilSen', window, first, minPeriods, 2);
    this.index = first;
    this.#least = minPeriods;
    this.#joint = intercept === 'joint';
    this.#ys = new Float64Array(window).fill(Number.NaN);
    this.#xs = new Float64Array(window).fill(Number.NaN);
    this.#rows = new Float64Array(window);
    this.#sortedY = new SortedWindow(window);
    this.#sortedX = new SortedWindow(window);
    this.#slopes = new Float64Array(window);
    this.#older = new Float64Array(window);
    this.#bracket = new SlopeBracket(this.#source());
  }

  /** Takes the next row; NaN for what is missing. */
  push(y: number, x: number): void {
    const known = !Number.isNaN(y) && !Number.isNaN(x);
    if (Math.abs(y) === Infinity || Math.abs(x) === Infinity) infiniteRow('RollingTheilSen', this.index);
    if (known && (Math.abs(y) > LARGEST || Math.abs(x) > LARGEST)) {
      throw new InputError(
        'NonFinite',
        `RollingTheilSen: row ${this.index} is too large: rescale the series`,
      );
    }
    const window = this.#ys.length;
    if (this.#taken >= window) this.#leave();
    if (known) this.#enter(y, x);
    this.#taken++;
    this.#slot = this.#slot + 1 === window ? 0 : this.#slot + 1;
    this.index++;
    this.n = this.#sortedY.n;
    this.dropped = Math.min(this.#taken, window) - this.n;
    this.slopes = this.#bracket.total;
    this.#answer(y, x);
  }

  #answer(y: number, x: number): void {
    this.alpha = this.beta = this.lastResidual = Number.NaN;
    if (this.n < this.#least) this.fault = 'TooFewObservations';
    else if (this.slopes === 0) this.fault = 'ConstantSeries';
    else {
      const beta = this.#bracket.median() + 0;
      const alpha = this.#interceptOf(beta);
      this.fault = Number.isFinite(beta) && Number.isFinite(alpha) ? null : 'NonFinite';
      if (this.fault !== null) return;
      this.beta = beta;
      this.alpha = alpha;
      this.lastResidual = y - alpha - beta * x;
    }
  }

  #interceptOf(beta: number): number {
    if (!this.#joint) return this.#sortedY.median - beta * this.#sortedX.median;
    const work = this.#slopes;
    let count = 0;
    for (let i = 0; i < this.#ys.length; i++) {
      const y = this.#ys[i] as number;
      if (!Number.isNaN(y)) work[count++] = y - beta * (this.#xs[i] as number);
    }
    return medianInPlace(work, count);
  }

  /** How often the bracket around the median slope had to be placed: each takes O(window^2). */
  get placements(): number {
    return this.#bracket.placements;
  }

  /** The oldest row goes, whose place the next one takes. */
  #leave(): void {
    const slot = this.#slot;
    const y = this.#ys[slot] as number;
    const x = this.#xs[slot] as number;
    if (Number.isNaN(y)) return;
    this.#ys[slot] = Number.NaN;
    this.#xs[slot] = Number.NaN;
    this.#sortedY.remove(y);
    this.#sortedX.remove(x);
    this.#bracket.remove(this.#slopes, this.#slopesWith(y, x), (this.#rows[slot] as number) + 1);
  }

  #enter(y: number, x: number): void {
    this.#bracket.add(this.#slopes, this.#older, this.#slopesWith(y, x));
    this.#sortedY.add(y);
    this.#sortedX.add(x);
    this.#ys[this.#slot] = y;
    this.#xs[this.#slot] = x;
    this.#rows[this.#slot] = this.#taken;
  }

  /** Writes the slopes of a row with all in the window, and returns their number. */
  #slopesWith(y: number, x: number): number {
    const ys = this.#ys;
    const xs = this.#xs;
    const rows = this.#rows;
    const slopes = this.#slopes;
    const older = this.#older;
    let count = 0;
    for (let i = 0; i < xs.length; i++) {
      const run = x - (xs[i] as number);
      // Neither for the same x nor for a missing row.
      if (!(run > 0 || run < 0)) continue;
      slopes[count] = (y - (ys[i] as number)) / run;
      older[count] = rows[i] as number;
      count++;
    }
    return count;
  }

  /** What the bracket needs to be placed anew. */
  #source(): SlopeSource {
    const window = this.#ys.length;
    // A generator of its own for each sample: what was drawn before shall not matter.
    const sample = (slopes: Float64Array): number => {
      let random = 1;
      const next = (): number => {
        random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
        return Math.floor((random / 4294967296) * window);
      };
      let count = 0;
      for (let attempt = 0; attempt < 8 * slopes.length && count < slopes.length; attempt++) {
        const i = next();
        const j = next();
        const run = (this.#xs[i] as number) - (this.#xs[j] as number);
        if (run > 0 || run < 0) slopes[count++] = ((this.#ys[i] as number) - (this.#ys[j] as number)) / run;
      }
      return count;
    };
    const forEachBlock = (call: (slopes: Float64Array, older: Float64Array, count: number) => void): void => {
      const slopes = new Float64Array(window);
      const older = new Float64Array(window);
      for (let i = 0; i < window; i++) {
        const x = this.#xs[i] as number;
        const y = this.#ys[i] as number;
        const row = this.#rows[i] as number;
        let count = 0;
        for (let j = 0; j < window; j++) {
          const run = x - (this.#xs[j] as number);
          if (!(run > 0 || run < 0) || (this.#rows[j] as number) > row) continue;
          slopes[count] = (y - (this.#ys[j] as number)) / run;
          older[count] = this.#rows[j] as number;
          count++;
        }
        call(slopes, older, count);
      }
    };
    return { rows: window, sample, forEachBlock };
  }
}
