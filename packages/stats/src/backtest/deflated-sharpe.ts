import { normalCdf, normalQuantile } from '../distributions/index.ts';
import { InputError, type Series } from '../input-error.ts';
import { moments } from '../moments.ts';

/** Remarks on a deflated Sharpe ratio. */
export type DeflatedSharpeFlag =
  /** Under 100 returns: skewness and kurtosis are hardly known. */
  'FewReturns';

/** How much of a Sharpe ratio is left once one allows for the number of configurations tried. */
export interface DeflatedSharpe {
  n: number;
  dropped: number;
  flags: DeflatedSharpeFlag[];
  /** Mean over deviation of the returns, per row. */
  sharpe: number;
  /** The Sharpe ratio per row that the best of as many useless configurations would show. */
  threshold: number;
  /** Probability that the true ratio is above 0, given that it was picked as the best. */
  confidence: number;
  skewness: number;
  kurtosis: number;
  /** Configurations tried. */
  trials: number;
}

const eulerMascheroni = 0.5772156649015329;

/**
 * The deflated Sharpe ratio of Bailey and Lopez de Prado (2014): the chance that the best of several backtests is more
 * than the best of as many strokes of luck.
 *
 * threshold = sd(tried) ((1 - g) q(1 - 1/N) + g q(1 - 1/(N e))), q the normal quantile, g Euler's constant;
 * confidence = Phi((SR - threshold) sqrt(n - 1) / sqrt(1 - skewness SR + (kurtosis - 1) SR^2 / 4)). `tried` holds the
 * Sharpe ratios per row of every configuration, the chosen one included; a single one has threshold 0. Raises
 * `TooFewObservations` (under 3 returns, none tried), `NonFinite` and `ConstantSeries`. O(n).
 */
export function deflatedSharpe(returns: Series, tried: Series): DeflatedSharpe {
  const n = returns.length;
  const trials = tried.length;
  if (n < 3 || trials < 1) {
    throw new InputError(
      'TooFewObservations',
      `deflatedSharpe: needs at least 3 returns and 1 configuration, got ${n} and ${trials}`,
    );
  }
  const { mean, deviation } = moments(returns);
  if (!(deviation > 0)) {
    throw new InputError('ConstantSeries', 'deflatedSharpe: the returns do not vary, so there is no ratio');
  }
  const sharpe = mean / deviation;
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    const z = ((returns[i] as number) - mean) / deviation;
    squares += z * z;
    cubes += z ** 3;
    fourths += z ** 4;
  }
  const skewness = cubes / n / (squares / n) ** 1.5;
  const kurtosis = fourths / n / (squares / n) ** 2;
  const threshold = trials === 1 ? 0 : moments(tried).deviation * expectedMaximum(trials);
  // Never below 0, as kurtosis >= 1 + skewness^2, but for rounding.
  const error = Math.sqrt(Math.max(0, 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe));
  const excess = (sharpe - threshold) * Math.sqrt(n - 1);
  return {
    n,
    dropped: 0,
    flags: n < 100 ? ['FewReturns'] : [],
    sharpe,
    threshold,
    confidence: error > 0 ? normalCdf(excess / error) : excess > 0 ? 1 : 0,
    skewness,
    kurtosis,
    trials,
  };
}

/** Expected largest of N standard normal draws, to the approximation of the paper. */
function expectedMaximum(trials: number): number {
  return (
    (1 - eulerMascheroni) * normalQuantile(1 - 1 / trials) +
    eulerMascheroni * normalQuantile(1 - 1 / (trials * Math.E))
  );
}
