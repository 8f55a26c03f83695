import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfLife, ornsteinUhlenbeck, ornsteinUhlenbeckExact, ornsteinUhlenbeckIrregular } from '../index.ts';
import { ar1, codeOf, normal } from '../noise.fixture.ts';

/** Twice the negative log-likelihood of an AR(1) with mean theta, written out term by term. */
function minusTwice(
  series: ArrayLike<number>,
  kappa: number,
  theta: number,
  sigma: number,
  exact: boolean,
): number {
  const phi = Math.exp(-kappa);
  const stationary = (sigma * sigma) / (2 * kappa);
  const v = stationary * (1 - phi * phi);
  let sum = exact
    ? Math.log(2 * Math.PI * stationary) + ((series[0] as number) - theta) ** 2 / stationary
    : 0;
  for (let t = 1; t < series.length; t++) {
    const residual = (series[t] as number) - theta - phi * ((series[t - 1] as number) - theta);
    sum += Math.log(2 * Math.PI * v) + (residual * residual) / v;
  }
  return sum;
}

describe('ornsteinUhlenbeck', () => {
  it('is the AR(1) of the spread in continuous time', () => {
    const spread = ar1(300, 0.9, 11).map((v) => v + 40);
    const found = ornsteinUhlenbeck(spread, 0.5);
    const rate = halfLife(spread, { dt: 0.5 });
    const phi = 1 + rate.lambda;
    const variance = found.residualVariance as number;
    expect(found.n).toBe(299);
    expect(found.kappa).toBeCloseTo(-Math.log(phi) / 0.5, 12);
    expect(found.theta).toBeCloseTo(rate.intercept / (1 - phi), 10);
    expect(found.halfLife).toBeCloseTo(rate.halfLife as number, 12);
    expect(found.stationaryDeviation).toBeCloseTo(Math.sqrt(variance / (1 - phi * phi)), 12);
    expect(found.sigma).toBeCloseTo(
      (found.stationaryDeviation as number) * Math.sqrt(2 * (found.kappa as number)),
      12,
    );
    expect(found.logLikelihood).toBeCloseTo(-(299 / 2) * (Math.log(2 * Math.PI * variance) + 1), 10);
    expect(found.kappaBiasCorrected).toBeCloseTo((found.kappa as number) - 4 / (299 * 0.5), 12);
    expect(found.kappaError).toBeCloseTo(rate.lambdaError / phi / 0.5, 12);
    expect([found.dropped, found.flags]).toEqual([0, []]);
  });

  it('finds the speed, the level and the swing of a process of which they are known', () => {
    const kappa = -Math.log(0.9);
    for (const seed of [1, 2, 3]) {
      const spread = ar1(50_000, 0.9, seed).map((v) => 2 * v - 30);
      const found = ornsteinUhlenbeck(spread);
      expect(Math.abs((found.kappa as number) / kappa - 1)).toBeLessThan(0.05);
      expect(found.theta).toBeCloseTo(-30, 0);
      expect(found.stationaryDeviation).toBeCloseTo(2 / Math.sqrt(1 - 0.81), 0);
    }
  });

  it('a spread that runs away, or that overshoots its mean, has no speed of reversion', () => {
    const runaway = ornsteinUhlenbeck(Array.from({ length: 20 }, (_, i) => 1.1 ** i + (i % 2) / 100));
    expect([runaway.kappa, runaway.theta, runaway.sigma, runaway.halfLife]).toEqual([null, null, null, null]);
    expect(runaway.flags).toEqual(['NotMeanReverting']);
    const zigzag = ornsteinUhlenbeck(Array.from({ length: 20 }, (_, i) => (i % 2) + (i % 3) / 10));
    expect([zigzag.kappa, zigzag.flags]).toEqual([null, ['WithinOneRow']]);
  });

  it('scales with the spread and with time, from the tiniest numbers to the largest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(-980, -400, 3, 980), (seed, exponent) => {
        const spread = ar1(60, 0.7, seed);
        const one = ornsteinUhlenbeck(spread);
        const other = ornsteinUhlenbeck(
          spread.map((v) => v * 2 ** exponent),
          4,
        );
        fc.pre(one.kappa !== null);
        expect((other.kappa as number) * 4).toBeCloseTo(one.kappa as number, 13);
        expect((other.stationaryDeviation as number) / 2 ** exponent).toBeCloseTo(
          one.stationaryDeviation as number,
          12,
        );
        expect((other.logLikelihood as number) + 59 * exponent * Math.LN2).toBeCloseTo(
          one.logLikelihood as number,
          8,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('says where a variance lies beyond the numbers that there are', () => {
    const spread = ar1(60, 0.7, 1);
    for (const unit of [1e-300, 1e300]) {
      const found = ornsteinUhlenbeck(spread.map((v) => v * unit));
      expect(found.residualVariance).toBeNull();
      expect((found.sigma as number) / unit).toBeCloseTo(ornsteinUhlenbeck(spread).sigma as number, 12);
    }
  });

  it('refuses what has no answer, each fault by its name', () => {
    const good = ar1(20, 0.5, 3);
    for (const fit of [ornsteinUhlenbeck, ornsteinUhlenbeckExact]) {
      expect(codeOf(() => fit(good.slice(0, 9)))).toBe('TooFewObservations');
      expect(codeOf(() => fit([...good, Number.NaN]))).toBe('NonFinite');
      expect(codeOf(() => fit(new Float64Array(20)))).toBe('ConstantSeries');
      expect(codeOf(() => fit(good, -1))).toBe('InvalidParameter');
    }
  });
});

describe('ornsteinUhlenbeckExact', () => {
  it('stands on the peak of the likelihood that includes the first row: every step away is down', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const spread = ar1(40, 0.8, seed).map((v) => v + 5);
      const { kappa, theta, sigma, logLikelihood, n } = ornsteinUhlenbeckExact(spread);
      const at = (a: number, b: number, c: number): number =>
        minusTwice(spread, (kappa as number) * a, (theta as number) + b, (sigma as number) * c, true);
      expect(n).toBe(40);
      expect(logLikelihood).toBeCloseTo(-at(1, 0, 1) / 2, 9);
      for (const step of [-1e-3, 1e-3]) {
        expect(at(1 + step, 0, 1)).toBeGreaterThan(at(1, 0, 1));
        expect(at(1, step, 1)).toBeGreaterThan(at(1, 0, 1));
        expect(at(1, 0, 1 + step)).toBeGreaterThan(at(1, 0, 1));
      }
    }
  });

  it('agrees with the conditional fit where the series is long', () => {
    const spread = ar1(20_000, 0.95, 4);
    const exact = ornsteinUhlenbeckExact(spread);
    const conditional = ornsteinUhlenbeck(spread);
    expect((exact.kappa as number) / (conditional.kappa as number)).toBeCloseTo(1, 2);
    expect((exact.sigma as number) / (conditional.sigma as number)).toBeCloseTo(1, 3);
  });

  it('a zigzag reverts within a row, and a straight line has no noise', () => {
    const zigzag = ornsteinUhlenbeckExact(Array.from({ length: 20 }, (_, i) => (i % 2) + (i % 3) / 10));
    expect([zigzag.kappa, zigzag.sigma, zigzag.flags]).toEqual([null, null, ['WithinOneRow']]);
    expect(ornsteinUhlenbeckExact(Array.from({ length: 20 }, (_, i) => 0.5 ** i)).flags).toContain(
      'PerfectFit',
    );
  });
});

