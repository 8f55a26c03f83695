import type { InputCode } from '@tandem/stats';

/**
 * The line y = alpha + beta x that a study hedges by, and where the spread stands about it, after each bar.
 * A number that the method does not offer, or that is not known, is NaN.
 */
export interface Hedge {
  readonly alpha: number;
  readonly beta: number;
  readonly alphaError: number;
  readonly betaError: number;
  readonly rSquared: number;
  /** y - alpha - beta x of the newest bar. */
  readonly spread: number;
  readonly spreadMean: number;
  readonly spreadDeviation: number;
  readonly z: number;
  /** Why there is no line; null if there is one. */
  readonly fault: InputCode | null;
  /** Takes the levels of the next bar; NaN for a bar that must not be used. */
  push(y: number, x: number): void;
}

/** Numbers that a hedge method cannot have, whatever the bars. */
export type NotOffered = 'alphaError' | 'betaError' | 'rSquared';
