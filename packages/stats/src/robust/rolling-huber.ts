import type { InputCode } from '../input-error.ts';
import { emptyFit, fitOls } from '../regression/ols-fit.ts';
import { infiniteRow, requireWindow, type WindowOptions } from '../rolling/window-options.ts';
import { huberErrors } from './huber.ts';
import { FIXED_POINT_ITERATIONS, settle } from './huber-fixed-point.ts';
import { HUBER_TUNING, HuberIteration, requireTuning } from './huber-iteration.ts';

export interface RollingHuberOptions extends WindowOptions {
  /** Residuals beyond this many scales lose weight; 1.345 unless said otherwise. */
  tuning?: number | undefined;
}

/** Series between these sizes cannot have sums that leave the range of doubles. */
const LARGE = 1e120;
const SMALL = 1e-120;
/** An x that varies by more than this part of its level is not collinear with a constant, up to 100,000 rows. */
const VARIES = 1e-9;

/**
 * Huber's line over a sliding window: after each row the numbers, to the last bit, that `huber` with
 * `until: 'fixedPoint'` gives for the known rows of the window, whatever the first row is.
 *
 * Each window begins at its own least squares line. To begin at the line of the window before would save a third of
 * the time, but where a third of the rows stray to one side there can be several limits, and the one found would
 * then depend on the past. Numbers are NaN until `minPeriods` rows of the window are known, and where `fault` names
 * why there is no line; `lastResidual` also where the newest row is missing. O(window) a row, nothing is allocated.
 * Raises `InvalidParameter`, and `NonFinite` for an infinite row, which is then not taken.
 */
export class RollingHuber {
  /** Known rows in the window. */
  n = 0;
  /** Rows in the window of which a member is missing. */
  dropped = 0;
  /** In units of y. */
  alpha = Number.NaN;
  /** Units of y per unit of x. */
  beta = Number.NaN;
  /** Asymptotic standard errors, as of `huber`. */
  alphaError = Number.NaN;
  betaError = Number.NaN;
  /** Robust deviation of the residuals, MAD / 0.67449, in units of y. */
  scale = Number.NaN;
  /** y - alpha - beta x of the newest row. */
  lastResidual = Number.NaN;
  /** Regressions made for the newest window. */
  iterations = 0;
  /** False where the steps did not come to rest: the line is that of the last step. */
  converged = false;
  /** Why there is no line; null if there is one. */
  fault: InputCode | null = 'TooFewObservations';
  /** Index of the row to be pushed next. */
  index: number;
  readonly #least: number;
  /** The window as a ring, NaN where a row is missing. */
  readonly #ys: Float64Array;
  readonly #xs: Float64Array;
  /** Its known rows in order. */
  readonly #knownY: Float64Array;
  readonly #knownX: Float64Array;
  readonly #iteration: HuberIteration;
  readonly #ols = emptyFit();
  #taken = 0;
  #slot = 0;
  /** Whether the known rows are of a size that needs no closer look. */
  #ordinary = false;

  constructor(window: number, first = 0, options: RollingHuberOptions = {}) {
    const { minPeriods = window, tuning = HUBER_TUNING } = options;
    requireWindow('RollingHuber', window, first, minPeriods, 3);
    requireTuning('RollingHuber', tuning);
    this.index = first;
    this.#least = minPeriods;
    this.#ys = new Float64Array(window).fill(Number.NaN);
    this.#xs = new Float64Array(window).fill(Number.NaN);
    this.#knownY = new Float64Array(window);
    this.#knownX = new Float64Array(window);
    this.#iteration = new HuberIteration(window, tuning);
  }

  /** Takes the next row; NaN for what is missing. */
  push(y: number, x: number): void {
    if (Math.abs(y) === Infinity || Math.abs(x) === Infinity) infiniteRow('RollingHuber', this.index);
    const window = this.#ys.length;
    const known = !Number.isNaN(y) && !Number.isNaN(x);
    this.#ys[this.#slot] = known ? y : Number.NaN;
    this.#xs[this.#slot] = known ? x : Number.NaN;
    this.#slot = this.#slot + 1 === window ? 0 : this.#slot + 1;
    this.#taken++;
    this.index++;
    this.#gather();
    this.dropped = Math.min(this.#taken, window) - this.n;
    this.fault = this.n < this.#least ? 'TooFewObservations' : this.#fit();
    if (this.fault === null) this.#answer(y, x);
    else this.#silence();
  }

  /** Copies the known rows, the oldest first. */
  #gather(): void {
    const ys = this.#ys;
    const xs = this.#xs;
    const knownY = this.#knownY;
    const knownX = this.#knownX;
    const window = ys.length;
    let n = 0;
    let leastY = Infinity;
    let leastX = Infinity;
    let mostY = -Infinity;
    let mostX = -Infinity;
    for (let i = 0, slot = this.#slot; i < window; i++, slot = slot + 1 === window ? 0 : slot + 1) {
      const y = ys[slot] as number;
      const x = xs[slot] as number;
      if (Number.isNaN(y)) continue;
      knownY[n] = y;
      knownX[n] = x;
      n++;
      if (y < leastY) leastY = y;
      if (y > mostY) mostY = y;
      if (x < leastX) leastX = x;
      if (x > mostX) mostX = x;
    }
    this.n = n;
    const levelX = Math.max(mostX, -leastX);
    const range = mostX - leastX;
    this.#ordinary =
      range > SMALL &&
      range > VARIES * levelX &&
      mostY - leastY > SMALL &&
      Math.max(levelX, mostY, -leastY) < LARGE;
  }

  /** Goes to the limit; what stands against a line. */
  #fit(): InputCode | null {
    const iteration = this.#iteration;
    const { n } = this;
    if (!this.#ordinary) {
      const code = fitOls(this.#knownY, this.#knownX, n, this.#ols);
      if (code !== null) return code;
    }
    iteration.startFromOls(this.#knownY, this.#knownX, n);
    const { iterations, converged } = settle(iteration, FIXED_POINT_ITERATIONS);
    this.iterations = iterations;
    this.converged = converged;
    return iteration.fault;
  }

  #answer(y: number, x: number): void {
    const iteration = this.#iteration;
    this.alpha = iteration.alpha;
    this.beta = iteration.beta;
    this.scale = iteration.scale;
    this.lastResidual = iteration.residualOf(y, x);
    const { alphaError, betaError } = huberErrors(iteration);
    this.alphaError = alphaError;
    this.betaError = betaError;
  }

  #silence(): void {
    this.alpha = this.beta = this.alphaError = this.betaError = this.scale = this.lastResidual = Number.NaN;
    this.iterations = 0;
    this.converged = false;
  }
}
