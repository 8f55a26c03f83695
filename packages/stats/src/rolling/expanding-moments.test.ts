import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moments } from '../moments.ts';
import { ExpandingMoments } from './expanding-moments.ts';
import { LongStream } from './price-like.fixture.ts';

const values = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), {
  minLength: 1,
  maxLength: 60,
});

describe('ExpandingMoments', () => {
  it('counts every bar since the first, which can be checked by hand', () => {
    const expanding = new ExpandingMoments();
    for (const value of [2, 4, Number.NaN, 9]) expanding.push(value);
    expect([expanding.n, expanding.mean]).toEqual([3, 5]);
    expect(expanding.deviation).toBeCloseTo(Math.sqrt(13), 14);
    expect(expanding.z).toBeCloseTo(4 / Math.sqrt(13), 14);
  });

  it('has the moments of all known values', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1), (series, ddof) => {
        const expanding = new ExpandingMoments(ddof);
        for (const value of series) expanding.push(value);
        const known = series.filter((value) => !Number.isNaN(value));
        expect(expanding.n).toBe(known.length);
        if (known.length <= ddof) return;
        const spread = Math.max(...known) - Math.min(...known);
        if (spread > 0 && spread < 1e-130) expect(expanding.deviation === 0).toBe(false);
        if (spread > 0 && spread < 1e-130) return;
        const { mean, deviation } = moments(known, ddof);
        const size = Math.max(...known.map(Math.abs));
        expect(Math.abs(expanding.mean - mean)).toBeLessThanOrEqual(1e-14 * size);
        expect(Math.abs(expanding.deviation - deviation)).toBeLessThanOrEqual(
          1e-12 * deviation + 1e-14 * size,
        );
      }),
    );
  });

  it('goes on from its state, kept as JSON, to the last bit', () => {
    fc.assert(
      fc.property(values, fc.nat(60), (series, cut) => {
        const whole = new ExpandingMoments();
        let parts = new ExpandingMoments();
        for (const [i, value] of series.entries()) {
          if (i === cut) parts = new ExpandingMoments(1, JSON.parse(JSON.stringify(parts.state)));
          whole.push(value);
          parts.push(value);
        }
        expect(parts.state).toEqual(whole.state);
        expect([parts.mean, parts.deviation, parts.z]).toEqual([whole.mean, whole.deviation, whole.z]);
      }),
    );
  });

  it('keeps the digits of half a million bars at 100,000', () => {
    const rows = 500_000;
    const expanding = new ExpandingMoments();
    const stream = new LongStream(rows);
    for (let i = 0; i < rows; i++) {
      stream.next(true);
      expanding.push(stream.x);
    }
    const { sxx, meanX } = stream.exact();
    const deviation = Math.sqrt(sxx / (rows - 1));
    expect(Math.abs(expanding.deviation / deviation - 1)).toBeLessThan(1e-12);
    expect(Math.abs(expanding.mean - meanX)).toBeLessThan(1e-12 * deviation + 2e-11);
  });

  it('refuses an infinite value, and a ddof that cannot be', () => {
    expect(() => new ExpandingMoments().push(Infinity)).toThrow('infinite');
    expect(() => new ExpandingMoments(-1)).toThrow('ddof is -1');
  });
});
