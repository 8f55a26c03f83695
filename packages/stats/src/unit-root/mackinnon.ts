import { normalCdf } from '../distributions/normal.ts';
import { InputError } from '../input-error.ts';
import type { DeterministicTrend } from './deterministic-trend.ts';
import { TAU_CRITICAL, TAU_SURFACES } from './mackinnon-tables.ts';

/** Values below which the null is rejected at 1%, 5% and 10%. */
export interface CriticalValues {
  '1%': number;
  '5%': number;
  '10%': number;
}

/**
 * Asymptotic p-value of a tau statistic of Dickey-Fuller type: of `series` integrated series (1 for a unit root
 * test, 2 for the residuals of a pair), under the given deterministic trend.
 *
 * p = Phi(polynomial in tau), one polynomial for the lower tail and one for the rest; 0 and 1 outside the range
 * of the surface. MacKinnon (1994). Raises `InvalidParameter` for more than 6 series.
 * Reference: statsmodels `mackinnonp`.
 */
export function mackinnonP(tau: number, trend: DeterministicTrend, series = 1): number {
  const surface = TAU_SURFACES[trend][series - 1];
  if (surface === undefined) {
    throw new InputError(
      'InvalidParameter',
      `mackinnonP: surfaces exist for 1 to 6 integrated series, not for ${series}`,
    );
  }
  if (tau > surface.highest) return 1;
  if (tau < surface.lowest) return 0;
  return normalCdf(polynomialAt(tau <= surface.border ? surface.lower : surface.upper, tau));
}

/**
 * Critical values of the same statistic for `rows` observations of the regression (Infinity: asymptotic), or null
 * where the literature has none (no trend, more than one series).
 *
 * b0 + b1/T + b2/T^2 + b3/T^3. MacKinnon (2010). A p-value and a critical value, being of two papers, may disagree
 * at the margin: decide by the critical value. Raises `InvalidParameter` for more than 6 series.
 * Reference: statsmodels `mackinnoncrit`.
 */
export function mackinnonCritical(
  trend: DeterministicTrend,
  rows: number,
  series = 1,
): CriticalValues | null {
  if (!(Number.isInteger(series) && series >= 1 && series <= 6)) {
    throw new InputError(
      'InvalidParameter',
      `mackinnonCritical: critical values exist for 1 to 6 integrated series, not for ${series}`,
    );
  }
  const levels = TAU_CRITICAL[trend][series - 1];
  return levels === undefined ? null : criticalAt(levels, rows);
}

/** Critical values from three rows of coefficients in 1/T. */
export function criticalAt(levels: readonly (readonly number[])[], rows: number): CriticalValues {
  const at = (level: number): number => polynomialAt(levels[level] as readonly number[], 1 / rows);
  return { '1%': at(0), '5%': at(1), '10%': at(2) };
}

/** Coefficients in ascending order, by Horner's rule. */
export function polynomialAt(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] as number);
  return value;
}
