import { binaryExponent } from '../binary-unit.ts';
import { type InputCode, InputError, type Series } from '../input-error.ts';
import { isConstant, requireSameLength } from '../series.ts';
import { removeTrend } from '../unit-root/deterministic-trend.ts';

/** One leg of a pair: its aligned values, scaled by a power of two, without the deterministic trend. A buffer. */
export interface Leg {
  values: Float64Array;
  /** What was taken out; see `removeTrend`. */
  trend: Float64Array;
  constant: boolean;
  /** The leg was multiplied by 2^-exponent. */
  exponent: number;
  /** Largest size of a scaled value. */
  largest: number;
  /** Sum of squares of what is left. */
  squares: number;
  /** Sum of squared deviations from the mean. */
  centredSquares: number;
  /** Sum of squares as given. */
  wholeSquares: number;
}

/** Two aligned legs with their cross-product. A buffer, filled by `fillLegs`. */
export interface PairLegs {
  n: number;
  dropped: number;
  y: Leg;
  x: Leg;
  cross: number;
}

function emptyLeg(): Leg {
  return {
    values: new Float64Array(0),
    trend: new Float64Array(3),
    constant: true,
    exponent: 0,
    largest: 0,
    squares: 0,
    centredSquares: 0,
    wholeSquares: 0,
  };
}

/** Legs to be filled. */
export function emptyLegs(): PairLegs {
  return { n: 0, dropped: 0, y: emptyLeg(), x: emptyLeg(), cross: 0 };
}

/**
 * Aligns two legs row by row, leaving out rows with a missing (NaN) member, and takes `terms` deterministic terms
 * out of both: by the theorem of Frisch, Waugh and Lovell, a regression of one on the other and those terms has the
 * same slope and residuals as one of what is left. Raises `LengthMismatch` and `NonFinite`.
 */
export function fillLegs(method: string, y: Series, x: Series, terms: number, legs: PairLegs): void {
  requireSameLength(method, y, x);
  const length = y.length;
  for (const leg of [legs.y, legs.x]) {
    if (leg.values.length < length) leg.values = new Float64Array(2 * length);
  }
  const left = legs.y.values;
  const right = legs.x.values;
  let n = 0;
  for (let i = 0; i < length; i++) {
    const p = y[i] as number;
    const q = x[i] as number;
    // NaN is not its own difference either, but no fault.
    if (p - p !== 0 || q - q !== 0) {
      if (Math.abs(p) === Infinity || Math.abs(q) === Infinity) {
        throw new InputError('NonFinite', `${method}: row ${i} is infinite; give finite prices or NaN`);
      }
      continue;
    }
    left[n] = p;
    right[n] = q;
    n++;
  }
  legs.n = n;
  legs.dropped = length - n;
  prepareLeg(legs.y, n, terms);
  prepareLeg(legs.x, n, terms);
  let cross = 0;
  for (let i = 0; i < n; i++) cross += (left[i] as number) * (right[i] as number);
  legs.cross = cross;
}

function prepareLeg(leg: Leg, n: number, terms: number): void {
  const { values, trend } = leg;
  leg.constant = isConstant(values, n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  leg.exponent = largest > 0 ? binaryExponent(largest) : 0;
  const scale = 2 ** -leg.exponent;
  leg.largest = largest * scale;
  let sum = 0;
  let whole = 0;
  for (let i = 0; i < n; i++) {
    const value = (values[i] as number) * scale;
    values[i] = value;
    sum += value;
    whole += value * value;
  }
  leg.wholeSquares = whole;
  removeTrend(values, n, terms, trend);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] as number) * (values[i] as number);
  leg.squares = squares;
  if (terms === 0) {
    leg.centredSquares = squaresAbout(values, n, sum / n);
    return;
  }
  // The removed polynomials are orthogonal to each other and to what is left.
  const line = (n * (n * n - 1)) / 12;
  const parabola = (line * (n * n - 4)) / 15;
  leg.centredSquares = squares + (trend[1] as number) ** 2 * line + (trend[2] as number) ** 2 * parabola;
}

function squaresAbout(values: Float64Array, n: number, centre: number): number {
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] as number) - centre) ** 2;
  return squares;
}

/** Residuals of `dependent` on `regressor`, what is left of both, written into `residuals`: returns slope and SSR. */
export function regressLegs(
  dependent: Leg,
  regressor: Leg,
  cross: number,
  n: number,
  residuals: Float64Array,
): { slope: number; ssr: number } {
  const slope = cross / regressor.squares;
  const y = dependent.values;
  const x = regressor.values;
  let ssr = 0;
  for (let i = 0; i < n; i++) {
    const residual = (y[i] as number) - slope * (x[i] as number);
    residuals[i] = residual;
    ssr += residual * residual;
  }
  return { slope, ssr };
}

/** What makes a regression on this leg impossible, or null. */
export function legFault(leg: Leg): InputCode | null {
  if (leg.constant) return 'ConstantSeries';
  // What is left of the leg is the rounding of its own values.
  if (leg.squares <= 1e-24 * leg.wholeSquares) return 'Collinear';
  return null;
}
