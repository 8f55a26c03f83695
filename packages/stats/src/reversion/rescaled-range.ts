import { consecutiveRows } from '../consecutive-rows.ts';
import { InputError, type Series } from '../input-error.ts';
import { meanOf, moments } from '../moments.ts';
import { isConstant } from '../series.ts';
import type { HurstFlag } from './hurst.ts';
import { logSlope } from './log-slope.ts';

/** Hurst's rescaled ranges of the changes of a level, per size of block. */
export interface RescaledRange {
  /** Changes that it stands on. */
  n: number;
  dropped: number;
  flags: HurstFlag[];
  sizes: number[];
  /** Mean over the blocks of a size of (range of partial sums) / deviation; null where no block varies. */
  rescaledRanges: (number | null)[];
  /** Slope of their logarithm on that of the size. */
  hurst: number | null;
}

/** Smallest block, and fewest sizes, of the default ladder. */
const smallest = 8;
const fewest = 3;

/**
 * The Hurst exponent by rescaled ranges (Hurst 1951): the changes of the level are cut into consecutive blocks from
 * the start; a block gives the range of the partial sums of its deviations from its mean, over its deviation (divisor
 * n). Sizes double from 8 to half the changes unless given. Biased upwards by 0.05 to 0.1 under 1,000 rows:
 * descriptive. Raises `NonFinite` (NaN included), `TooFewObservations` (fewer changes than the largest block, or
 * under 65 rows for the default sizes), `ConstantSeries` and `InvalidParameter`. O(n) per size.
 */
export function rescaledRange(
  series: Series,
  sizes: readonly number[] = doubling(series.length),
): RescaledRange {
  if (new Set(sizes).size < 2 || !sizes.every((size) => Number.isInteger(size) && size >= 2)) {
    throw new InputError(
      'InvalidParameter',
      `rescaledRange: sizes are ${sizes.join(', ')}; give two or more different whole numbers of at least 2`,
    );
  }
  const { values } = consecutiveRows('rescaledRange', series, Math.max(...sizes) + 1);
  const n = values.length - 1;
  const changes = Float64Array.from(
    { length: n },
    (_, i) => (values[i + 1] as number) - (values[i] as number),
  );
  const rescaledRanges = sizes.map((size) => {
    let sum = 0;
    let blocks = 0;
    for (let start = 0; start + size <= n; start += size) {
      const ratio = rangeOverDeviation(changes.subarray(start, start + size));
      if (ratio === null) continue;
      sum += ratio;
      blocks++;
    }
    return blocks === 0 ? null : sum / blocks;
  });
  const exponent = logSlope(sizes, rescaledRanges);
  const flags: HurstFlag[] = [];
  if (series.length < 100) flags.push('ShortSeries');
  if (exponent === null) flags.push('ConstantDifferences');
  return { n, dropped: 0, flags, sizes: [...sizes], rescaledRanges, hurst: exponent };
}

/** Range of the partial sums of deviations over the deviation; null for a block that does not vary. */
function rangeOverDeviation(block: Float64Array): number | null {
  if (isConstant(block)) return null;
  const mean = meanOf(block);
  const { deviation } = moments(block, 0);
  if (!(deviation > 0)) return null;
  let sum = 0;
  let highest = -Infinity;
  let lowest = Infinity;
  for (const change of block) {
    sum += change - mean;
    highest = Math.max(highest, sum);
    lowest = Math.min(lowest, sum);
  }
  return (highest - lowest) / deviation;
}

/** 8, 16, 32… up to half the changes between the rows. Raises `TooFewObservations` if they are too few. */
function doubling(rows: number): number[] {
  const sizes: number[] = [];
  for (let size = smallest; size <= (rows - 1) / 2; size *= 2) sizes.push(size);
  if (sizes.length >= fewest) return sizes;
  const needed = 2 * smallest * 2 ** (fewest - 1) + 1;
  throw new InputError('TooFewObservations', `rescaledRange: needs at least ${needed} rows, got ${rows}`);
}
