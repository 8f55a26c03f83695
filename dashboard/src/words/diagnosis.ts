import { type HedgeMethod, hedgeMethods, intervalMs, type Study } from '@tandem/common';
import { type Diagnosis, type Part, progressOf } from '../state/diagnosis.ts';
import type { DiagnosisMethod, DiagnosisResult, HedgeResult } from '../state/diagnosis-results.ts';
import { barCount, clock, duration, fixed, moment, significant } from './format.ts';
import { assetName } from './legs.ts';
import { adfRow, kpssRow, pairRows, ratioRow } from './stationarity.ts';
import type { TestRow, TestTable } from './test-table.ts';

/** The tables of the tests of a study, each as far as it is computed. */
export function testTables(study: Study, { parts }: Diagnosis): TestTable[] {
  return [
    {
      name: 'Hedge methods',
      columns: ['Method', 'β', '± error', 'z'],
      rows: rowsOf('All methods', parts['hedge-ratios'], (result) => hedgeRows(study, result)),
      note: "On the same bars. z is the last bar's, each about its own line.",
    },
    {
      name: 'Stationarity',
      columns: ['Test', 'Statistic', '5 % critical', 'p', 'Says'],
      rows: [
        ...rowsOf('Engle–Granger', parts.cointegration, (result) => pairRows(study, result)),
        ...rowsOf('ADF', parts.adf, adfRow),
        ...rowsOf('KPSS', parts.kpss, kpssRow),
        ...rowsOf('Variance ratio', parts['variance-ratio'], ratioRow),
      ],
      note: 'Uncorrected: the spread was fitted to the same bars, so its ADF p is too small; Engle–Granger allows for that.',
    },
    {
      name: 'Reversion',
      columns: ['What', 'Value'],
      rows: rowsOf('Reversion', parts.reversion, (result) => reversionRows(study, result)),
      note: `Costs of the study: ${fixed(study.costs.feeBps, 1)} bps fee and ${fixed(study.costs.slippageBps, 1)} bps slippage a fill. The spread is in ${study.scale === 'log' ? 'log' : 'price'} units of ${assetName(study.y)}.`,
    },
  ];
}

/** How far the tests are, or on which bars they stand: all need a stretch without a hole, which may be short. */
export function diagnosisState(study: Study, diagnosis: Diagnosis): string {
  const { ended, of, share } = progressOf(diagnosis);
  if (ended < of) return `computing: ${ended} of ${of} done, ${Math.floor(100 * share)} %`;
  const spans = Object.values(diagnosis.parts).flatMap((part) =>
    part.state === 'done' ? [part.result] : [],
  );
  if (spans.length === 0) return 'nothing could be computed';
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  const sameDay = moment(from).slice(0, 10) === moment(to).slice(0, 10);
  const bars = Math.round((to - from) / intervalMs[study.interval]) + 1;
  const short = bars < study.window ? ` of ${study.window}, back to the newest hole or the first bar` : '';
  return `${bars} bars${short}: ${moment(from)} to ${sameDay ? clock(to) : moment(to)} UTC`;
}

function rowsOf<Method extends DiagnosisMethod>(
  label: string,
  part: Part<Method>,
  rows: (result: DiagnosisResult<Method>) => TestRow[],
): TestRow[] {
  if (part.state === 'done') return rows(part.result);
  if (part.state === 'failed') return [{ label, says: part.error, fault: true }];
  const says = part.state === 'asking' ? 'asked for …' : `computing, ${Math.floor(100 * part.progress)} % …`;
  return [{ label, says, fault: false }];
}

const faults: Record<string, string> = {
  ConstantSeries: 'none: a constant price',
  Collinear: 'none: the legs are one line',
  PerfectFit: 'none: the legs are one line',
  TooFewObservations: 'none: too few bars',
};

const methodNames: Record<HedgeMethod, string> = {
  ols: 'OLS',
  tls: 'TLS',
  huber: 'Huber',
  'theil-sen': 'Theil–Sen',
  kalman: 'Kalman',
  fixed: 'Fixed',
};

function hedgeRows(study: Study, { methods }: DiagnosisResult<'hedge-ratios'>): TestRow[] {
  return hedgeMethods.map((method) => {
    const found: HedgeResult | undefined = methods[method];
    const own = method === study.method;
    const label = `${methodNames[method]}${own ? ', this study' : ''}`;
    if (found === undefined) return { label, own, says: 'none: not computed', fault: false };
    if (found.fault !== null) {
      return { label, own, says: faults[found.fault] ?? `none: ${found.fault}`, fault: false };
    }
    const error = found.betaError === null ? 'none' : significant(found.betaError, 2);
    return { label, own, cells: [significant(found.beta, 4), error, fixed(found.z, 2)] };
  });
}

function reversionRows(study: Study, result: DiagnosisResult<'reversion'>): TestRow[] {
  const { halfLife, ornsteinUhlenbeck: process, thresholds, roundTripCost } = result;
  const length = intervalMs[study.interval];
  const rows: TestRow[] = [
    { label: 'Half-life', cells: [halfLifeWords(halfLife, length)] },
    {
      label: 'Long-run σ',
      cells: [
        process.stationaryDeviation === null
          ? 'none: the spread does not revert'
          : `${significant(process.stationaryDeviation, 4)} about ${significant(process.theta, 3)}`,
      ],
    },
    { label: 'Round trip costs', cells: [`${significant(roundTripCost, 4)} of spread`] },
  ];
  if (thresholds === null) {
    const says = 'none: the spread does not revert, or its moves never pay the costs';
    return [...rows, { label: "Bertram's thresholds", says, fault: false }];
  }
  const { enter, exit, z, expectedCycle } = thresholds;
  return [
    ...rows,
    {
      label: "Bertram's thresholds",
      title:
        'Where to turn for the most profit per time: Bertram (2010), of the fitted process at these costs',
      cells: [
        `buy at ${significant(enter, 4)}, sell at ${significant(exit, 4)} (±${fixed(z, 2)} long-run σ)`,
      ],
    },
    {
      label: 'Expected cycle',
      cells: [`${barCount(expectedCycle)} bars (${duration(expectedCycle * length)})`],
    },
  ];
}

function halfLifeWords(
  { halfLife, interval, flags }: DiagnosisResult<'reversion'>['halfLife'],
  length: number,
): string {
  if (halfLife !== null) {
    const range = interval === null ? '' : `, 95 % ${barCount(interval[0])} to ${barCount(interval[1])}`;
    return `${barCount(halfLife)} bars (${duration(halfLife * length)})${range}`;
  }
  return flags.includes('WithinOneRow')
    ? 'below one bar: it overshoots its mean'
    : 'none: the spread does not come back';
}
