import { type KalmanNoise, kalmanStart } from '@tandem/stats';
import { member, numbersOf, type OracleCase } from '../oracle-file.ts';

/** The filter's start from the prior of a case, whose state is in the order [beta, alpha]. */
export function startOf(test: OracleCase, noise: KalmanNoise): ReturnType<typeof kalmanStart> {
  const [beta = Number.NaN, level = Number.NaN] = numbersOf(member(test.params, 'a0'));
  const { a, c, b } = matrixOf(member(test.params, 'P0'));
  return kalmanStart({ beta, level, pBeta: a, pBetaLevel: c, pLevel: b }, noise);
}

/** A covariance matrix [[a, c], [c, b]]. */
export function matrixOf(rows: unknown): { a: number; c: number; b: number } {
  if (!Array.isArray(rows) || rows.length !== 2) throw new Error('a matrix of 2 rows is expected');
  const [a = Number.NaN, c = Number.NaN] = numbersOf(rows[0]);
  const [d = Number.NaN, b = Number.NaN] = numbersOf(rows[1]);
  if (Math.abs(c - d) > 1e-12 * Math.abs(c)) {
    throw new Error('a covariance matrix is expected to be symmetric');
  }
  return { a, c, b };
}
