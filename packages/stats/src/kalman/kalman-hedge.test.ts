import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ols } from '../regression/ols.ts';
import { KalmanHedge } from './kalman-hedge.ts';
import { chanKalman, type KalmanStart, kalmanStart } from './kalman-model.ts';
import { centredKalman } from './kalman-prior.ts';

const rows = (minLength: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -30, max: 30 }), fc.nat(20)), {
      minLength,
      maxLength: 80,
    })
    .map((moves) => {
      let x = 100;
      const pairs: [number, number][] = [];
      for (const [move, noise, gap] of moves) {
        x += move / 10;
        pairs.push([gap === 0 ? Number.NaN : 5 + 1.4 * x + noise / 20, x]);
      }
      return pairs;
    });

const known = (pairs: [number, number][]): [number, number][] => pairs.filter(([y]) => !Number.isNaN(y));

/** The textbook filter in Joseph's form, with matrices written out. */
function joseph({ model, state }: KalmanStart, p: [number, number, number], pairs: [number, number][]) {
  let { beta, level } = state;
  let [bb, bl, ll] = p;
  const seen: { beta: number; level: number; e: number; s: number; p: [number, number, number] }[] = [];
  for (const [t, [y, x]] of pairs.entries()) {
    if (t > 0 || model.predictBeforeFirstUpdate) {
      bb += model.qBeta;
      bl += model.qBetaLevel;
      ll += model.qLevel;
    }
    const h = x - model.centre;
    const e = y - h * beta - level;
    const s = h * h * bb + 2 * h * bl + ll + model.r;
    const k = (h * bb + bl) / s;
    const l = (h * bl + ll) / s;
    const [a, b, c, d] = [1 - k * h, -k, -l * h, 1 - l];
    const next: [number, number, number] = [
      a * a * bb + 2 * a * b * bl + b * b * ll + model.r * k * k,
      a * c * bb + (a * d + b * c) * bl + b * d * ll + model.r * k * l,
      c * c * bb + 2 * c * d * bl + d * d * ll + model.r * l * l,
    ];
    [bb, bl, ll] = next;
    beta += k * e;
    level += l * e;
    seen.push({ beta, level, e, s, p: next });
  }
  return seen;
}

