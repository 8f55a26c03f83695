import { type InputCode, InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { emptyFit, fitOls } from '../regression/ols-fit.ts';
import { knownPairs } from '../series.ts';
import { JointObjective } from './joint-objective.ts';

/** The terms of scikit-learn's `HuberRegressor`, with its names. */
export interface HuberJointOptions {
  /** Residuals beyond this many scales count by their size, not its square; 1.35 unless said otherwise, above 1. */
  epsilon?: number;
  /** Weight of the ridge penalty on beta, in raw units; 1e-4 unless said otherwise; 0 is none. */
  penalty?: number;
}

/** A scale below this part of the least squares residuals' deviation has vanished. */
const VANISHED = 1e-12;

/** Remarks on a joint Huber fit. */
export type HuberJointFlag =
  /** The minimum was not reached to the last digits. */
  'NotConverged';

/** The minimiser of scikit-learn's Huber objective. */
export interface HuberJoint {
  n: number;
  /** Rows of which a member was missing. */
  dropped: number;
  /** In units of y. */
  alpha: number;
  /** Units of y per unit of x. */
  beta: number;
  /** The scale that is estimated along with the line, in units of y. No standard deviation. */
  sigma: number;
  /** Rows whose residual exceeds epsilon sigma. */
  outliers: number;
  /** The least value of the objective, in units of y. */
  objective: number;
  iterations: number;
  /** y - alpha - beta x of the last row. */
  lastResidual: number;
  flags: HuberJointFlag[];
}

/**
 * Line and scale that together minimise n sigma + sum sigma H(r / sigma) + penalty beta^2, with H(u) = u^2 up to
 * epsilon, then 2 epsilon |u| - epsilon^2: what scikit-learn's `HuberRegressor` aims at. It stops early on prices
 * (its iterates depend on the units of x); this is the minimum itself, by Newton's method on standardised data.
 * For comparison with that library only: prefer `huber`, whose answer does not change with the units of x.
 *
 * Rows with a missing (NaN) member are left out and counted. Raises `LengthMismatch`, `TooFewObservations` (n < 3),
 * `NonFinite`, `ConstantSeries`, `Collinear`, `PerfectFit` (so many rows lie on one line that the least value is at
 * sigma = 0) and `InvalidParameter` (epsilon <= 1, penalty < 0). O(n) per iteration.
 * Reference: scikit-learn `HuberRegressor(epsilon, alpha=penalty)`; Owen (2007), A robust hybrid of lasso and ridge.
 */
export function huberJoint(y: Series, x: Series, options: HuberJointOptions = {}): HuberJoint {
  const { epsilon = 1.35, penalty = 1e-4 } = options;
  if (!(epsilon > 1 && epsilon < Infinity)) {
    throw new InputError('InvalidParameter', `huberJoint: epsilon is ${epsilon}; it must be above 1`);
  }
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new InputError('InvalidParameter', `huberJoint: the penalty is ${penalty}; it must be 0 or more`);
  }
  const pairs = knownPairs('huberJoint', y, x);
  const { n } = pairs;
  const ols = emptyFit();
  const code = fitOls(pairs.a, pairs.b, n, ols);
  if (code !== null) throw new InputError(code, `huberJoint: ${sentence(code, n)}`);
  if (ols.perfect) throw new InputError('PerfectFit', `huberJoint: ${sentence('PerfectFit', n)}`);

  const u = standardised(pairs.b);
  // Residuals from centred values, so that they round at their own size.
  const meanY = meanOf(pairs.a);
  const v = standardised(
    pairs.a.map((value, i) => value - meanY - ols.beta * ((pairs.b[i] as number) - u.mean)),
  );
  const unit = v.deviation / u.deviation;
  const objective = new JointObjective(
    v.values,
    u.values,
    epsilon,
    (penalty * unit) / u.deviation,
    ols.beta / unit,
  );
  const { iterations, converged } = objective.minimise();
  const sigma = objective.sigma * v.deviation;
  if (!Number.isFinite(objective.value * v.deviation)) {
    throw new InputError('NonFinite', `huberJoint: ${sentence('NonFinite', n)}`);
  }
  // Standardised residuals are themselves rounded at an epsilon; those of levels at the level's.
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(meanY), Math.abs(ols.beta * u.mean));
  if (!(objective.sigma > VANISHED && sigma > rounding)) {
    throw new InputError('PerfectFit', `huberJoint: ${sentence('PerfectFit', n)}`);
  }
  const beta = ols.beta + objective.slope * unit;
  return {
    n,
    dropped: pairs.dropped,
    alpha: meanY + (v.mean + objective.level * v.deviation) - beta * u.mean,
    beta,
    sigma,
    outliers: objective.outliers,
    objective: objective.value * v.deviation,
    iterations,
    lastResidual: objective.residual(n - 1) * v.deviation,
    flags: converged ? [] : ['NotConverged'],
  };
}

/** (v - mean) / population deviation. */
function standardised(values: Float64Array): { values: Float64Array; mean: number; deviation: number } {
  const mean = meanOf(values);
  const centred = values.map((value) => value - mean);
  const deviation = Math.sqrt(meanOf(centred.map((value) => value * value)));
  return { values: centred.map((value) => value / deviation), mean, deviation };
}

function sentence(code: InputCode, n: number): string {
  if (code === 'TooFewObservations') return `needs at least 3 rows, got ${n}`;
  if (code === 'ConstantSeries') return 'x does not vary, so beta is undefined';
  if (code === 'Collinear') return 'x varies by less than its own rounding, so beta is undefined';
  if (code === 'PerfectFit') return 'too many rows lie on one line, so the residuals have no scale';
  return 'the sums overflow: rescale the series';
}
