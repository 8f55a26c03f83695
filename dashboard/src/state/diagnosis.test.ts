import type { JobStatus } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { minute, origin, study } from '../rows.fixture.ts';
import { diagnosisState, testTables } from '../words/diagnosis.ts';
import type { TestTable } from '../words/test-table.ts';
import {
  type Diagnosis,
  diagnosisAfter,
  diagnosisFailed,
  newDiagnosis,
  progressOf,
  runningJobs,
} from './diagnosis.ts';
import { type DiagnosisMethod, diagnosisMethods } from './diagnosis-results.ts';

const span = { study: study.id, from: origin, to: origin + 239 * minute, holeBefore: 0 };
const test = (stat: number, pValue: number) => ({
  n: 240,
  dropped: 0,
  flags: [],
  stat,
  pValue,
  critical: { '1%': -3.95, '5%': -3.37, '10%': -3.06 },
  lags: 2,
  rows: 237,
  alpha: 1,
  beta: 20,
  rSquared: 0.9,
});
const hedge = { fault: null, alpha: 3, beta: 20.123, betaError: 0.51, rSquared: 0.9, spread: 1, z: 2.1 };
const results: Record<DiagnosisMethod, object> = {
  'hedge-ratios': {
    ...span,
    n: 240,
    methods: {
      ols: hedge,
      tls: { ...hedge, betaError: null },
      huber: hedge,
      'theil-sen': { fault: 'ConstantSeries' },
      kalman: hedge,
      fixed: { ...hedge, beta: 1 },
    },
  },
  cointegration: {
    ...span,
    yOnX: test(-4.12, 0.004),
    xOnY: test(-2.5, 0.28),
    dependent: 'y',
    pValue: 0.008,
    cointegrated: { yOnX: true, xOnY: false },
  },
  adf: { ...span, what: 'spread', estimatedSpread: true, ...test(-4.1, 0.0001), critical: { '5%': -2.87 } },
  kpss: { ...span, ...test(0.2, 0.1), critical: { '5%': 0.463 }, flags: ['p>=0.10'] },
  'variance-ratio': { ...span, n: 240, ratio: 0.61, stat: -2.4, pValue: 0.016, q: 8, flags: [] },
  reversion: {
    ...span,
    bar: minute,
    halfLife: { halfLife: 12.3, interval: [8.1, 16.5], flags: [], lambda: -0.05 },
    ornsteinUhlenbeck: { theta: 0.42, stationaryDeviation: 51.2, kappa: 0.05, sigma: 16 },
    roundTripCost: 24.1,
    thresholds: { distance: 45, z: 0.88, enter: -44.6, exit: 45.4, expectedCycle: 35.2, returnRate: 1.2 },
  },
};
const answer = (method: DiagnosisMethod, result: unknown): JobStatus => ({
  job: 'j',
  method,
  state: 'done',
  result,
});
const done = (changes: Partial<Record<DiagnosisMethod, object>> = {}): Diagnosis =>
  diagnosisMethods.reduce(
    (before, method) => diagnosisAfter(before, method, answer(method, changes[method] ?? results[method])),
    newDiagnosis(study.id),
  );
const lines = (table: TestTable) =>
  table.rows.map((row) => [row.label, ...('cells' in row ? row.cells : [row.says])].join(' | '));

