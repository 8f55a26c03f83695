import { describe, expect, it } from 'vitest';
import {
  adf,
  adjustPValues,
  autocorrelatedError,
  breakStep,
  engleGranger,
  engleGrangerBoth,
  halfLife,
  huber,
  KalmanHedge,
  kalmanStart,
  kpss,
  normalQuantile,
  ols,
  theilSen,
  unbroken,
} from './index.ts';
import { ar1, normal, uniform } from './noise.fixture.ts';

/*
 * How often the tests and intervals of this package are wrong, on markets of which the truth is known. The rates that
 * are asserted were measured with at least 20,000 seeded markets of the same kind (sizes: 200,000); each test repeats
 * some thousands of them. Binomial intervals are those of 99 %.
 */

/** Share of the markets with seeds 1 to `markets` of which `holds` is true. */
function share(markets: number, holds: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= markets; seed++) if (holds(seed)) count++;
  return count / markets;
}

/** Where a share lies 99 times in 100 if each of `markets` is counted with a chance from `least` to `most`. */
function binomial(markets: number, least: number, most = least): [low: number, high: number] {
  const reach = (chance: number) => -normalQuantile(0.005) * Math.sqrt((chance * (1 - chance)) / markets);
  return [least - reach(least), most + reach(most)];
}

function expectShare(found: number, [low, high]: readonly [number, number], what = ''): void {
  expect(found, what).toBeGreaterThanOrEqual(low);
  expect(found, what).toBeLessThanOrEqual(high);
}

/** What a bar keeps of a deviation that halves in `bars`. */
const keeping = (bars: number): number => 2 ** (-1 / bars);
const walk = (n: number, seed: number): Float64Array => ar1(n, 1, seed);

/** Two legs that wander apart. */
const apart = (n: number, seed: number) => ({ y: walk(n, 2 * seed), x: walk(n, 2 * seed + 1) });

/** Two legs that a spread with this half-life keeps together: y = 5 + 2 x + spread. */
function together(n: number, bars: number, seed: number): { y: Float64Array; x: Float64Array } {
  const x = walk(n, 2 * seed);
  const spread = ar1(n, keeping(bars), 2 * seed + 1);
  return { y: x.map((level, t) => 5 + 2 * level + (spread[t] as number)), x };
}

function residualsOf(y: Float64Array, x: Float64Array): Float64Array {
  const { alpha, beta } = ols(y, x);
  return y.map((level, t) => level - alpha - beta * (x[t] as number));
}

describe.each([
  // Sizes of a nominal 5 %: Engle-Granger by its critical value and by p, plain ADF on its residuals, ADF and KPSS.
  { n: 240, critical: 0.0592, p: 0.0628, reverse: 0.0624, plain: 0.1626, unitRoot: 0.0581, level: 0.048 },
  { n: 600, critical: 0.0545, p: 0.0559, reverse: 0.0549, plain: 0.1546, unitRoot: 0.0533, level: 0.048 },
])(
  'tests at 5 % on $n bars of markets without reversion',
  ({ n, critical, p, reverse, plain, unitRoot, level }) => {
    const markets = 4_000;

    it('call two independent walks cointegrated in about 5 of 100 windows, the small-sample excess included', () => {
      let [byCritical, byP, byReverse] = [0, 0, 0];
      for (let seed = 1; seed <= markets; seed++) {
        const { y, x } = apart(n, seed);
        const { yOnX, xOnY } = engleGrangerBoth(y, x);
        if (yOnX.critical !== null && yOnX.stat < yOnX.critical['5%']) byCritical++;
        if (yOnX.pValue < 0.05) byP++;
        if (xOnY.pValue < 0.05) byReverse++;
      }
      // At 240 bars [0.041, 0.069] for the critical value, and [0.041, 0.073] for p; at 600 [0.041, 0.064] and [0.041, 0.065].
      expectShare(byCritical / markets, binomial(markets, 0.05, critical), 'critical value');
      expectShare(byP / markets, binomial(markets, 0.05, p), 'p');
      expectShare(byReverse / markets, binomial(markets, 0.05, reverse), 'p of x on y');
    });

    it('three times as often if the residuals of an estimated hedge are handed to a plain ADF: uncorrected', () => {
      const found = share(2_000, (seed) => {
        const { y, x } = apart(n, seed);
        return adf(residualsOf(y, x)).pValue < 0.05;
      });
      expectShare(found, binomial(2_000, plain));
      expect(found).toBeGreaterThan(0.13);
    });

    it('call a single walk stationary in about 5 of 100 windows', () => {
      const found = share(markets, (seed) => adf(walk(n, seed)).pValue < 0.05);
      expectShare(found, binomial(markets, 0.05, unitRoot));
    });

    it('call white noise not stationary in about 5 of 100 windows, where KPSS has the null of stationarity', () => {
      const found = share(markets, (seed) => {
        const { stat, critical: table } = kpss(ar1(n, 0, seed));
        return stat > table['5%'];
      });
      expectShare(found, binomial(markets, level, 0.05));
    });
  },
);