describe('KalmanHedge', () => {
  it('learns from its first row as can be checked by hand', () => {
    const filter = new KalmanHedge(
      kalmanStart(
        { beta: 0, level: 0, pBeta: 1, pBetaLevel: 0, pLevel: 1 },
        { qBeta: 0.5, qLevel: 0.25, r: 1 },
      ),
    );
    filter.push(3, 1);
    expect([filter.error, filter.variance, filter.beta, filter.level]).toEqual([3, 3, 1, 1]);
    expect(filter.z).toBeCloseTo(Math.sqrt(3), 15);
    expect(filter.pBeta).toBeCloseTo(2 / 3, 15);
    expect(filter.pBetaLevel).toBeCloseTo(-1 / 3, 15);
    expect(filter.pLevel).toBeCloseTo(2 / 3, 15);
    expect(filter.logLikelihood).toBeCloseTo(-0.5 * (Math.log(6 * Math.PI) + 3), 14);
    // The second row's forecast: P + Q, and no look-ahead: e is against the first row's line.
    filter.push(2, 0);
    expect(filter.error).toBe(1);
    expect(filter.variance).toBeCloseTo(2 / 3 + 0.25 + 1, 15);
  });

  it("says what Joseph's form says, where that keeps its digits", () => {
    const variance = fc.double({ min: 1e-3, max: 10, noNaN: true });
    const covariance = fc.record({
      a: variance,
      b: variance,
      r: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    });
    fc.assert(
      fc.property(rows(5), covariance, covariance, fc.boolean(), (pairs, p, q, early) => {
        const of = ({ a, b, r }: { a: number; b: number; r: number }) => r * Math.sqrt(a * b);
        const start = kalmanStart(
          { beta: 1, level: 2, pBeta: p.a, pBetaLevel: of(p), pLevel: p.b },
          {
            qBeta: q.a,
            qBetaLevel: of(q),
            qLevel: q.b,
            r: 1,
            centre: 100,
            predictBeforeFirstUpdate: early,
          },
        );
        const filter = new KalmanHedge(start);
        const steps = joseph(start, [p.a, of(p), p.b], known(pairs));
        for (const [t, [y, x]] of known(pairs).entries()) {
          filter.push(y, x);
          const step = steps[t] as (typeof steps)[number];
          expect(filter.beta).toBeCloseTo(step.beta, 8);
          expect(filter.level).toBeCloseTo(step.level, 8);
          expect(filter.error).toBeCloseTo(step.e, 8);
          expect(filter.variance / step.s).toBeCloseTo(1, 9);
          expect(filter.pBeta / step.p[0]).toBeCloseTo(1, 8);
          expect(filter.pBetaLevel).toBeCloseTo(step.p[1], 8);
          expect(filter.pLevel / step.p[2]).toBeCloseTo(1, 8);
        }
      }),
    );
  });

  it('is least squares on all rows, if the hedge does not drift and the first rows made the prior', () => {
    fc.assert(
      fc.property(rows(30), (pairs) => {
        const all = known(pairs);
        const first = all.slice(0, 15);
        fc.pre(all.length > 16 && new Set(first.map(([, x]) => x)).size > 3);
        const legs = (part: [number, number][]) => [part.map(([y]) => y), part.map(([, x]) => x)] as const;
        const fit = ols(...legs(first));
        fc.pre(fit.flags.length === 0);
        const pBeta = fit.betaError ** 2;
        const prior = {
          beta: fit.beta,
          level: fit.alpha,
          pBeta,
          pBetaLevel: -fit.meanX * pBeta,
          pLevel: fit.alphaError ** 2,
        };
        const filter = new KalmanHedge(kalmanStart(prior, { qBeta: 0, qLevel: 0, r: fit.sigma ** 2 }));
        for (const [y, x] of all.slice(15)) filter.push(y, x);
        const whole = ols(...legs(all));
        const scale = fit.sigma ** 2 / whole.sigma ** 2;
        expect(Math.abs(filter.beta - whole.beta)).toBeLessThan(1e-7);
        expect(Math.abs(filter.alpha - whole.alpha)).toBeLessThan(1e-5);
        expect(filter.pBeta / (whole.betaError ** 2 * scale)).toBeCloseTo(1, 6);
        expect(filter.pAlpha / (whole.alphaError ** 2 * scale)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('does not mind where the level is measured', () => {
    fc.assert(
      fc.property(rows(10), fc.double({ min: -200, max: 200, noNaN: true }), (pairs, centre) => {
        const [pBeta, pLevel, qBeta, qLevel] = [0.5, 2, 1e-3, 1e-2];
        const here = new KalmanHedge(
          kalmanStart(
            { beta: 1, level: 0, pBeta, pBetaLevel: 0, pLevel },
            { qBeta, qLevel, r: 0.25, centre: 100 },
          ),
        );
        // The same line, measured at another x: level' = level + beta * shift.
        const shift = centre - 100;
        const there = new KalmanHedge(
          kalmanStart(
            {
              beta: 1,
              level: shift,
              pBeta,
              pBetaLevel: shift * pBeta,
              pLevel: pLevel + shift * shift * pBeta,
            },
            { qBeta, qBetaLevel: shift * qBeta, qLevel: qLevel + shift * shift * qBeta, r: 0.25, centre },
          ),
        );
        for (const [y, x] of pairs) {
          here.push(y, x);
          there.push(y, x);
          if (!Number.isNaN(y)) expect(there.z).toBeCloseTo(here.z, 7);
          expect(there.alpha).toBeCloseTo(here.alpha, 6);
          expect(there.pAlpha / here.pAlpha).toBeCloseTo(1, 7);
        }
      }),
    );
  });

  it('keeps its variances positive with a prior as vague as doubles allow, where Joseph loses them', () => {
    const start = kalmanStart(
      { beta: 0, level: 0, pBeta: 1e10, pBetaLevel: 0, pLevel: 1e10 },
      { qBeta: 0, qLevel: 0, r: 1e-12 },
    );
    const pairs: [number, number][] = Array.from({ length: 60 }, (_, t) => {
      const x = 100 + 0.01 * ((7919 * t) % 13);
      return [1 + 2 * x + 1e-6 * Math.cos(3 * t), x];
    });
    expect(joseph(start, [1e10, 0, 1e10], pairs).some(({ s }) => s < 0)).toBe(true);
    const filter = new KalmanHedge(start);
    for (const [y, x] of pairs) {
      filter.push(y, x);
      expect(Math.min(filter.variance / 1e-12, filter.pBeta * 1e30, filter.pLevel * 1e30)).toBeGreaterThan(
        0.99,
      );
    }
    const line = ols(
      pairs.map(([y]) => y),
      pairs.map(([, x]) => x),
    );
    expect(Math.abs(filter.beta - line.beta)).toBeLessThan(1e-11);
    expect(filter.pBeta / (line.betaError * (1e-6 / line.sigma)) ** 2).toBeCloseTo(1, 6);
  });

  it('is Q less certain for each row that is missing, and keeps its line', () => {
    const start = kalmanStart(
      { beta: 2, level: 1, pBeta: 1, pBetaLevel: 0.5, pLevel: 1 },
      { qBeta: 0.25, qBetaLevel: 0.125, qLevel: 0.5, r: 1, predictBeforeFirstUpdate: true },
    );
    const filter = new KalmanHedge(start);
    filter.push(Number.NaN, 7);
    filter.push(7, Number.NaN);
    expect([filter.beta, filter.level, filter.rows, filter.scored]).toEqual([2, 1, 2, 0]);
    expect([filter.error, filter.variance, filter.z]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(filter.pBeta).toBeCloseTo(1.5, 14);
    expect(filter.pBetaLevel).toBeCloseTo(0.75, 14);
    expect(filter.pLevel).toBeCloseTo(2, 14);
  });

  it('walks before the first row only if told so: then as from a prior that is Q wider', () => {
    const noise = { qBeta: 0.25, qLevel: 0.5, r: 1 };
    const prior = { beta: 0, level: 0, pBeta: 1, pBetaLevel: 0, pLevel: 1 };
    const early = new KalmanHedge(kalmanStart(prior, { ...noise, predictBeforeFirstUpdate: true }));
    const wide = new KalmanHedge(kalmanStart({ ...prior, pBeta: 1.25, pLevel: 1.5 }, noise));
    for (const [y, x] of [
      [3, 1],
      [4, 2],
    ] as const) {
      early.push(y, x);
      wide.push(y, x);
    }
    expect([early.beta, early.level, early.z]).toEqual([wide.beta, wide.level, wide.z]);
  });

  it('goes on from its state, kept as JSON, to the last bit', () => {
    fc.assert(
      fc.property(rows(12), fc.nat(79), (pairs, cut) => {
        const start = chanKalman(0.01, 0.5);
        start.model.inSample = 5;
        const whole = new KalmanHedge(start);
        let parts = new KalmanHedge(start);
        for (const [t, [y, x]] of pairs.entries()) {
          if (t === cut) {
            parts = new KalmanHedge(JSON.parse(JSON.stringify({ model: parts.model, state: parts.state })));
          }
          whole.push(y, x);
          parts.push(y, x);
          expect([parts.z, parts.beta, parts.pLevel]).toEqual([whole.z, whole.beta, whole.pLevel]);
        }
        expect(parts.state).toEqual(whole.state);
        expect(parts.nis).toBe(whole.nis);
      }),
    );
  });

  it('scores only the rows after those that the prior was made from', () => {
    const start = chanKalman(0.01, 0.5);
    start.model.inSample = 2;
    const filter = new KalmanHedge(start);
    const likelihoods = [1, 2, 3, 5].map((y, t) => {
      filter.push(y, t + 1);
      expect(filter.inSample).toBe(t < 2);
      return filter.rowLogLikelihood;
    });
    expect(filter.scored).toBe(2);
    expect(filter.logLikelihood).toBe((likelihoods[2] as number) + (likelihoods[3] as number));
  });

  it('refuses what it cannot answer, without having taken the row', () => {
    const filter = new KalmanHedge(chanKalman());
    filter.push(3, 1);
    const before = filter.state;
    expect(() => filter.push(Infinity, 1)).toThrow('row 1 is infinite');
    expect(() => filter.push(1e300, 1)).toThrow('missed its forecast');
    expect(filter.state).toEqual(before);
    const certain = new KalmanHedge(
      kalmanStart({ beta: 1, level: 0, pBeta: 0, pBetaLevel: 0, pLevel: 0 }, { qBeta: 0, qLevel: 0, r: 0 }),
    );
    expect(() => certain.push(1, 1)).toThrow('variance of 0');
  });

  it('refuses a prior and a model that cannot be', () => {
    const prior = { beta: 0, level: 0, pBeta: 1, pBetaLevel: 0, pLevel: 1 };
    const noise = { qBeta: 0, qLevel: 0, r: 1 };
    expect(() => kalmanStart({ ...prior, pBetaLevel: 2 }, noise)).toThrow('no covariance matrix');
    expect(() => kalmanStart(prior, { ...noise, qBeta: -1 })).toThrow('Q is [[-1');
    expect(() => kalmanStart(prior, { ...noise, qBetaLevel: 1 })).toThrow('Q is');
    expect(() => kalmanStart(prior, { ...noise, r: Number.NaN })).toThrow('R is NaN');
    expect(() => kalmanStart({ ...prior, beta: Infinity }, noise)).toThrow('beta is Infinity');
    expect(() => kalmanStart(prior, { ...noise, inSample: 1.5 })).toThrow('inSample is 1.5');
    expect(() => chanKalman(1)).toThrow('delta is 1');
  });

  it('has a z that does not depend on the units of the prices', () => {
    fc.assert(
      fc.property(rows(40), fc.constantFrom(1e-3, 7, 1e5), fc.constantFrom(1e-4, 1e3), (pairs, k, c) => {
        const start = (ky: number, kx: number) => {
          const y = pairs.map(([value]) => ky * value);
          const x = pairs.map(([, value]) => kx * value);
          return centredKalman(y, x, { inSample: 30 });
        };
        fc.pre(
          known(pairs.slice(0, 30)).length > 20 && new Set(pairs.slice(0, 30).map(([, x]) => x)).size > 5,
        );
        const plain = new KalmanHedge(start(1, 1));
        const scaled = new KalmanHedge(start(k, c));
        for (const [y, x] of pairs) {
          plain.push(y, x);
          scaled.push(k * y, c * x);
          if (!Number.isNaN(y)) expect(scaled.z).toBeCloseTo(plain.z, 6);
          expect(scaled.beta / ((k / c) * plain.beta)).toBeCloseTo(1, 8);
        }
      }),
    );
  });
});
