import { adf, engleGrangerBoth, johansen, kpss } from '@tandem/stats';
import type { Contest } from './contest.ts';
import type { Series } from './series.ts';

export function unitRoot({ spread, starts }: Series, length: number, peer: string): Contest {
  const spreads = windowsOf(spread, starts, length);
  return {
    work: `ADF, lags by AIC, n = ${length}`,
    ours: { name: 'adf', pass: () => sumOf(spreads, (one) => adf(one).stat) },
    items: starts.length,
    rivals: [
      {
        name: 'statsmodels adfuller',
        peer,
        items: starts.length,
        numbers: () =>
          spreads.flatMap((one) => {
            const { stat, pValue, lags } = adf(one);
            return [stat, pValue, lags];
          }),
        aim: 30,
      },
    ],
  };
}

export function stationarity({ spread, starts, window }: Series): Contest {
  const spreads = windowsOf(spread, starts, window);
  return {
    work: `KPSS, lags by itself, n = ${window}`,
    ours: { name: 'kpss', pass: () => sumOf(spreads, (one) => kpss(one).stat) },
    items: starts.length,
    rivals: [
      {
        name: 'statsmodels kpss',
        peer: 'kpss',
        items: starts.length,
        numbers: () =>
          spreads.flatMap((one) => {
            const { stat, pValue, lags } = kpss(one);
            return [stat, pValue, lags];
          }),
      },
    ],
  };
}

export function cointegration({ y, x, starts, window }: Series): Contest {
  const [ys, xs] = [windowsOf(y, starts, window), windowsOf(x, starts, window)];
  return {
    work: `Engle–Granger both ways, n = ${window}`,
    ours: {
      name: 'engleGrangerBoth',
      pass: () => sumOf(ys, (one, index) => engleGrangerBoth(one, xs[index]!).pValue),
    },
    items: starts.length,
    rivals: [
      {
        name: 'statsmodels coint, twice',
        peer: 'coint',
        items: starts.length,
        numbers: () =>
          ys.flatMap((one, index) => {
            const { yOnX, xOnY } = engleGrangerBoth(one, xs[index]!);
            return [yOnX.stat, yOnX.pValue, xOnY.stat, xOnY.pValue];
          }),
        aim: 30,
      },
    ],
  };
}

export function manyRelations({ y, x, starts, window }: Series): Contest {
  const [ys, xs] = [windowsOf(y, starts, window), windowsOf(x, starts, window)];
  return {
    work: `Johansen, two legs, n = ${window}`,
    ours: {
      name: 'johansen',
      pass: () => sumOf(ys, (one, index) => johansen([one, xs[index]!]).trace[0]!),
    },
    items: starts.length,
    rivals: [
      {
        name: 'statsmodels coint_johansen',
        peer: 'coint_johansen',
        items: starts.length,
        numbers: () =>
          ys.flatMap((one, index) => {
            const { eigenvalues, trace, maxEigenvalue } = johansen([one, xs[index]!]);
            return [...eigenvalues, ...trace, ...maxEigenvalue];
          }),
      },
    ],
  };
}

function windowsOf(series: Float64Array, starts: readonly number[], length: number): Float64Array[] {
  return starts.map((start) => series.subarray(start, start + length));
}

function sumOf(
  windows: readonly Float64Array[],
  of: (window: Float64Array, index: number) => number,
): number {
  return windows.reduce((sum, window, index) => sum + of(window, index), 0);
}
