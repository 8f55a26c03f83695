import { InputError, type Series } from '../input-error.ts';
import { adfFault, longestLag } from '../unit-root/adf.ts';
import { type AdfFit, emptyAdfFit } from '../unit-root/adf-fit.ts';
import { fitAdf } from '../unit-root/adf-regression.ts';
import { type DeterministicTrend, trendTerms } from '../unit-root/deterministic-trend.ts';
import type { LagSelection } from '../unit-root/lag-selection.ts';
import { type CriticalValues, mackinnonCritical, mackinnonP } from '../unit-root/mackinnon.ts';
import { emptyLegs, fillLegs, type Leg, legFault, type PairLegs, regressLegs } from './pair-legs.ts';

/** Remarks on a cointegration test that stands but should be read with care. */
export type EngleGrangerFlag =
  /** Fewer than 100 rows: the test has little power. */
  | 'FewObservations'
  /** Fewer lags were compared than asked for, because the longest regressions would have fitted the noise. */
  | 'LagsCapped'
  /** The legs are one line but for a 1.5 millionth of the variance, as one coin on two venues is. */
  | 'NearCollinear';

/** How an Engle-Granger test is run. */
export interface EngleGrangerOptions {
  /** Deterministic terms of the cointegrating regression; a constant unless said otherwise. */
  trend?: DeterministicTrend;
  /** How the lags of the test on the residuals are chosen: `aic` unless said otherwise. */
  lagSelection?: LagSelection;
  /** The most lags compared; ceil(12 (n/100)^(1/4)) unless said otherwise. */
  maxLag?: number;
  /**
   * `statsmodels` answers what `coint` answers: a statistic of -Infinity and a p-value of 0 for nearly collinear
   * legs (without a trend, by an R2 about 0: for most pairs of prices), and no least number of rows.
   */
  compatibility?: 'statsmodels';
}

/** An Engle-Granger test of the null that two series are not cointegrated. */
export interface EngleGranger {
  n: number;
  dropped: number;
  flags: EngleGrangerFlag[];
  /** t statistic of the residuals' level: the more negative, the more the spread reverts. */
  stat: number;
  /** MacKinnon's (1994) p-value for two series. */
  pValue: number;
  /** Below these the null is rejected; null without a trend, for which the literature has none. */
  critical: CriticalValues | null;
  /** Lagged changes of the residuals in the regression. */
  lags: number;
  /** Rows of the regression on the residuals; 0 where it was not run. */
  rows: number;
  /** Constant of the cointegrating regression: 0 without one, null where the trend has more terms. */
  alpha: number | null;
  /** Units of the regressor that offset one unit of the dependent leg. */
  beta: number;
  /** Of the cointegrating regression, about the mean (about 0 without a constant). */
  rSquared: number;
}

/** Engle-Granger tests of a pair in both directions: the test is not symmetric. */
export interface EngleGrangerBoth {
  yOnX: EngleGranger;
  xOnY: EngleGranger;
  /** The dependent leg of the stronger test. */
  dependent: 'y' | 'x';
  /** Twice the smaller p-value, at most 1: what choosing the better of two tests costs. */
  pValue: number;
}

const legs: PairLegs = emptyLegs();
const fit: AdfFit = emptyAdfFit();
let residuals = new Float64Array(0);

/**
 * Engle-Granger test: y on x and deterministic terms, then a Dickey-Fuller test without terms on the residuals,
 * judged by the surface of two integrated series, because residuals of an estimated slope look more stationary
 * than they are.
 *
 * Rows with a missing (NaN) member are left out and counted. Raises `LengthMismatch`, `TooFewObservations`
 * (n < 30), `NonFinite`, `ConstantSeries`, `Collinear`, `PerfectFit` (the residuals are rounding noise) and
 * `InvalidParameter`. Engle and Granger (1987); MacKinnon (1994, 2010). Reference: statsmodels `coint`.
 */
export function engleGranger(y: Series, x: Series, options: EngleGrangerOptions = {}): EngleGranger {
  const test = prepare('engleGranger', y, x, options);
  return testResiduals(legs.y, legs.x, test);
}

