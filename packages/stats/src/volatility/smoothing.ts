import { InputError } from '../input-error.ts';

/**
 * How fast an exponentially weighted average forgets, in one of three usual ways: `alpha` the weight of the newest
 * value, `halfLife` the rows after which a weight has halved, `span` the length of a simple average with the same
 * centre of mass.
 */
export type Smoothing = { alpha: number } | { halfLife: number } | { span: number };

/**
 * The weight of the newest value: alpha, 1 - exp(-ln 2 / halfLife) or 2 / (span + 1). Raises `InvalidParameter` for
 * an alpha outside (0, 1], a half-life not above 0, or a span below 1.
 */
export function alphaOf(smoothing: Smoothing): number {
  let alpha: number;
  if ('alpha' in smoothing) alpha = smoothing.alpha;
  else if ('halfLife' in smoothing) {
    alpha = smoothing.halfLife > 0 ? -Math.expm1(-Math.LN2 / smoothing.halfLife) : Number.NaN;
  } else alpha = smoothing.span >= 1 ? 2 / (smoothing.span + 1) : Number.NaN;
  if (alpha > 0 && alpha <= 1) return alpha;
  throw new InputError(
    'InvalidParameter',
    `smoothing ${JSON.stringify(smoothing)}: alpha lies in (0, 1], a half-life is above 0, a span at least 1`,
  );
}
