import { type InputCode, InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { NORMAL_MAD } from './mad.ts';
import { midpoint, select } from './select.ts';

/** Residuals beyond this many scales weigh less: 95 % efficiency where the errors are normal (Huber 1964). */
export const HUBER_TUNING = 1.345;

/**
 * Raises `InvalidParameter` for a tuning constant under which fewer than half of the rows would count in full: the
 * median residual lies at 0.67449 scales.
 */
export function requireTuning(method: string, tuning: number): void {
  if (tuning >= 0.7) return;
  throw new InputError('InvalidParameter', `${method}: the tuning is ${tuning}; it must be at least 0.7`);
}

/**
 * Iteratively reweighted least squares with Huber's weights and the MAD of the residuals as their scale, on buffers
 * without missing values that the caller keeps.
 *
 * The line is held as y - centreY = level + beta (x - centreX), with a centre that follows the weighted mean: so a
 * wild x that loses its weight takes no digits with it, and residuals round at their own size, not at the prices'.
 */
export class HuberIteration {
  readonly tuning: number;
  readonly residuals: Float64Array;
  /** Of the last regression. */
  readonly #weights: Float64Array;
  y: Series = [];
  x: Series = [];
  n = 0;
  centreX = 0;
  centreY = 0;
  level = 0;
  beta = 0;
  /** The middle two of the residuals' magnitudes; the same for odd n. */
  lower = 0;
  upper = 0;
  /** Their mean over 0.67449: the MAD about 0 as a deviation. */
  scale = 0;
  /** Set where the scale has been seen to vanish. */
  collapsed = false;
  /** Weighted standard deviation of x in the last regression. */
  spreadX = 0;
  /** Rows whose weight was below 1 in the last regression. */
  downweighted = 0;
  readonly #magnitudes: Float64Array;

  constructor(capacity: number, tuning: number = HUBER_TUNING) {
    this.tuning = tuning;
    this.residuals = new Float64Array(capacity);
    this.#weights = new Float64Array(capacity);
    this.#magnitudes = new Float64Array(capacity);
  }

  get alpha(): number {
    return this.centreY + this.level - this.beta * this.centreX;
  }

  /** Takes the first `n` rows of the buffers and begins at their least squares line, in which x must vary. */
  startFromOls(y: Series, x: Series, n: number): void {
    this.y = y;
    this.x = x;
    this.n = n;
    this.collapsed = false;
    this.upper = 0;
    this.centreX = meanOf(x, n);
    this.centreY = meanOf(y, n);
    this.residuals.fill(0, 0, n);
    this.#regress(0);
    this.measure();
  }

  residualOf(y: number, x: number): number {
    return y - this.centreY - this.level - this.beta * (x - this.centreX);
  }

  /** One step: weights by the present residuals and scale, regression, new residuals and scale. */
  step(): void {
    this.#regress(this.tuning * this.scale);
    this.measure();
  }

  /**
   * The deviance by which statsmodels stops: sum of rho(r / v), v = sum w r^2 / (n - 2), with rho(u) = u^2 / 2 up to
   * the tuning constant c, then c |u| - c^2 / 2. That v is a variance, not a deviation, so the sum depends on units.
   */
  deviance(): number {
    const { residuals, tuning, n } = this;
    const weights = this.#weights;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const residual = residuals[i] as number;
      squares += (weights[i] as number) * residual * residual;
    }
    const variance = squares / (n - 2);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const u = Math.abs((residuals[i] as number) / variance);
      sum += u <= tuning ? 0.5 * u * u : tuning * (u - 0.5 * tuning);
    }
    return sum;
  }

  /** Whether the scale is 0 but for rounding, so that residuals mean nothing: most rows lie on the line. */
  isPerfect(): boolean {
    const { centreX, centreY, beta, spreadX } = this;
    const level = Math.max(Math.abs(centreY), Math.abs(beta * centreX), Math.abs(beta * spreadX));
    return this.collapsed || this.scale <= 4 * Number.EPSILON * level;
  }

  /** What stands against the line as an answer. */
  get fault(): InputCode | null {
    if (this.isPerfect()) return 'PerfectFit';
    return Number.isFinite(this.alpha) && Number.isFinite(this.scale) ? null : 'NonFinite';
  }

  /** Least squares with weights min(1, threshold / |residual|). */
  #regress(threshold: number): void {
    const { x, y, residuals, centreX, centreY, n } = this;
    const weights = this.#weights;
    let downweighted = 0;
    let sumW = 0;
    let sumX = 0;
    let sumY = 0;
    let sumXX = 0;
    let sumXY = 0;
    for (let i = 0; i < n; i++) {
      const magnitude = Math.abs(residuals[i] as number);
      let weight = 1;
      if (magnitude > threshold) {
        weight = threshold / magnitude;
        downweighted++;
      }
      weights[i] = weight;
      const p = (x[i] as number) - centreX;
      const q = (y[i] as number) - centreY;
      const wp = weight * p;
      sumW += weight;
      sumX += wp;
      sumY += weight * q;
      sumXX += wp * p;
      sumXY += wp * q;
    }
    const shiftX = sumX / sumW;
    const shiftY = sumY / sumW;
    const centredXX = sumXX - sumX * shiftX;
    this.downweighted = downweighted;
    this.spreadX = Math.sqrt(centredXX / sumW);
    this.beta = (sumXY - sumX * shiftY) / centredXX;
    this.centreX = centreX + shiftX;
    this.centreY = centreY + shiftY;
    // What the new centre could not hold of the shift.
    const lostX = shiftX - (this.centreX - centreX);
    const lostY = shiftY - (this.centreY - centreY);
    this.level = lostY - this.beta * lostX;
  }

  /** Residuals of the line as it stands, and their scale. */
  measure(): void {
    const { x, y, residuals, centreX, centreY, level, beta, n } = this;
    const magnitudes = this.#magnitudes;
    // The median is near the last one: only what lies around that is sorted out.
    const low = 0.8 * this.upper;
    const high = 1.25 * this.upper;
    let below = 0;
    let around = 0;
    for (let i = 0; i < n; i++) {
      const residual = (y[i] as number) - centreY - level - beta * ((x[i] as number) - centreX);
      const magnitude = Math.abs(residual);
      residuals[i] = residual;
      magnitudes[around] = magnitude;
      below += magnitude < low ? 1 : 0;
      around += magnitude >= low && magnitude <= high ? 1 : 0;
    }
    const half = n >> 1;
    if (half - 1 < below || half >= below + around) {
      for (let i = 0; i < n; i++) magnitudes[i] = Math.abs(residuals[i] as number);
      below = 0;
      around = n;
    }
    const place = half - below;
    this.upper = select(magnitudes, place, 0, around);
    this.lower = this.upper;
    if (n % 2 === 0) {
      this.lower = magnitudes[0] as number;
      for (let i = 1; i < place; i++) this.lower = Math.max(this.lower, magnitudes[i] as number);
    }
    this.scale = midpoint(this.lower, this.upper) / NORMAL_MAD;
  }
}
