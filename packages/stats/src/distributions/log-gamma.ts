const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * ln Gamma(z) for z > 0, by Stirling's formula with its error term. Absolute error about 1e-15 times
 * max(1, ln Gamma(z)); NaN for z <= 0.
 */
export function logGamma(z: number): number {
  if (!(z > 0)) return Number.NaN;
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirlingError(z);
}

/**
 * What Stirling's formula leaves of ln Gamma(z): ln Gamma(z) - ((z - 1/2) ln z - z + ln(2 pi) / 2), for z > 0.
 * Small and smooth, so that ratios of gamma functions of large arguments lose no digits.
 */
export function stirlingError(z: number): number {
  // The asymptotic series reaches 1e-17 from 12 on; below it, ln Gamma(z) = ln Gamma(z + 1) - ln z.
  let shifted = z;
  let sum = 0;
  while (shifted < 12) {
    sum += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  // B(2k) / (2k (2k - 1)), the Bernoulli numbers' part of each term.
  const series =
    1 / 12 -
    inverse *
      (1 / 360 -
        inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360_360)))));
  return sum + series / shifted;
}
