import type { AnalysisMethod, AnalysisParameters, Instrument, Interval, Study } from '@tandem/common';
import type { Store } from '@tandem/runtime';
import type { CoreBar } from '../core/analytics-core.ts';
import { furthest } from '../core/reach.ts';
import type { LegBars } from './computations/leg-bars.ts';
import type { StudyBars } from './computations/study-series.ts';
import type { SeriesOrder } from './computations/tests-of-series.ts';
import { type BarRange, columnsOf, readBars, readTicks } from './load-bars.ts';

/** What orders are made from. */
export interface Library {
  readonly store: Store;
  readonly dataset: string;
  readonly studies: readonly Study[];
  /** The instruments that are watched. */
  readonly instruments: readonly Instrument[];
}

/** What was asked for cannot be computed here, in one sentence. */
export class OrderRefused extends Error {
  override name = 'OrderRefused';
}

type Orders = {
  readonly [Method in AnalysisMethod]: (
    parameters: AnalysisParameters<Method>,
    library: Library,
  ) => Promise<object>;
};

/** Reads what a computation needs from the store: the input of each method. */
export const orders: Orders = {
  adf: async ({ trend, lagSelection, maxLag, ...of }, library) =>
    testOrder(of, library, { trend, lagSelection, ...given({ maxLag }) }),
  kpss: async ({ trend, ...of }, library) => testOrder(of, library, { trend }),
  'phillips-perron': async ({ trend, statistic, ...of }, library) =>
    testOrder(of, library, { trend, statistic }),
  'variance-ratio': async ({ q, robust, ...of }, library) => testOrder(of, library, { q, robust }),
  hurst: async (of, library) => testOrder(of, library, {}),
  reversion: async (of, library) => ({ bars: await studyBars(of, library) }),
  cointegration: async ({ trend, lagSelection, maxLag, ...of }, library) => ({
    bars: await studyBars(of, library),
    options: { trend, lagSelection, ...given({ maxLag }) },
  }),
  'hedge-ratios': async (of, library) => ({ bars: await studyBars(of, library) }),
  'lead-lag': async ({ maxLag, minutes, ...of }, library) => {
    const study = studyOf(of.study, library);
    const bars = await studyBars(of, library);
    const to = of.to ?? Math.max(newestOf(bars.y), newestOf(bars.x)) + 60_000;
    const ticks = (leg: Instrument) =>
      readTicks(library.store, library.dataset, leg, to - minutes * 60_000, to);
    return { bars, maxLag, ticks: { y: await ticks(study.y), x: await ticks(study.x) } };
  },
  johansen: async ({ lags, ...of }, library) => ({ ...(await marketOrder(of, library)), lags }),
  'correlation-matrix': async ({ shrinkage, ...of }, library) => ({
    ...(await marketOrder(of, library)),
    shrinkage,
  }),
  statistics: (of, library) => marketOrder(of, library),
  liquidity: async ({ minutes, leastTrades, leastVolume, mostEmpty, ...of }, library) => ({
    ...(await marketOrder({ ...of, interval: '1m', bars: minutes }, library)),
    leastTrades,
    leastVolume,
    mostEmpty,
  }),
  'what-if': async ({ study: id, bars: rows, to, ...changes }, library) => {
    const study = changed(studyOf(id, library), changes);
    // Two windows more than the numbers need: what is handed on from row to row has to settle.
    const bars = rows + furthest(study) + 2 * study.window;
    const range = { dataset: library.dataset, interval: study.interval, bars, to };
    const legs = [
      await readBars(library.store, study.y, range),
      await readBars(library.store, study.x, range),
    ];
    return { study, rows, bars: legs.flat().map(slim) };
  },
};

function studyOf(id: string, { studies }: Library): Study {
  const study = studies.find((one) => one.id === id);
  if (study !== undefined) return study;
  const known = studies.map((one) => one.id).join(', ');
  throw new OrderRefused(`there is no study "${id}"; there are ${known || 'none'}`);
}

async function studyBars(
  { study: id, bars, to }: { study: string; bars?: number | undefined; to?: number | undefined },
  { store, dataset, studies, instruments }: Library,
): Promise<StudyBars> {
  const study = studyOf(id, { store, dataset, studies, instruments });
  const range: BarRange = { dataset, interval: study.interval, bars: bars ?? study.window, to };
  return {
    study,
    y: columnsOf(study.y, await readBars(store, study.y, range)),
    x: columnsOf(study.x, await readBars(store, study.x, range)),
  };
}

async function testOrder(
  of: {
    study?: string | undefined;
    series: 'spread' | 'y' | 'x';
    instrument?: Instrument | undefined;
    interval: Interval;
    scale: 'price' | 'log';
    bars?: number | undefined;
    to?: number | undefined;
  },
  library: Library,
  parameters: object,
): Promise<{ series: SeriesOrder; parameters: object }> {
  const { study, instrument, interval, scale, bars, to } = of;
  if ((study === undefined) === (instrument === undefined)) {
    throw new OrderRefused('name either a study or an instrument, not both');
  }
  if (study !== undefined) {
    const legs = await studyBars({ study, bars, to }, library);
    return { series: { of: 'study', bars: legs, series: of.series }, parameters };
  }
  const range = { dataset: library.dataset, interval, bars: bars ?? 240, to };
  const found = await readBars(library.store, instrument as Instrument, range);
  return {
    series: { of: 'instrument', bars: columnsOf(instrument as Instrument, found), interval, scale },
    parameters,
  };
}

async function marketOrder(
  of: {
    instruments?: readonly Instrument[] | undefined;
    interval: Interval;
    bars: number;
    to?: number | undefined;
  },
  { store, dataset, instruments }: Library,
): Promise<{ legs: LegBars[]; interval: Interval }> {
  const wanted = of.instruments ?? instruments;
  if (new Set(wanted).size !== wanted.length) throw new OrderRefused('an instrument is named twice');
  const legs: LegBars[] = [];
  for (const instrument of wanted) {
    const bars = await readBars(store, instrument, {
      dataset,
      interval: of.interval,
      bars: of.bars,
      to: of.to,
    });
    if (bars.length === 0) throw new OrderRefused(`there are no ${of.interval} bars of ${instrument}`);
    legs.push(columnsOf(instrument, bars));
  }
  return { legs, interval: of.interval };
}

function changed(study: Study, changes: Omit<AnalysisParameters<'what-if'>, 'study' | 'bars' | 'to'>): Study {
  const { window, method, scale, beta, shortEntry, longEntry, exit, stop } = changes;
  return {
    ...study,
    ...given({ window, method, scale, beta }),
    thresholds: { ...study.thresholds, ...given({ shortEntry, longEntry, exit, stop }) },
  };
}

/** Without what is undefined. */
function given<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function newestOf({ times }: LegBars): number {
  return times.at(-1) ?? 0;
}

function slim({ venue, symbol, interval, time, close, complete, gap, revision, trades }: CoreBar): CoreBar {
  return { venue, symbol, interval, time, close, complete, gap, revision, trades };
}
