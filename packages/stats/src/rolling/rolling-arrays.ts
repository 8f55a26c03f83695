import type { Series } from '../input-error.ts';
import { requireSameLength } from '../series.ts';
import { RollingCorrelation } from './rolling-correlation.ts';
import { RollingDeming, type RollingDemingOptions } from './rolling-deming.ts';
import { RollingMoments, type RollingMomentsOptions } from './rolling-moments.ts';
import { RollingOls } from './rolling-ols.ts';
import type { WindowOptions } from './window-options.ts';

/** Remarks on some window of a rolled estimate. */
export type RollingFlag =
  /** Nothing varied that the estimate is a ratio to, in a window that had enough rows: it has none there. */
  | 'ConstantWindow'
  /** The residuals of a window are rounding noise: it has no z. */
  | 'PerfectFit';

/** A rolled estimate: element t of each array is of the window that ends with row t, NaN where there is none. */
export type Rolled<Field extends string> = Record<Field, Float64Array> & {
  /** Rows. */
  n: number;
  /** Rows of which a member is missing. */
  dropped: number;
  flags: RollingFlag[];
};

const momentsFields = ['mean', 'deviation', 'z'] as const;
const lineFields = ['alpha', 'beta', 'residualDeviation', 'lastResidual', 'z'] as const;
const olsFields = [...lineFields, 'alphaError', 'betaError', 'rSquared', 'correlation'] as const;
const demingFields = [...lineFields, 'deltaSensitivity'] as const;

export type RolledMoments = Rolled<(typeof momentsFields)[number]>;
export type RolledOls = Rolled<(typeof olsFields)[number]>;
export type RolledDeming = Rolled<(typeof demingFields)[number]>;
export type RolledCorrelation = Rolled<'r'>;

/** `RollingMoments` over a series. O(n). Raises `InvalidParameter` and `NonFinite`. */
export function rollingMoments(
  values: Series,
  window: number,
  options?: RollingMomentsOptions,
): RolledMoments {
  const engine = new RollingMoments(window, 0, options);
  return roll(engine, momentsFields, values.length, (i) => {
    engine.push(values[i] as number);
    return { known: !Number.isNaN(values[i]), flag: engine.deviation === 0 ? 'ConstantWindow' : null };
  });
}

/** `RollingOls` over two series. O(n). Raises `LengthMismatch`, `InvalidParameter` and `NonFinite`. */
export function rollingOls(y: Series, x: Series, window: number, options?: WindowOptions): RolledOls {
  requireSameLength('rollingOls', y, x);
  const engine = new RollingOls(window, 0, options);
  return roll(engine, olsFields, y.length, (i) => {
    engine.push(y[i] as number, x[i] as number);
    return { known: isKnown(y, x, i), flag: engine.perfect ? 'PerfectFit' : flagOf(engine.fault) };
  });
}

/** `RollingDeming` over two series. O(n). Raises `LengthMismatch`, `InvalidParameter` and `NonFinite`. */
export function rollingDeming(
  y: Series,
  x: Series,
  window: number,
  options?: RollingDemingOptions,
): RolledDeming {
  requireSameLength('rollingDeming', y, x);
  const engine = new RollingDeming(window, 0, options);
  return roll(engine, demingFields, y.length, (i) => {
    engine.push(y[i] as number, x[i] as number);
    return { known: isKnown(y, x, i), flag: flagOf(engine.fault) };
  });
}

/** `RollingCorrelation` over two series. O(n). Raises `LengthMismatch`, `InvalidParameter` and `NonFinite`. */
export function rollingCorrelation(
  a: Series,
  b: Series,
  window: number,
  options: WindowOptions = {},
): RolledCorrelation {
  requireSameLength('rollingCorrelation', a, b);
  const engine = new RollingCorrelation(window, 0, options);
  const { minPeriods = window } = options;
  return roll(engine, ['r'], a.length, (i) => {
    engine.push(a[i] as number, b[i] as number);
    const constant = engine.n >= minPeriods && Number.isNaN(engine.r);
    return { known: isKnown(a, b, i), flag: constant ? 'ConstantWindow' : null };
  });
}

function isKnown(y: Series, x: Series, row: number): boolean {
  return !Number.isNaN((y[row] as number) + (x[row] as number));
}

function flagOf(fault: string | null): RollingFlag | null {
  return fault === 'ConstantSeries' || fault === 'Collinear' ? 'ConstantWindow' : null;
}

/** Pushes row by row, and notes the engine's fields after each. */
function roll<Field extends string>(
  engine: Readonly<Record<Field, number>>,
  fields: readonly Field[],
  rows: number,
  push: (row: number) => { known: boolean; flag: RollingFlag | null },
): Rolled<Field> {
  const columns = fields.map((field) => [field, new Float64Array(rows)] as const);
  const flags = new Set<RollingFlag>();
  let dropped = 0;
  for (let i = 0; i < rows; i++) {
    const { known, flag } = push(i);
    if (!known) dropped++;
    if (flag !== null) flags.add(flag);
    for (const [field, column] of columns) column[i] = engine[field];
  }
  const arrays = Object.fromEntries(columns) as Record<Field, Float64Array>;
  return { ...arrays, n: rows, dropped, flags: [...flags].sort() };
}
