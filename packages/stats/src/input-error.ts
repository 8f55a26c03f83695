/** Why an input cannot be used. One code per row of the input contract; a caller may branch on it. */
export type InputCode =
  | 'LengthMismatch'
  | 'TooFewObservations'
  | 'NonFinite'
  | 'ConstantSeries'
  | 'NonPositivePrice'
  | 'Collinear'
  | 'PerfectFit'
  | 'InvalidParameter';

/** Raised instead of guessing when an estimator cannot answer. */
export class InputError extends Error {
  override name = 'InputError';
  readonly code: InputCode;

  constructor(code: InputCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A series of numbers; NaN stands for a missing observation. */
export type Series = ArrayLike<number>;
