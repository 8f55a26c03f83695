import { InputError } from '../input-error.ts';
import { LEAST_SUM } from '../sums-of-squares.ts';

/** What `ExpandingMoments` remembers: plain numbers, which JSON restores to the last bit. */
export interface ExpandingMomentsState {
  n: number;
  /** The first known value, which all others are measured from. */
  origin: number;
  /** Mean less the origin. */
  shift: number;
  /** sum (v - mean)^2. */
  squares: number;
}

/**
 * Mean, standard deviation and z-score of all rows so far, by Welford's update, measured from the first value.
 *
 * NaN rows are left out. `deviation` has the divisor n - ddof, z = (v - mean) / deviation; NaN where there is none,
 * and where squares underflow. Raises `InvalidParameter`, and `NonFinite` for a row that is infinite or too large to be
 * squared, which is then not taken. Reference: Welford (1962).
 */
export class ExpandingMoments {
  n = 0;
  mean = Number.NaN;
  deviation = Number.NaN;
  z = Number.NaN;
  readonly #ddof: number;
  #origin = Number.NaN;
  #shift = Number.NaN;
  #squares = Number.NaN;

  constructor(ddof = 1, state?: ExpandingMomentsState) {
    if (!Number.isSafeInteger(ddof) || ddof < 0) {
      throw new InputError('InvalidParameter', `ExpandingMoments: ddof is ${ddof}; it must be 0, 1, 2, …`);
    }
    this.#ddof = ddof;
    this.n = state?.n ?? 0;
    this.#origin = state?.origin ?? 0;
    this.#shift = state?.shift ?? 0;
    this.#squares = state?.squares ?? 0;
    this.#read(Number.NaN);
  }

  get state(): ExpandingMomentsState {
    return { n: this.n, origin: this.#origin, shift: this.#shift, squares: this.#squares };
  }

  /** Takes the next row; NaN if it is missing. */
  push(value: number): void {
    if (!Number.isNaN(value)) {
      // Adding 0 turns -0, which JSON cannot carry, into 0.
      const origin = this.n === 0 ? value + 0 : this.#origin;
      const v = value - origin;
      const d = v - this.#shift;
      const shift = this.#shift + d / (this.n + 1);
      // A square that underflows must not pass for no difference.
      const squares = d === 0 ? this.#squares : this.#squares + Math.max(Number.MIN_VALUE, d * (v - shift));
      if (!(squares < Infinity)) refuse(value);
      this.n++;
      this.#origin = origin;
      this.#shift = shift;
      this.#squares = squares;
    }
    this.#read(value);
  }

  #read(value: number): void {
    this.mean = this.n > 0 ? this.#origin + this.#shift : Number.NaN;
    const squares = this.#squares;
    const sound = squares === 0 || squares >= LEAST_SUM;
    const freedom = this.n - this.#ddof;
    this.deviation = freedom > 0 && sound ? Math.sqrt(squares / freedom) : Number.NaN;
    const distance = value - this.#origin - this.#shift;
    this.z = this.deviation > 0 ? distance / this.deviation : Number.NaN;
  }
}

function refuse(value: number): never {
  throw new InputError(
    'NonFinite',
    `ExpandingMoments: ${value} is infinite, or too large to be squared; push NaN for a row that is missing`,
  );
}