describe('what the Engle-Granger test finds, and what it takes for a find', () => {
  it.each([
    [240, 5, 0.9427],
    [240, 10, 0.5054],
    [240, 20, 0.186],
    [600, 5, 0.9995],
    [600, 10, 0.9925],
    [600, 20, 0.691],
  ])(
    'in %i bars it finds a pair of half-life %i in a share of %f: it takes 45 half-lives to find 9 in 10',
    (n, bars, power) => {
      const markets = 1_000;
      const found = share(markets, (seed) => {
        const { y, x } = together(n, bars, seed);
        const test = engleGranger(y, x);
        return test.critical !== null && test.stat < test.critical['5%'];
      });
      expectShare(found, binomial(markets, power));
    },
  );

  it('takes a walk that a passing swing rides on for a partner of anything, four times as often as it says', () => {
    const n = 240;
    const keep = keeping(3);
    const dependsOn = (swinging: 'y' | 'x') =>
      share(2_000, (seed) => {
        const swing = ar1(n, keep, 3 * seed + 1);
        // The swing's deviation is that of two steps of the walk; the other leg knows nothing of either.
        const scale = 2 * Math.sqrt(1 - keep * keep);
        const rider = walk(n, 3 * seed).map((price, t) => price + scale * (swing[t] as number));
        const other = walk(n, 3 * seed + 2);
        return (swinging === 'y' ? engleGranger(rider, other) : engleGranger(other, rider)).pValue < 0.05;
      });
    expectShare(dependsOn('y'), binomial(2_000, 0.2356));
    expectShare(dependsOn('x'), binomial(2_000, 0.0786));
  });

  it('of 1,225 pairs that wander apart 75 look cointegrated at 5 %, and hardly one after Benjamini and Hochberg', () => {
    const [scans, pairs] = [16, 1_225];
    let [uncorrected, falseDiscoveries] = [0, 0];
    for (let scan = 0; scan < scans; scan++) {
      const p = Array.from({ length: pairs }, (_, pair) => {
        const { y, x } = apart(240, 1 + scan * pairs + pair);
        return engleGranger(y, x).pValue;
      });
      uncorrected += p.filter((value) => value < 0.05).length;
      falseDiscoveries += adjustPValues(p).discoveries;
    }
    expectShare(uncorrected / (scans * pairs), binomial(scans * pairs, 0.05, 0.0628));
    expect(falseDiscoveries / scans).toBeLessThan(0.5);
  });

  it('of 25 pairs among 1,225 nearly all survive the correction, and nine of ten that do are true', () => {
    const [scans, pairs, planted] = [4, 1_225, 25];
    let [found, wrong] = [0, 0];
    for (let scan = 0; scan < scans; scan++) {
      const p = Array.from({ length: pairs }, (_, pair) => {
        const seed = 1 + scan * pairs + pair;
        const { y, x } = pair < planted ? together(600, 5, seed) : apart(600, seed);
        return engleGranger(y, x).pValue;
      });
      const { rejected } = adjustPValues(p);
      found += rejected.slice(0, planted).filter(Boolean).length;
      wrong += rejected.slice(planted).filter(Boolean).length;
    }
    expect(found / (scans * planted)).toBeGreaterThan(0.95);
    // 7 of 100 in the long run: far in the tail the p-values of the surface are too small by half.
    expect(wrong / (found + wrong)).toBeLessThan(0.12);
  });
});

