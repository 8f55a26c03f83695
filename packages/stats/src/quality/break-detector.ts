import { InputError } from '../input-error.ts';

/** Why a pair counts as broken. */
export type BreakReason =
  /** beta lies more than 3 standard errors (the root mean square of both) from where it was a window and more ago. */
  | 'BetaMoved'
  /** 3 of the last 5 one-step forecasts of the Kalman filter missed by more than 4 of its deviations. */
  | 'Surprises';

/** An estimate of beta with its standard error. */
interface BetaMark {
  beta: number;
  error: number;
}

/** What the detector remembers. Plain: it may be stored as JSON between any two bars. */
export interface BreakState {
  broken: boolean;
  reasons: BreakReason[];
  /** The estimate that beta is compared with: its window has no bar in common with the present one. */
  reference: BetaMark | null;
  /** The estimate that comes to be the reference, and its age in bars. */
  pending: BetaMark | null;
  age: number;
  /** The last 5 known forecasts, newest first: 1 where one missed by more than 4 deviations. */
  surprises: number[];
}

/** The state before the first bar. */
export const unbroken: Readonly<BreakState> = {
  broken: false,
  reasons: [],
  reference: null,
  pending: null,
  age: 0,
  surprises: [],
};

/** What a bar brings; null where not known. */
export interface BreakInput {
  beta: number | null;
  /** Its standard error, which must allow for autocorrelation: see `autocorrelatedError`. */
  betaError: number | null;
  /** One-step forecast error of the Kalman filter over its deviation. */
  kalmanZ: number | null;
}

/**
 * The state after one more bar. A structural break is a beta that moved by more than 3 standard errors between windows
 * of `window` bars without a common bar, or |z| > 4 in 3 of the last 5 known forecasts.
 *
 * The error is the root mean square of both estimates' own: by the earlier one's alone, a window in which x happened to
 * move little would seem a break. Two honest estimates differ by more than 3 of it 3 times in 100; measured on walks, a
 * steady pair is called broken in 3 to 5 of 100 windows of 120 bars at half-lives of 1 to 5 bars, in 7 at 10. Forecasts
 * almost never miss so. After a break the reference follows within two windows. Raises `InvalidParameter` for a window
 * below 2. O(1).
 */
export function breakStep(state: Readonly<BreakState>, input: BreakInput, window: number): BreakState {
  if (!(window >= 2)) {
    throw new InputError('InvalidParameter', `breakStep: the window is ${window}; give 2 bars or more`);
  }
  const surprises =
    input.kalmanZ === null
      ? [...state.surprises]
      : [Math.abs(input.kalmanZ) > 4 ? 1 : 0, ...state.surprises].slice(0, 5);
  const now = markOf(input);
  let { reference, pending, age } = state;
  if (pending === null) {
    pending = now;
    age = 0;
  } else {
    age++;
    if (age >= window && now !== null) {
      reference = pending;
      pending = now;
      age = 0;
    }
  }
  const reasons: BreakReason[] = [];
  if (reference !== null && now !== null) {
    const error = Math.hypot(reference.error, now.error) / Math.SQRT2;
    if (Math.abs(now.beta - reference.beta) > 3 * error) reasons.push('BetaMoved');
  }
  if (surprises.reduce((sum, hit) => sum + hit, 0) >= 3) reasons.push('Surprises');
  return { broken: reasons.length > 0, reasons, reference, pending, age, surprises };
}

function markOf({ beta, betaError }: BreakInput): BetaMark | null {
  if (beta === null || betaError === null || !Number.isFinite(beta)) return null;
  return betaError > 0 && betaError < Infinity ? { beta, error: betaError } : null;
}

/**
 * The standard error of a hedge ratio allowing for residuals that fade with a half-life: least squares takes n rows for
 * n independent ones, though a spread that takes h bars to come half-way back tells something new only every few bars.
 *
 * error sqrt((1 + phi) / (1 - phi)), phi = 2^(-1 / halfLife): the large-sample factor for an AR(1) residual and a
 * regressor that hardly moves from bar to bar. No half-life (null), or one beyond the window: that of the window, the
 * longest that it can tell.
 */
export function autocorrelatedError(error: number, halfLife: number | null, window: number): number {
  const bars = Math.min(halfLife ?? window, window);
  const gap = -Math.expm1(-Math.LN2 / bars);
  return error * Math.sqrt((2 - gap) / gap);
}
