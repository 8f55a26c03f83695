import { intervalMs } from '@tandem/common';
import {
  adf,
  hurst,
  InputError,
  kpss,
  phillipsPerron,
  rescaledRange,
  type Series,
  varianceRatio,
} from '@tandem/stats';
import { align, type LegBars, newestStretch } from './leg-bars.ts';
import { type StudyBars, seriesOf } from './study-series.ts';

/** One series to test: of a study, or the closes of an instrument. */
export type SeriesOrder =
  | { readonly of: 'study'; readonly bars: StudyBars; readonly series: 'spread' | 'y' | 'x' }
  | {
      readonly of: 'instrument';
      readonly bars: LegBars;
      readonly interval: keyof typeof intervalMs;
      readonly scale: 'price' | 'log';
    };

interface TestOrder<Parameters> {
  readonly series: SeriesOrder;
  readonly parameters: Parameters;
}

/** The series, with the range of time that it spans. */
function valuesOf(order: SeriesOrder): { values: Float64Array; from: number; to: number; what: string } {
  if (order.of === 'study') {
    const { times, dropped: _, ...all } = seriesOf(order.bars);
    const values = all[order.series];
    return { values, ...spanOf(times, values.length), what: `${order.series} of ${order.bars.study.id}` };
  }
  const { times, closes } = newestStretch(align([order.bars], intervalMs[order.interval]));
  const values = closes[0] as Float64Array;
  if (values.length === 0) {
    throw new InputError('TooFewObservations', `${order.bars.instrument} has no bars that can be used`);
  }
  return {
    values: order.scale === 'log' ? values.map(Math.log) : values,
    ...spanOf(times, values.length),
    what: `${order.scale === 'log' ? 'log closes' : 'closes'} of ${order.bars.instrument}`,
  };
}

/** First and last bar of the newest `n`. */
export function spanOf(times: Float64Array, n: number): { from: number; to: number } {
  return { from: times[times.length - n] ?? 0, to: times.at(-1) ?? 0 };
}

/** A test on one series, its result beside what it was run on. */
function testOf<Parameters>(test: (values: Series, parameters: Parameters) => object) {
  return (input: unknown): object => {
    const { series, parameters } = input as TestOrder<Parameters>;
    const { values, ...rest } = valuesOf(series);
    // The spread's hedge ratio was estimated from the same bars.
    const estimated = series.of === 'study' && series.series === 'spread';
    return { ...rest, estimatedSpread: estimated, ...test(values, parameters) };
  };
}

export const testsOfSeries = {
  adf: testOf(adf),
  kpss: testOf(kpss),
  'phillips-perron': testOf(phillipsPerron),
  'variance-ratio': testOf(varianceRatio),
  hurst: testOf((values) => ({
    lagged: hurst(values),
    rescaledRange: values.length < 66 ? null : rescaledRange(values),
  })),
};
