import type { Absence, Metric, Study } from '@tandem/common';
import { adf, engleGrangerBoth, halfLife, InputError, kpss, varianceRatio } from '@tandem/stats';
import type { BarHistory } from './bar-history.ts';

/** Metrics that rest on tests of the whole window. */
export const testedMetrics = [
  'cointegrationT',
  'cointegrationP',
  'cointegrationReverseP',
  'adfP',
  'halfLife',
  'halfLifeLow',
  'halfLifeHigh',
  'varianceRatio',
] as const satisfies readonly Metric[];
export type TestedMetric = (typeof testedMetrics)[number];

/** What the tests of one window say. */
export interface WindowTests {
  readonly numbers: Readonly<Record<TestedMetric, number | null>>;
  readonly absent: Readonly<Partial<Record<TestedMetric, Absence>>>;
  /** Engle-Granger beyond its 5 % critical value; null where it was not run. */
  readonly cointegrated: boolean | null;
  /** p of KPSS on the spread (clipped by its table), and of the variance ratio. */
  readonly kpssP: number | null;
  readonly varianceRatioP: number | null;
}

/** Holding period of the variance ratio, bars. */
const holding = 8;
const leastRows = 30;
const minute = 60_000;

/** Rows without a hole that the tests of a window need: half of it, and what Engle-Granger needs. */
export function leastTested({ window }: Pick<Study, 'window'>): number {
  return Math.max(leastRows, Math.ceil(window / 2));
}

/** Whether the bar that closes now is one after which the tests are run: each from 1m up, the last of each minute below. */
export function isTestedBar(time: number, step: number): boolean {
  return step >= minute || (time + step) % minute === 0;
}

/**
 * Runs the tests on the newest stretch without a hole of the window that ends at `slot`: Engle-Granger both ways,
 * ADF on the spread, half-life, variance ratio. `line` is the hedge that the spread is about.
 */
export function testWindow(
  study: Study,
  y: BarHistory,
  x: BarHistory,
  slot: number,
  line: { readonly alpha: number; readonly beta: number },
  scratch: { y: Float64Array; x: Float64Array; spread: Float64Array },
): WindowTests {
  const n = gather(study, y, x, slot, line, scratch);
  const need = leastTested(study);
  const numbers: Record<TestedMetric, number | null> = blank();
  const absent: Partial<Record<TestedMetric, Absence>> = {};
  const result = { numbers, absent, cointegrated: null, kpssP: null, varianceRatioP: null };
  if (n < need) {
    const reason = need > study.window ? 'not-offered' : 'gap';
    for (const metric of testedMetrics) absent[metric] = { reason, have: n, need };
    return result;
  }
  const [ys, xs, spread] = [scratch.y, scratch.x, scratch.spread].map((all) => all.subarray(0, n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const attempt = <Answer>(metrics: readonly TestedMetric[], run: () => Answer): Answer | undefined => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const constant = ['ConstantSeries', 'Collinear', 'PerfectFit'].includes(error.code);
      for (const metric of metrics) {
        absent[metric] = { reason: constant ? 'constant' : 'undefined', have: n, need };
      }
      return undefined;
    }
  };
  const pair = attempt(['cointegrationT', 'cointegrationP', 'cointegrationReverseP'], () =>
    engleGrangerBoth(ys, xs),
  );
  if (pair !== undefined) {
    numbers.cointegrationT = pair.yOnX.stat;
    numbers.cointegrationP = pair.yOnX.pValue;
    numbers.cointegrationReverseP = pair.xOnY.pValue;
  }
  numbers.adfP = attempt(['adfP'], () => adf(spread).pValue) ?? null;
  const reversion = attempt(['halfLife', 'halfLifeLow', 'halfLifeHigh'], () => halfLife(spread));
  if (reversion?.halfLife != null && reversion.interval !== null) {
    numbers.halfLife = reversion.halfLife;
    [numbers.halfLifeLow, numbers.halfLifeHigh] = reversion.interval;
  } else if (reversion !== undefined) {
    for (const metric of ['halfLife', 'halfLifeLow', 'halfLifeHigh'] as const) {
      const within = reversion.flags.includes('WithinOneRow');
      absent[metric] = { reason: within ? 'within-bar' : 'no-reversion', have: n, need };
    }
  }
  const ratio = attempt(['varianceRatio'], () => varianceRatio(spread, { q: holding }));
  numbers.varianceRatio = ratio?.ratio ?? null;
  const level = attempt([], () => kpss(spread));
  return {
    ...result,
    cointegrated: pair?.yOnX.critical == null ? null : pair.yOnX.stat < pair.yOnX.critical['5%'],
    kpssP: level?.pValue ?? null,
    varianceRatioP: ratio?.pValue ?? null,
  };
}

/** Copies the newest usable bars before a hole, at most a window of them, and returns how many there are. */
function gather(
  { window, scale }: Study,
  y: BarHistory,
  x: BarHistory,
  slot: number,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
  scratch: { y: Float64Array; x: Float64Array; spread: Float64Array },
): number {
  let n = 0;
  while (n < window && y.isUsable(slot - n) && x.isUsable(slot - n)) n++;
  const [ys, xs] = scale === 'log' ? [y.logs, x.logs] : [y.closes, x.closes];
  for (let k = 0; k < n; k++) {
    const at = slot - n + 1 + k;
    scratch.y[k] = ys[at % y.capacity] as number;
    scratch.x[k] = xs[at % x.capacity] as number;
    scratch.spread[k] = (scratch.y[k] as number) - alpha - beta * (scratch.x[k] as number);
  }
  return n;
}

function blank(): Record<TestedMetric, number | null> {
  return Object.fromEntries(testedMetrics.map((metric) => [metric, null])) as Record<
    TestedMetric,
    number | null
  >;
}
