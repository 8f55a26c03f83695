import { meanOf } from '../moments.ts';

/**
 * The slope of ln y on ln x by least squares: the exponent of a power law. Null if a y is not above 0. The x are above
 * 0 and not all the same.
 */
export function logSlope(x: readonly number[], y: readonly (number | null)[]): number | null {
  const logX = x.map(Math.log);
  const logY = y.map((value) => (value !== null && value > 0 ? Math.log(value) : Number.NaN));
  const meanX = meanOf(logX);
  const meanY = meanOf(logY);
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < logX.length; i++) {
    const deviation = (logX[i] as number) - meanX;
    sxx += deviation * deviation;
    sxy += deviation * ((logY[i] as number) - meanY);
  }
  return Number.isNaN(sxy) ? null : sxy / sxx;
}
