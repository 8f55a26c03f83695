import { ols, recursiveLeastSquares } from '@tandem/stats';
import { requireAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numbersOf, type OracleCase } from '../oracle-file.ts';
import { requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/**
 * The law of the case: row t's line is the least squares line of the rows 0..t. The reference's diffuse filter keeps
 * it only as far as the level of the prices lets it (at 500 with moves of 0.2 its alpha is off by 40 %), and no exact
 * answer is given. So our numbers are compared with the law, through `ols`, which is compared with exact arithmetic
 * elsewhere; and none of the reference's lines may fit its rows better than ours does.
 */
export const checkRecursiveLeastSquares: Check = (test, compare) => {
  requireKnown(test, { transform: ['price', 'log'], note: 'any' });
  requireAnswers(test.expected, ['index', 'alpha', 'beta', 'resid_recursive_scaled', 'final']);
  const { y, x } = legsOf(test);
  const lines = recursiveLeastSquares(y, x);
  const sigma = ols(y, x).sigma;
  const residuals = numbersOf(member(test.expected, 'resid_recursive_scaled'));
  const betas = numbersOf(member(test.expected, 'beta'));
  compare.equal('resid_recursive_scaled.length', residuals.length, betas.length);
  for (const { t, ...theirs } of linesOf(test, y.length - 1)) {
    const legY = y.subarray(0, t + 1);
    const legX = x.subarray(0, t + 1);
    if (isFlat(legX)) {
      // One price of x makes no line; the reference answers with its start.
      compare.number(`beta[${t}]`, lines.beta[t], null, 0);
      continue;
    }
    const law = ols(legY, legX);
    const level = Math.abs(law.meanY) + Math.abs(law.beta * law.meanX);
    const tolerance = specifiedTolerance(test);
    compare.number(`alpha[${t}]`, lines.alpha[t], law.alpha, tolerance, level);
    compare.number(`beta[${t}]`, lines.beta[t], law.beta, tolerance);
    const ours = sumOfSquares(legY, legX, lines.alpha[t] as number, lines.beta[t] as number);
    const rounding = 8 * Number.EPSILON * level;
    const margin = legY.length * rounding * (rounding + Math.sqrt(ours / legY.length));
    const best = sumOfSquares(legY, legX, theirs.alpha, theirs.beta);
    compare.equal(`the reference's line fits the rows to ${t} better`, ours > best + margin, false);
    if (isFlat(legX.subarray(0, t))) {
      compare.number(`residual[${t}]`, lines.residual[t], null, 0);
      continue;
    }
    // The recursive residual is the last residual over the root of what the row's leverage leaves of 1.
    const sxx = legX.reduce((sum, value) => sum + (value - law.meanX) ** 2, 0);
    const rest = 1 - 1 / law.n - ((x[t] as number) - law.meanX) ** 2 / sxx;
    const residual = law.lastResidual / Math.sqrt(rest);
    const noise = rounding / Math.sqrt(rest) / sigma;
    compare.number(`residual[${t}]`, lines.residual[t], residual, Math.max(tolerance, noise), sigma);
  }
};

interface Line {
  t: number;
  alpha: number;
  beta: number;
}

/** The reference's lines: of the rows that the case names, and of the last one. */
function linesOf({ expected }: OracleCase, lastRow: number): Line[] {
  const alphas = numbersOf(member(expected, 'alpha'));
  const betas = numbersOf(member(expected, 'beta'));
  const [alpha, beta] = numbersOf(member(expected, 'final')) as unknown as [number, number];
  const named = [...numbersOf(member(expected, 'index'))].map((t, i) => ({
    t,
    alpha: alphas[i] as number,
    beta: betas[i] as number,
  }));
  return [...named, { t: lastRow, alpha, beta }];
}

function isFlat(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function sumOfSquares(y: Float64Array, x: Float64Array, alpha: number, beta: number): number {
  return y.reduce((sum, value, i) => sum + (value - alpha - beta * (x[i] as number)) ** 2, 0);
}