describe('the 95 % interval of a half-life', () => {
  // As the docstring of `halfLife` states.
  it.each([
    [240, 5, 0.855, 0.791],
    [240, 10, 0.784, 0.667],
    [240, 20, 0.674, 0.497],
    [240, 40, 0.526, 0.307],
    [600, 5, 0.907, 0.878],
    [600, 10, 0.868, 0.816],
    [600, 20, 0.808, 0.711],
    [600, 40, 0.714, 0.55],
  ])(
    'over %i bars holds a true one of %i in a share of %f, and of %f if the hedge was estimated from them',
    (n, bars, known, estimated) => {
      const markets = 2_000;
      const holds = (spread: Float64Array): boolean => {
        const { interval } = halfLife(spread);
        return interval !== null && interval[0] <= bars && bars <= interval[1];
      };
      expectShare(
        share(markets, (seed) => holds(ar1(n, keeping(bars), seed))),
        binomial(markets, known),
      );
      const fitted = share(markets, (seed) => {
        const { y, x } = together(n, bars, seed);
        return holds(residualsOf(y, x));
      });
      expectShare(fitted, binomial(markets, estimated));
    },
  );
});

describe('the errors of a hedge ratio', () => {
  it('of least squares hold the truth 95 times in 100 where bars are independent', () => {
    const markets = 4_000;
    let [beta, alpha] = [0, 0];
    for (let seed = 1; seed <= markets; seed++) {
      const noise = normal(seed);
      const x = walk(60, seed + markets);
      const { betaInterval, alphaInterval } = ols(
        x.map((level) => 5 + 2 * level + noise()),
        x,
      );
      if (betaInterval[0] <= 2 && 2 <= betaInterval[1]) beta++;
      if (alphaInterval[0] <= 5 && 5 <= alphaInterval[1]) alpha++;
    }
    expectShare(beta / markets, binomial(markets, 0.95), 'beta');
    expectShare(alpha / markets, binomial(markets, 0.95), 'alpha');
  });

  it.each([
    [240, 1, 0.744, 0.94],
    [240, 10, 0.318, 0.902],
    [600, 10, 0.296, 0.928],
  ])(
    'on %i bars of a spread of half-life %i hold it in a share of %f only, and of %f once widened by the half-life',
    (n, bars, classical, widened) => {
      const markets = 2_000;
      let [narrow, wide] = [0, 0];
      for (let seed = 1; seed <= markets; seed++) {
        const { y, x } = together(n, bars, seed);
        const { beta, betaError } = ols(y, x);
        const distance = Math.abs(beta - 2) / normalQuantile(0.975);
        if (distance <= betaError) narrow++;
        if (distance <= autocorrelatedError(betaError, halfLife(residualsOf(y, x)).halfLife, n)) wide++;
      }
      expectShare(narrow / markets, binomial(markets, classical), 'classical');
      expectShare(wide / markets, binomial(markets, widened), 'widened');
    },
  );

  it.each([
    [1, 0.035],
    [3, 0.046],
    [5, 0.053],
    [10, 0.073],
  ])('let a steady pair of half-life %i be called broken in a share of %f of the windows', (bars, broken) => {
    const [markets, n] = [1_000, 120];
    const markOf = (y: Float64Array, x: Float64Array) => {
      const { beta, betaError } = ols(y, x);
      return {
        beta,
        betaError: autocorrelatedError(betaError, halfLife(residualsOf(y, x)).halfLife, n),
        kalmanZ: null,
      };
    };
    const found = share(markets, (seed) => {
      const { y, x } = together(2 * n, bars, seed);
      let state = breakStep(unbroken, markOf(y.subarray(0, n), x.subarray(0, n)), n);
      for (let bar = 1; bar < n; bar++)
        state = breakStep(state, { beta: null, betaError: null, kalmanZ: null }, n);
      return breakStep(state, markOf(y.subarray(n), x.subarray(n)), n).broken;
    });
    expectShare(found, binomial(markets, broken));
  });

  it('of the Kalman filter are right on a market that walks as it says: z is standard normal, beta in its interval', () => {
    const [markets, n] = [400, 200];
    const prior = { beta: 2, level: 50, pBeta: 0.04, pBetaLevel: 0, pLevel: 4 };
    const start = kalmanStart(prior, { qBeta: 1e-4, qLevel: 0.01, r: 1, centre: 100 });
    let [squares, beyond, held] = [0, 0, 0];
    for (let seed = 1; seed <= markets; seed++) {
      const noise = normal(seed);
      const x = walk(n, markets + seed);
      let beta = prior.beta + Math.sqrt(prior.pBeta) * noise();
      let level = prior.level + Math.sqrt(prior.pLevel) * noise();
      const filter = new KalmanHedge(start);
      for (let t = 0; t < n; t++) {
        if (t > 0) {
          beta += 0.01 * noise();
          level += 0.1 * noise();
        }
        const price = 100 + (x[t] as number);
        filter.push(level + beta * (price - 100) + noise(), price);
        squares += filter.z * filter.z;
        if (Math.abs(filter.z) > normalQuantile(0.975)) beyond++;
      }
      if (Math.abs(filter.beta - beta) <= normalQuantile(0.975) * Math.sqrt(filter.pBeta)) held++;
    }
    const rows = markets * n;
    // A sum of squares of standard normals has variance 2 a row.
    expect(Math.abs(squares / rows - 1)).toBeLessThan(-normalQuantile(0.005) * Math.sqrt(2 / rows));
    expectShare(beyond / rows, binomial(rows, 0.05));
    expectShare(held / markets, binomial(markets, 0.95));
  });

  it('of Huber and Theil-Sen hold where every tenth print is wild, with a sixth of the variance of least squares', () => {
    const [markets, n] = [600, 120];
    const lines = {
      ols: { held: 0, clean: 0, wild: 0 },
      huber: { held: 0, clean: 0, wild: 0 },
      theilSen: { held: 0, clean: 0, wild: 0 },
    };
    for (let seed = 1; seed <= markets; seed++) {
      const noise = normal(seed);
      const luck = uniform(markets + seed);
      const x = walk(n, 2 * markets + seed);
      const errors = x.map(() => noise());
      const clean = x.map((level, t) => 5 + 2 * level + (errors[t] as number));
      const wild = x.map((level, t) => 5 + 2 * level + (luck() < 0.1 ? 10 : 1) * (errors[t] as number));
      const { betaError } = ols(clean, x);
      const miss = ({ beta }: { beta: number }): number => ((beta - 2) / betaError) ** 2;
      const fits = { ols: ols(wild, x), huber: huber(wild, x), theilSen: theilSen(wild, x) };
      lines.ols.clean += miss(ols(clean, x));
      lines.huber.clean += miss(huber(clean, x));
      lines.theilSen.clean += miss(theilSen(clean, x));
      for (const name of ['ols', 'huber', 'theilSen'] as const) lines[name].wild += miss(fits[name]);
      if (Math.abs(fits.huber.beta - 2) <= normalQuantile(0.975) * fits.huber.betaError) lines.huber.held++;
      const { betaLow, betaHigh } = fits.theilSen;
      if (betaLow !== null && betaHigh !== null && betaLow <= 2 && 2 <= betaHigh) lines.theilSen.held++;
    }
    expectShare(lines.huber.held / markets, binomial(markets, 0.94, 0.95), 'Huber');
    expectShare(lines.theilSen.held / markets, binomial(markets, 0.945, 0.95), 'Theil-Sen');
    // On a clean market they pay 4 and 9 % of variance for that.
    for (const [name, least] of [
      ['huber', 0.9],
      ['theilSen', 0.83],
    ] as const) {
      const efficiency = lines.ols.clean / lines[name].clean;
      expectShare(efficiency, [least, 1.02], name);
      expectShare(lines.ols.wild / lines[name].wild, [5, 9], name);
    }
  });
});
