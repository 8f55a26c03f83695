import { InputError, type Series } from '../input-error.ts';

/**
 * How to judge many p-values at once. `benjamini-hochberg` bounds the share of false discoveries among independent or
 * positively dependent tests, `benjamini-yekutieli` under any dependence, as between pairs that share a leg. `holm`
 * and `bonferroni` bound the chance of a single false discovery; Holm is never worse.
 */
export type Correction = 'benjamini-hochberg' | 'benjamini-yekutieli' | 'holm' | 'bonferroni';

/** Remarks on a family of tests. */
export type MultipleTestingFlag =
  /** Tests without a p-value were left out of the family: say why they could not be made. */
  'MissingTests';

/** Every p-value corrected for the number of tests, in the order given. */
export interface MultipleTesting {
  /** Tests in the family. */
  n: number;
  dropped: number;
  flags: MultipleTestingFlag[];
  /** The least alpha at which the test is rejected; null where there was no p-value. */
  adjusted: (number | null)[];
  rejected: boolean[];
  /** Rejections. */
  discoveries: number;
  /** alpha n: false rejections to expect without any correction if nothing is there. */
  expectedByChance: number;
}

/**
 * Corrects p-values for the number of tests made. The family is every test: all pairs, both orders, every window and
 * hedge method tried.
 *
 * With p_(1) <= ... <= p_(m): Benjamini and Hochberg (1995) q_(i) = min over j >= i of m p_(j) / j; Benjamini and
 * Yekutieli (2001) the same times 1 + 1/2 + ... + 1/m; Holm (1979) max over j <= i of (m - j + 1) p_(j); Bonferroni
 * m p; none above 1. A missing p-value (NaN) is left out and counted. Raises `InvalidParameter` for a p outside
 * [0, 1], an alpha outside (0, 1). O(m log m). Reference: statsmodels `multipletests`.
 */
export function adjustPValues(
  p: Series,
  correction: Correction = 'benjamini-hochberg',
  alpha = 0.05,
): MultipleTesting {
  if (!(alpha > 0 && alpha < 1)) {
    throw new InputError(
      'InvalidParameter',
      `adjustPValues: alpha is ${alpha}; give a level between 0 and 1`,
    );
  }
  const order = ascending(p);
  const sorted = order.map((i) => p[i] as number);
  const { adjusted, discoveries } = (
    correction === 'holm' || correction === 'bonferroni' ? stepDown : stepUp
  )(sorted, correction, alpha);
  const result: MultipleTesting = {
    n: order.length,
    dropped: p.length - order.length,
    flags: order.length < p.length ? ['MissingTests'] : [],
    adjusted: new Array<number | null>(p.length).fill(null),
    rejected: new Array<boolean>(p.length).fill(false),
    discoveries,
    expectedByChance: alpha * order.length,
  };
  for (const [rank, i] of order.entries()) {
    result.adjusted[i] = Math.min(1, adjusted[rank] as number);
    result.rejected[i] = rank < discoveries;
  }
  return result;
}

/** The indices of the known p-values, smallest first. */
function ascending(p: Series): number[] {
  const order: number[] = [];
  for (let i = 0; i < p.length; i++) {
    const value = p[i] as number;
    if (Number.isNaN(value)) continue;
    if (!(value >= 0 && value <= 1)) {
      throw new InputError(
        'InvalidParameter',
        `adjustPValues: p-value ${i} is ${value}; it must lie in [0, 1]`,
      );
    }
    order.push(i);
  }
  return order.sort((a, b) => (p[a] as number) - (p[b] as number));
}

interface Judgement {
  adjusted: number[];
  /** The smallest p-values, this many, are rejected. */
  discoveries: number;
}

/** From the largest p-value down to the first that is small enough: all below it are rejected with it. */
function stepUp(sorted: readonly number[], correction: Correction, alpha: number): Judgement {
  const m = sorted.length;
  let dependence = 1;
  if (correction === 'benjamini-yekutieli') for (let i = 2; i <= m; i++) dependence += 1 / i;
  const adjusted = new Array<number>(m);
  let least = Infinity;
  let discoveries = 0;
  for (let rank = m; rank >= 1; rank--) {
    const value = sorted[rank - 1] as number;
    const share = rank / m / dependence;
    least = Math.min(least, value / share);
    adjusted[rank - 1] = least;
    // The procedure itself: q <= alpha is the same but for the rounding of q at a p that lies on the line.
    if (discoveries === 0 && value <= share * alpha) discoveries = rank;
  }
  return { adjusted, discoveries };
}

/** From the smallest p-value up to the first that is too large. Bonferroni asks the same of each. */
function stepDown(sorted: readonly number[], correction: Correction, alpha: number): Judgement {
  const m = sorted.length;
  let most = 0;
  let discoveries = 0;
  const adjusted = sorted.map((value, i) => {
    const tests = correction === 'holm' ? m - i : m;
    if (discoveries === i && value <= alpha / tests) discoveries++;
    most = Math.max(most, value * tests);
    return most;
  });
  return { adjusted, discoveries };
}