describe('the tests of a study', () => {
  it('are asked for together, and their progress is that of all of them', () => {
    let diagnosis = newDiagnosis(study.id);
    expect(diagnosisState(study, diagnosis)).toBe('computing: 0 of 6 done, 0 %');
    diagnosis = diagnosisAfter(diagnosis, 'adf', answer('adf', results.adf));
    const running = { job: 'slow', method: 'kpss', state: 'running', progress: 0.5 } as const;
    diagnosis = diagnosisAfter(diagnosis, 'kpss', running);
    expect(progressOf(diagnosis)).toEqual({ ended: 1, of: 6, share: 0.25 });
    expect(runningJobs(diagnosis)).toEqual(['slow']);
    const [, stationarity] = testTables(study, diagnosis);
    expect(lines(stationarity!)).toEqual([
      'Engle–Granger | asked for …',
      'ADF, uncorrected | −4.10 | −2.87 | <0.001 | stationary, uncorrected',
      'KPSS | computing, 50 % …',
      'Variance ratio | asked for …',
    ]);
  });

  it('say which bars they stand on, and that a hole has left few of them', () => {
    expect(diagnosisState(study, done())).toBe('240 bars: 2024-08-08 13:00:00 to 16:59:00 UTC');
    const short = Object.fromEntries(
      diagnosisMethods.map((method) => [method, { ...results[method], from: origin + 150 * minute }]),
    );
    expect(diagnosisState(study, done(short))).toBe(
      '90 bars of 240, back to the newest hole or the first bar: 2024-08-08 15:30:00 to 16:59:00 UTC',
    );
  });

  it('compare the hedge methods, and call none what a method cannot say', () => {
    const [hedges] = testTables(study, done());
    expect(lines(hedges!)).toEqual([
      'OLS, this study | 20.12 | 0.51 | 2.10',
      'TLS | 20.12 | none | 2.10',
      'Huber | 20.12 | 0.51 | 2.10',
      'Theil–Sen | none: a constant price',
      'Kalman | 20.12 | 0.51 | 2.10',
      'Fixed | 1.000 | 0.51 | 2.10',
    ]);
    expect(hedges!.rows.filter(({ own }) => own)).toHaveLength(1);
  });

  it('tell both ways of Engle and Granger by their legs, and both ends of a table that ends', () => {
    const [, stationarity] = testTables(study, done());
    expect(lines(stationarity!)).toEqual([
      'Engle–Granger, BTC on ETH | −4.12 | −3.37 | 0.004 | cointegrated',
      'Engle–Granger, ETH on BTC | −2.50 | −3.37 | 0.280 | cointegration not shown',
      'ADF, uncorrected | −4.10 | −2.87 | <0.001 | stationary, uncorrected',
      'KPSS | 0.200 | 0.463 | ≥0.10 | stationarity not rejected',
      'Variance ratio, 8 bars | 0.61 | 1 | 0.016 | reverts',
    ]);
  });

  it('read each test by its own null hypothesis', () => {
    const says = (changes: Partial<Record<DiagnosisMethod, object>>) =>
      lines(testTables(study, done(changes))[1]!).map((line) => line.split(' | ').at(-1));
    const other = {
      cointegration: {
        ...results.cointegration,
        yOnX: { ...test(-4, 0.01), critical: null },
        cointegrated: { yOnX: null, xOnY: false },
      },
      adf: { ...results.adf, stat: -1 },
      kpss: { ...results.kpss, stat: 0.9, flags: ['p<=0.01'] },
      'variance-ratio': { ...results['variance-ratio'], ratio: 1.4, pValue: 0.01 },
    };
    expect(says(other)).toEqual([
      'no verdict',
      'cointegration not shown',
      'unit root not rejected',
      'not stationary',
      'trends',
    ]);
    expect(says({ adf: { ...results.adf, estimatedSpread: false } })[2]).toBe('stationary');
    const weak = { 'variance-ratio': { ...results['variance-ratio'], pValue: null } };
    expect(says(weak)[4]).toBe('random walk not rejected');
  });

  it('tell how the spread comes back, and where to turn after costs', () => {
    const [, , reversion] = testTables(study, done());
    expect(lines(reversion!)).toEqual([
      'Half-life | 12.3 bars (12 min), 95 % 8.1 to 16.5',
      'Long-run σ | 51.20 about 0.420',
      'Round trip costs | 24.10 of spread',
      "Bertram's thresholds | buy at −44.60, sell at 45.40 (±0.88 long-run σ)",
      'Expected cycle | 35.2 bars (35 min)',
    ]);
  });

  it('do not call a spread that overshoots within a bar one that never comes back', () => {
    const halfLife = (flags: string[]) =>
      lines(
        testTables(
          study,
          done({
            reversion: {
              ...results.reversion,
              halfLife: { halfLife: null, interval: null, flags },
              ornsteinUhlenbeck: { theta: null, stationaryDeviation: null },
              thresholds: null,
            },
          }),
        )[2]!,
      );
    expect(halfLife(['WithinOneRow'])[0]).toBe('Half-life | below one bar: it overshoots its mean');
    expect(halfLife(['NotMeanReverting'])).toEqual([
      'Half-life | none: the spread does not come back',
      'Long-run σ | none: the spread does not revert',
      'Round trip costs | 24.10 of spread',
      "Bertram's thresholds | none: the spread does not revert, or its moves never pay the costs",
    ]);
  });

  it('that fail say why in their own place, and the others stand', () => {
    const why = 'btc-eth-1m has 12 bars since the newest hole, and 30 are needed (request 7f)';
    const diagnosis = diagnosisFailed(done(), 'reversion', why);
    const [hedges, , reversion] = testTables(study, diagnosis);
    expect(reversion!.rows).toEqual([{ label: 'Reversion', says: why, fault: true }]);
    expect(hedges!.rows).toHaveLength(6);
    const all = diagnosisMethods.reduce((one, method) => diagnosisFailed(one, method, why), diagnosis);
    expect(diagnosisState(study, all)).toBe('nothing could be computed');
  });

  it('show no number out of an answer that is not of its form, nor of one that was cancelled', () => {
    for (const result of [null, {}, { ...results.kpss, stat: 'NaN' }]) {
      const { kpss } = diagnosisAfter(done(), 'kpss', answer('kpss', result)).parts;
      expect(kpss).toEqual({ state: 'failed', error: expect.stringContaining('not of the expected form') });
    }
    const cancelled = diagnosisAfter(done(), 'kpss', { job: 'j', method: 'kpss', state: 'cancelled' });
    expect(cancelled.parts.kpss).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('cancelled'),
    });
  });
});
