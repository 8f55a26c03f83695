import type { ConsecutiveRows } from '../consecutive-rows.ts';
import { InputError } from '../input-error.ts';
import { emptyFit, fitOls, type OlsFit } from '../regression/ols-fit.ts';

/** The regression of the change on the level before it, ds_t = c + lambda s_{t-1}: an AR(1) with phi = 1 + lambda. */
export interface LagRegression {
  /** `alpha` is c and `beta` is lambda, `n` counts the pairs; sizes are in the tested series' own unit. */
  fit: OlsFit;
  /** Lambda of the regression without c. */
  lambdaNoConstant: number;
}

/** Fits it. Raises `ConstantSeries` or `Collinear` where the level does not vary before its last row. */
export function lagRegression(method: string, { values }: ConsecutiveRows): LagRegression {
  const n = values.length - 1;
  const changes = new Float64Array(n);
  let product = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    const level = values[i] as number;
    const change = (values[i + 1] as number) - level;
    changes[i] = change;
    product += change * level;
    square += level * level;
  }
  const fit = emptyFit();
  const code = fitOls(changes, values, n, fit);
  if (code !== null) {
    throw new InputError(code, `${method}: the level before the last row does not vary enough to regress on`);
  }
  // A residual's mean is next to nothing beside its rows, and c is a difference of such means.
  fit.alpha = compensatedSum(changes, n) / n - fit.beta * (compensatedSum(values, n) / n);
  return { fit, lambdaNoConstant: product / square };
}

/** The sum of the first `n` values with the rounding of every step carried along (Neumaier 1974). */
function compensatedSum(values: Float64Array, n: number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
