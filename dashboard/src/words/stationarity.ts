import type { Study } from '@tandem/common';
import type { DiagnosisResult } from '../state/diagnosis-results.ts';
import { fixed, probability } from './format.ts';
import { assetName } from './legs.ts';
import type { TestRow } from './test-table.ts';

/** Engle and Granger both ways, told by the names of the legs. */
export function pairRows(
  study: Study,
  { yOnX, xOnY, cointegrated }: DiagnosisResult<'cointegration'>,
): TestRow[] {
  const y = assetName(study.y);
  const x = assetName(study.x);
  const row = (label: string, test: typeof yOnX, verdict: boolean | null): TestRow => ({
    label: `Engle–Granger, ${label}`,
    title: `${test.n} bars, ${test.lags} lags by AIC; null hypothesis: not cointegrated`,
    cells: [
      fixed(test.stat, 2),
      fixed(test.critical?.['5%'], 2),
      probability(test.pValue),
      verdict === null ? 'no verdict' : verdict ? 'cointegrated' : 'cointegration not shown',
    ],
  });
  return [row(`${y} on ${x}`, yOnX, cointegrated.yOnX), row(`${x} on ${y}`, xOnY, cointegrated.xOnY)];
}

/** ADF of the spread, which says of itself that the spread was fitted. */
export function adfRow({
  stat,
  critical,
  pValue,
  lags,
  n,
  estimatedSpread,
}: DiagnosisResult<'adf'>): TestRow[] {
  const rejected = stat !== null && stat < critical['5%'];
  return [
    {
      label: estimatedSpread ? 'ADF, uncorrected' : 'ADF',
      title: `${n} bars, ${lags} lags by AIC; null hypothesis: a unit root`,
      cells: [
        fixed(stat, 2),
        fixed(critical['5%'], 2),
        probability(pValue),
        rejected ? (estimatedSpread ? 'stationary, uncorrected' : 'stationary') : 'unit root not rejected',
      ],
    },
  ];
}

/** KPSS, whose null hypothesis is the opposite of the others. */
export function kpssRow({ stat, critical, pValue, lags, n, flags }: DiagnosisResult<'kpss'>): TestRow[] {
  // The table of this test ends at both sides.
  const side = flags.includes('p<=0.01') ? '≤' : flags.includes('p>=0.10') ? '≥' : '';
  return [
    {
      label: 'KPSS',
      title: `${n} bars, ${lags} lags; null hypothesis: stationary`,
      cells: [
        fixed(stat, 3),
        fixed(critical['5%'], 3),
        side === '' ? probability(pValue) : `${side}${fixed(pValue, 2)}`,
        stat !== null && stat > critical['5%'] ? 'not stationary' : 'stationarity not rejected',
      ],
    },
  ];
}

/** The variance ratio: whether the spread moves less than a random walk would. */
export function ratioRow({ ratio, pValue, n, q }: DiagnosisResult<'variance-ratio'>): TestRow[] {
  const rejected = pValue !== null && pValue < 0.05;
  return [
    {
      label: `Variance ratio, ${q} bars`,
      title: `${n} bars; null hypothesis: a random walk, of which the ratio is 1; below 1 it reverts`,
      cells: [
        fixed(ratio, 2),
        '1',
        probability(pValue),
        rejected && ratio !== null ? (ratio < 1 ? 'reverts' : 'trends') : 'random walk not rejected',
      ],
    },
  ];
}
