import { type InputCode, InputError } from './input-error.ts';

/** A source of uniform numbers in (0, 1): the same for the same seed. */
export function uniform(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Standard normal noise. */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

/** A series that keeps `phi` of its deviation from 0 per row, with noise of deviation 1, from its stationary law. */
export function ar1(n: number, phi: number, seed: number): Float64Array {
  const noise = normal(seed);
  const series = new Float64Array(n);
  series[0] = phi < 1 ? noise() / Math.sqrt(1 - phi * phi) : 0;
  for (let t = 1; t < n; t++) series[t] = phi * (series[t - 1] as number) + noise();
  return series;
}

/** The code that a call raises, undefined if it raises none. */
export function codeOf(run: () => unknown): InputCode | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/** What a call returns, or the code that it raises. */
export function answerOf<T>(run: () => T): T | InputCode {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}