/** The same in both directions, for little more than the cost of one. */
export function engleGrangerBoth(y: Series, x: Series, options: EngleGrangerOptions = {}): EngleGrangerBoth {
  const test = prepare('engleGrangerBoth', y, x, options);
  const yOnX = testResiduals(legs.y, legs.x, test);
  const xOnY = testResiduals(legs.x, legs.y, test);
  return {
    yOnX,
    xOnY,
    dependent: xOnY.stat < yOnX.stat ? 'x' : 'y',
    pValue: Math.min(1, 2 * Math.min(yOnX.pValue, xOnY.pValue)),
  };
}

/** A test about to be run on the module's legs. */
interface Preparation {
  method: string;
  trend: DeterministicTrend;
  terms: number;
  lagSelection: LagSelection;
  maxLag: number;
  capped: boolean;
  compatible: boolean;
}

function prepare(method: string, y: Series, x: Series, options: EngleGrangerOptions): Preparation {
  const { trend = 'c', lagSelection = 'aic', compatibility } = options;
  const terms = trendTerms(method, trend);
  fillLegs(method, y, x, terms, legs);
  const { n } = legs;
  const compatible = compatibility !== undefined;
  const least = compatible ? 12 : 30;
  if (n < least) {
    throw new InputError('TooFewObservations', `${method}: needs at least ${least} complete rows, got ${n}`);
  }
  for (const [name, leg] of [
    ['y', legs.y],
    ['x', legs.x],
  ] as const) {
    const code = legFault(leg);
    if (code === null) continue;
    const why = code === 'ConstantSeries' ? 'does not vary' : 'is nothing but its trend';
    throw new InputError(code, `${method}: ${name} ${why}, so it cannot be part of a pair`);
  }
  if (residuals.length < n) residuals = new Float64Array(2 * n);
  const longest = longestLag(method, n, 0, lagSelection, options.maxLag, compatible);
  return {
    method,
    trend,
    terms,
    lagSelection,
    maxLag: longest.lag,
    capped: longest.capped,
    compatible,
  };
}

/** 1 - R2 at which statsmodels gives up: 100 sqrt(epsilon). */
const COLLINEAR_REST = 100 * Math.sqrt(Number.EPSILON);

function testResiduals(dependent: Leg, regressor: Leg, test: Preparation): EngleGranger {
  const { n, dropped } = legs;
  const { method, trend, terms } = test;
  const { slope, ssr } = regressLegs(dependent, regressor, legs.cross, n, residuals);
  const rest = ssr / (terms > 0 ? dependent.centredSquares : dependent.wholeSquares);
  const flags: EngleGrangerFlag[] = [];
  if (n < 100) flags.push('FewObservations');
  if (test.capped) flags.push('LagsCapped');
  if (ssr <= COLLINEAR_REST * dependent.centredSquares) flags.push('NearCollinear');
  const beta = slope * 2 ** (dependent.exponent - regressor.exponent);
  if (!Number.isFinite(beta)) {
    throw new InputError('NonFinite', `${method}: the slope overflows; rescale one of the legs`);
  }
  const result: EngleGranger = {
    n,
    dropped,
    flags,
    stat: -Infinity,
    pValue: 0,
    critical: mackinnonCritical(trend, n - 1, 2),
    lags: 0,
    rows: 0,
    alpha: terms > 1 ? null : constantOf(dependent, regressor, slope),
    beta,
    rSquared: 1 - rest,
  };
  if (test.compatible && !(rest > COLLINEAR_REST)) return result;
  // Residuals no larger than the rounding of the prices that they come from.
  const rounding = 4 * Number.EPSILON * Math.max(dependent.largest, Math.abs(slope) * regressor.largest);
  if (ssr <= n * rounding * rounding) {
    throw new InputError(
      'PerfectFit',
      `${method}: one leg is a multiple of the other but for rounding; there is no spread to test`,
    );
  }
  const code = fitAdf(residuals, n, 0, test.lagSelection, test.maxLag, fit);
  if (code !== null) throw new InputError(code, `${method}: of the residuals, ${adfFault(code)}`);
  if (fit.cutShort && !test.capped) flags.push('LagsCapped');
  result.stat = fit.stat;
  result.pValue = mackinnonP(fit.stat, trend, 2);
  result.lags = fit.lags;
  result.rows = fit.rows;
  return result;
}

function constantOf(dependent: Leg, regressor: Leg, slope: number): number {
  const constant = (dependent.trend[0] as number) - slope * (regressor.trend[0] as number);
  return constant * 2 ** dependent.exponent;
}