describe('ornsteinUhlenbeckIrregular', () => {
  it('on equal steps it is the fit of equal steps, in the unit of the times', () => {
    for (const seed of [1, 2, 3]) {
      const spread = ar1(200, 0.9, seed);
      const times = spread.map((_, i) => 1e9 + 250 * i);
      const regular = ornsteinUhlenbeck(spread, 250);
      const found = ornsteinUhlenbeckIrregular(spread, times);
      expect(found.n).toBe(199);
      expect((found.kappa as number) / (regular.kappa as number)).toBeCloseTo(1, 6);
      expect(found.theta).toBeCloseTo(regular.theta as number, 6);
      expect((found.sigma as number) / (regular.sigma as number)).toBeCloseTo(1, 6);
      expect(found.logLikelihood).toBeCloseTo(regular.logLikelihood as number, 9);
      const exact = ornsteinUhlenbeckIrregular(spread, times, 'exact');
      const regularExact = ornsteinUhlenbeckExact(spread, 250);
      expect(exact.n).toBe(200);
      expect((exact.kappa as number) / (regularExact.kappa as number)).toBeCloseTo(1, 6);
      expect(exact.logLikelihood).toBeCloseTo(regularExact.logLikelihood as number, 9);
    }
  });

  it('finds the speed of a process that is seen at random times only', () => {
    const kappa = 0.05;
    const noise = normal(9);
    const times = [0];
    const spread = [3];
    for (let i = 1; i < 6_000; i++) {
      const step = 0.05 + Math.abs(noise()) * 4;
      const phi = Math.exp(-kappa * step);
      times.push((times[i - 1] as number) + step);
      spread.push(3 + phi * ((spread[i - 1] as number) - 3) + Math.sqrt(1 - phi * phi) * noise());
    }
    const found = ornsteinUhlenbeckIrregular(spread, times);
    expect(Math.abs((found.kappa as number) / kappa - 1)).toBeLessThan(0.12);
    expect(found.stationaryDeviation).toBeCloseTo(1, 1);
    expect(found.theta).toBeCloseTo(3, 0);
  });

  it('a trend does not revert, white noise reverts within a step, and times must rise', () => {
    const times = Float64Array.from({ length: 60 }, (_, i) => i * i + i);
    const trend = ornsteinUhlenbeckIrregular(
      times.map((t, i) => t * 0.1 + (i % 2) * 0.01),
      times,
    );
    expect([trend.kappa, trend.flags]).toEqual([null, ['NotMeanReverting']]);
    const zigzag = ornsteinUhlenbeckIrregular(
      Array.from({ length: 60 }, (_, i) => (i % 2) + (i % 3) / 10),
      times,
    );
    expect([zigzag.kappa, zigzag.flags]).toEqual([null, ['WithinOneRow']]);
    expect(codeOf(() => ornsteinUhlenbeckIrregular(times, [...times].reverse()))).toBe('InvalidParameter');
    expect(codeOf(() => ornsteinUhlenbeckIrregular(times, times.slice(1)))).toBe('LengthMismatch');
    expect(
      codeOf(() =>
        ornsteinUhlenbeckIrregular(
          times,
          times.map((_, i) => (i === 3 ? Infinity : i)),
        ),
      ),
    ).toBe('InvalidParameter');
  });
});
