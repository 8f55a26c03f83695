import { type Analytics, HedgeMethod, intervalMs, type Study } from '@tandem/common';
import { type KnownPair, knownPairs, type Market, market } from '@tandem/simulator';
import { autocorrelatedError, normalQuantile } from '@tandem/stats';
import { beforeAll, describe, expect, it } from 'vitest';
import { AnalyticsCore } from './analytics-core.ts';
import { minute, start, study } from './market.fixture.ts';

/*
 * The simulator's market, of which the truth is known: its bars, as an exchange would serve them, through the code that
 * computes the live rows. The rates that are asserted were measured over 510 windows; intervals are those of 99 %.
 */

const window = 240;
const windowsOfSeed = 4;
const truths = knownPairs();
const methods = HedgeMethod.options.filter((method) => method !== 'fixed');

type Closes = ReadonlyMap<string, readonly { readonly close: number; readonly trades: number }[]>;

/** The market's first closes, by symbol. */
async function closesOf(
  source: Market,
  symbols: readonly string[],
  windows: number,
  step: number,
): Promise<Closes> {
  const closes = new Map<string, { close: number; trades: number }[]>();
  for (const symbol of symbols) {
    const decimals = source.instruments.find((one) => one.symbol === symbol)!.priceDecimals;
    const until = start + windows * window * step;
    const bars = await source.bars(symbol, step, start, until - step, until + step);
    closes.set(
      symbol,
      bars.map(({ close, trades }) => ({ close: close / 10 ** decimals, trades })),
    );
  }
  return closes;
}

/** The last row of each study over window number `at`, by its id. */
function rowsOver(closes: Closes, at: number, studies: readonly Study[]): Map<string, Analytics> {
  const core = new AnalyticsCore('live', studies);
  const { interval } = studies[0]!;
  for (const [symbol, bars] of closes) {
    for (let index = at * window; index < (at + 1) * window; index++) {
      const time = start + index * intervalMs[interval];
      const bar = { venue: 'sim', symbol, interval, time, complete: true, gap: false, revision: 1 } as const;
      core.apply({ ...bar, ...bars[index]! });
    }
  }
  return new Map(
    core.studies.map((state) => {
      const rows = core.track(state, core.oldest(state), []).rows(core.newest(state));
      return [state.study.id, rows.at(-1)!];
    }),
  );
}

const idOf = (y: string, x: string, method: string, scale = 'log') =>
  `${y}-${x}-${method}-${scale}`.toLowerCase();

function studyOf(y: string, x: string, changes: Partial<Study> = {}): Study {
  const { method = 'ols', scale = 'log', interval = '1m' } = changes;
  const id = idOf(y, x, method, scale);
  return { ...study, id, y: `sim:${y}`, x: `sim:${x}`, window, interval, method, scale };
}

