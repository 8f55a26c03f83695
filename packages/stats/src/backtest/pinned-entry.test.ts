import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backtest, defaultReversionRules, type PinnedEntry, pinnedProfit } from '../index.ts';
import { codeOf } from '../noise.fixture.ts';

const entry: PinnedEntry = { side: -1, beta: 2, y: 105, x: 50 };

describe('pinnedProfit', () => {
  it('is what closing now would bring after four fills', () => {
    const found = pinnedProfit(entry, 101, 51, 6);
    const cost = ((105 + 100 + 101 + 102) * 6) / 1e4;
    expect(found).toEqual({
      gross: 6,
      cost: expect.closeTo(cost, 12),
      net: expect.closeTo(6 - cost, 12),
      netBps: expect.closeTo(((6 - cost) / 205) * 1e4, 9),
    });
  });

  it('agrees with a backtest that enters and leaves at the same prices', () => {
    const price = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(
        price,
        price,
        price,
        price,
        fc.double({ min: -5, max: 5, noNaN: true }),
        (y0, x0, y1, x1, beta) => {
          const [trade] = backtest(
            { y: [y0, y1], x: [x0, x1], z: [3, 0], beta: [beta, beta] },
            { rules: defaultReversionRules, costBps: 6, capital: 1, periodsPerYear: 1 },
          ).trades;
          const { net } = pinnedProfit({ side: -1, beta, y: y0, x: x0 }, y1, x1, 6);
          expect(Math.abs(net - (trade?.profit as number))).toBeLessThan(1e-9 * (y0 + y1 + x0 + x1));
        },
      ),
    );
  });

  it('refuses prices that are none', () => {
    expect(codeOf(() => pinnedProfit(entry, 0, 1, 6))).toBe('NonPositivePrice');
    expect(codeOf(() => pinnedProfit(entry, Number.NaN, 1, 6))).toBe('NonFinite');
  });
});
