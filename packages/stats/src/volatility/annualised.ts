import { InputError } from '../input-error.ts';

/** Milliseconds of a year in which markets never close. */
const year = 365 * 24 * 3600 * 1000;

/** Bars per year of a market that never closes: 525,600 for one-minute bars. */
export function periodsPerYear(barMilliseconds: number): number {
  if (!(barMilliseconds > 0 && barMilliseconds < Infinity)) {
    throw new InputError(
      'InvalidParameter',
      `periodsPerYear: a bar of ${barMilliseconds} ms; give a length above 0`,
    );
  }
  return year / barMilliseconds;
}

/**
 * A volatility per bar as one per year, times sqrt(periods): right for uncorrelated returns, too high for a spread
 * that reverts.
 */
export function annualised(volatility: number, periods: number): number {
  if (!(periods > 0 && periods < Infinity)) {
    throw new InputError(
      'InvalidParameter',
      `annualised: ${periods} periods per year; give a number above 0`,
    );
  }
  return volatility * Math.sqrt(periods);
}