/** Where a share lies 99 times in 100 if each of `count` is counted with a chance from `least` to `most`. */
function expectShare(held: readonly boolean[], least: number, most = least): void {
  const reach = (chance: number) => -normalQuantile(0.005) * Math.sqrt((chance * (1 - chance)) / held.length);
  const found = held.filter(Boolean).length / held.length;
  expect(found).toBeGreaterThanOrEqual(least - reach(least));
  expect(found).toBeLessThanOrEqual(most + reach(most));
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('the rows of a market whose pairs are known', () => {
  const rows: Map<string, Analytics>[] = [];
  const rowsOf = ({ y, x }: KnownPair, method = 'ols', scale = 'log'): Analytics[] =>
    rows.map((all) => all.get(idOf(y, x, method, scale))!);

  beforeAll(async () => {
    const studies = truths.flatMap(({ y, x }) => [
      ...methods.map((method) => studyOf(y, x, { method })),
      studyOf(y, x, { scale: 'price' }),
    ]);
    const symbols = [...new Set(truths.flatMap(({ y, x }) => [y, x]))];
    for (let seed = 31; seed <= 34; seed++) {
      const closes = await closesOf(market(seed), symbols, windowsOfSeed, minute);
      for (let at = 0; at < windowsOfSeed; at++) rows.push(rowsOver(closes, at, studies));
    }
  });

  it.each(truths)('$y on $x: every hedge method finds a beta of about $beta, and calls it live', (truth) => {
    for (const method of methods) {
      const found = rowsOf(truth, method);
      expect(found.map(({ state }) => state)).toEqual(found.map(() => 'live'));
      const misses = found.map(({ beta }) => beta! / truth.beta - 1);
      expect(rootMeanSquare(misses), method).toBeLessThan(method === 'tls' ? 0.2 : 0.15);
      // Total least squares takes the swings of the spread for errors of x too, and so lies above.
      const mean = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
      expect(Math.abs(mean), method).toBeLessThan(method === 'tls' ? 0.13 : 0.06);
    }
  });

  it.each(truths)('$y on $x: on prices beta is the same in units of the legs', (truth) => {
    const onLogs = rowsOf(truth);
    for (const [at, { beta, yClose, xClose }] of rowsOf(truth, 'ols', 'price').entries()) {
      expect((beta! * xClose!) / yClose! / onLogs[at]!.beta!).toBeCloseTo(1, 1);
    }
  });

  it.each([
    ['ols', 0.93],
    ['huber', 0.93],
    ['kalman', 0.88],
  ])(
    'the beta of %s lies within its error, widened by the half-life, in a share of %f of the windows',
    (method, holds) => {
      const held = truths.flatMap((truth) =>
        rowsOf(truth, method).map(({ beta, betaError, halfLife }) => {
          const error = autocorrelatedError(betaError!, halfLife, window);
          return Math.abs(beta! - truth.beta) <= normalQuantile(0.975) * error;
        }),
      );
      expectShare(held, holds);
    },
  );

  it('the interval of the half-life holds the true one as often as its docs say, and else lies below', () => {
    // On 240 bars 80 of 100 at a half-life of 5 bars, 68 at 10, and 80 at 3.
    const held: boolean[] = [];
    for (const truth of truths) {
      const bars = truth.halfLifeSeconds / 60;
      const found = rowsOf(truth);
      held.push(
        ...found.map(({ halfLifeLow, halfLifeHigh }) => halfLifeLow! <= bars && bars <= halfLifeHigh!),
      );
      expect(found.filter(({ halfLifeLow }) => halfLifeLow! > bars)).toEqual([]);
      const middle = found.map(({ halfLife }) => halfLife!).sort((a, b) => a - b)[found.length / 2]!;
      expect(middle / bars).toBeGreaterThan(0.6);
      expect(middle / bars).toBeLessThan(1.1);
    }
    expectShare(held, 0.758);
  });

  it('pairs are called cointegrated as often as a window of so many half-lives can tell', () => {
    const shares = { BTCUSDT: 0.943, SOLUSDT: 0.506, BNBUSDT: 0.994 };
    for (const truth of truths) {
      expectShare(
        rowsOf(truth).map(({ cointegrationP }) => cointegrationP! < 0.05),
        shares[truth.y as keyof typeof shares],
      );
    }
  });
});

describe('the rows of instruments that have nothing to do with one another', () => {
  it('are called cointegrated about 5 times in 100 by Engle-Granger, and far more often by the uncorrected ADF', async () => {
    const [corrected, uncorrected]: [boolean[], boolean[]] = [[], []];
    const studies = [studyOf('XRPUSDT', 'ETHUSDT', { interval: '15s' })];
    for (let seed = 201; seed <= 205; seed++) {
      const source = market(seed, { rates: { XRPUSDT: 1, ETHUSDT: 1 } });
      const closes = await closesOf(source, ['XRPUSDT', 'ETHUSDT'], 50, 15_000);
      for (let at = 0; at < 50; at++) {
        for (const row of rowsOver(closes, at, studies).values()) {
          corrected.push(row.cointegrationP! < 0.05);
          uncorrected.push(row.adfP! < 0.05);
        }
      }
    }
    expectShare(corrected, 0.05, 0.0628);
    expectShare(uncorrected, 0.1626);
  });
});
