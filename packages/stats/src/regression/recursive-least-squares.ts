import { InputError, type Series } from '../input-error.ts';
import { requireSameLength } from '../series.ts';
import { isFlatButForRounding, LEAST_SUM } from '../sums-of-squares.ts';

/**
 * Ordinary least squares of y on x over all rows so far, carried along row by row in O(1): the Kalman filter of
 * constant coefficients from an exactly diffuse start.
 *
 * Means and centred sums are updated, never raw sums of squares. alpha and beta are NaN until x has varied.
 */
export class RecursiveLeastSquares {
  /** Rows of which both legs were known. */
  n = 0;
  alpha: number = Number.NaN;
  beta: number = Number.NaN;
  /**
   * The last row's recursive residual: its one-step-ahead error, over sqrt(1 + 1/m + (x - mean)^2 / Sxx) of the m
   * rows before it, so that all have the variance of the model's error. Of n rows, n - 2 have one: not the first,
   * nor the first of which x differs.
   */
  residual: number = Number.NaN;
  /** The sum of squared residuals of the current line, which is that of the recursive residuals. */
  ssr = 0;
  // The first row, from which all is measured: means of a high price would round away its small moves.
  #originX = 0;
  #originY = 0;
  #meanX = 0;
  #meanY = 0;
  #sxx = 0;
  #sxy = 0;

  /**
   * Takes the next row. A missing (NaN) leg leaves the line as it is. Raises `NonFinite`, also where a square leaves
   * the range of doubles.
   */
  update(y: number, x: number): void {
    this.residual = Number.NaN;
    if (Number.isNaN(y) || Number.isNaN(x)) return;
    if (this.n === 0) {
      this.#originX = x;
      this.#originY = y;
    }
    const fromX = x - this.#originX - this.#meanX;
    const fromY = y - this.#originY - this.#meanY;
    const before = this.n;
    if (!Number.isNaN(this.beta)) {
      const error = fromY - this.beta * fromX;
      this.residual = error / Math.sqrt(1 + 1 / before + (fromX / this.#sxx) * fromX);
      this.ssr += this.residual * this.residual;
    }
    this.n = before + 1;
    this.#meanX += fromX / this.n;
    this.#meanY += fromY / this.n;
    const share = before / this.n;
    this.#sxx += share * fromX * fromX;
    this.#sxy += share * fromX * fromY;
    const meanX = this.#originX + this.#meanX;
    const finite = Number.isFinite(this.#sxx + this.#sxy + meanX * meanX * this.n + this.#meanY);
    if (!finite || (fromX !== 0 && this.#sxx < LEAST_SUM)) {
      throw new InputError(
        'NonFinite',
        'RecursiveLeastSquares: a row is infinite, or its square leaves the range of doubles: rescale the series',
      );
    }
    // As in `ols`: x that varies by less than its own rounding has not varied.
    if (isFlatButForRounding(this.#sxx, this.n, meanX)) {
      // At the one x so far the mean of y is all there is to know.
      if (before > 0) this.residual = fromY * Math.sqrt(share);
      this.ssr += share * fromY * fromY;
      return;
    }
    this.beta = this.#sxy / this.#sxx;
    this.alpha = this.#originY + this.#meanY - this.beta * meanX;
  }
}

/** The lines of `recursiveLeastSquares`, one per row; NaN where there is none yet. */
export interface RecursiveLines {
  n: number;
  dropped: number;
  /** None is defined: rows without a line are NaN. */
  flags: never[];
  /** Row t: of the rows 0..t. */
  alpha: Float64Array;
  beta: Float64Array;
  /** Recursive residuals: one-step-ahead errors scaled to equal variance. */
  residual: Float64Array;
  /** Sum of squared residuals of the last line. */
  ssr: number;
}

/**
 * The ordinary least squares line of y on x at each row, from the rows up to it and so without look-ahead, with the
 * recursive residuals of Brown, Durbin and Evans (1975).
 *
 * Rows with a missing (NaN) leg keep the line before them and have no residual. Raises `LengthMismatch`,
 * `TooFewObservations` (fewer than 3 known rows), `NonFinite` and `ConstantSeries`. O(n).
 * Reference: statsmodels `RecursiveLS(y, add_constant(x)).fit()`.
 */
export function recursiveLeastSquares(y: Series, x: Series): RecursiveLines {
  requireSameLength('recursiveLeastSquares', y, x);
  const rows = y.length;
  const alpha = new Float64Array(rows);
  const beta = new Float64Array(rows);
  const residual = new Float64Array(rows);
  const line = new RecursiveLeastSquares();
  for (let t = 0; t < rows; t++) {
    line.update(y[t] as number, x[t] as number);
    alpha[t] = line.alpha;
    beta[t] = line.beta;
    residual[t] = line.residual;
  }
  if (line.n < 3) {
    throw new InputError('TooFewObservations', `recursiveLeastSquares: needs at least 3 rows, got ${line.n}`);
  }
  if (Number.isNaN(line.beta)) {
    throw new InputError('ConstantSeries', 'recursiveLeastSquares: x does not vary, so beta is undefined');
  }
  return { n: line.n, dropped: rows - line.n, flags: [], alpha, beta, residual, ssr: line.ssr };
}
