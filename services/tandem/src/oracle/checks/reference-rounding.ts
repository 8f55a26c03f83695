/** By how much a reference's line may be wrong. */
export interface ReferenceRounding {
  alpha: number;
  beta: number;
  /** Of residuals. */
  residual: number;
}

/**
 * By how much a reference may be wrong that solves by the pseudoinverse of the uncentred design and takes residuals of
 * levels: this shows where moves are tiny beside the level. Against exact arithmetic its beta is off by 2e-9 on a
 * stablecoin of 1 that moves by 1e-4.
 */
export function referenceRoundingOf(y: Float64Array, x: Float64Array): ReferenceRounding {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  const level = y.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const residual = 4 * Number.EPSILON * (1 + Math.abs(mean) / spread) * level;
  return { residual, beta: residual / spread, alpha: (residual * (spread + Math.abs(mean))) / spread };
}
