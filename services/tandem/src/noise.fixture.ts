import { byStudy, compileRule, evaluateRows, newWatch } from '@tandem/alerter';
import { AnalyticsCore } from '@tandem/analytics';
import {
  type Analytics,
  defaultCosts,
  defaultThresholds,
  intervalMs,
  type Rule,
  type Study,
} from '@tandem/common';

/** Two prices that walk at random. */
export interface Noise {
  readonly seed: number;
  /** Bars with a row of known z. */
  readonly bars: number;
  /** Correlation of the legs' returns; 0: they have nothing to do with each other. */
  readonly correlation: number;
  readonly study: Pick<Study, 'interval' | 'window'>;
}

/** Deviation of a leg's log return per bar: about that of a large coin in a minute. */
const volatility = 5e-4;
/** 2024-08-08 00:00 UTC: an open time of every interval. */
const start = 1_723_075_200_000;
const chunk = 1_000;

/** The rows that the analytics service makes of such a market, in chunks. */
export function* noiseRows({
  seed,
  bars,
  correlation,
  study: { interval, window },
}: Noise): Generator<Analytics[]> {
  const study: Study = {
    id: `a-b-${interval}`,
    y: 'sim:AAA',
    x: 'sim:BBB',
    interval,
    window,
    method: 'ols',
    scale: 'price',
    thresholds: defaultThresholds,
    costs: defaultCosts,
    correlation: 0.5,
  };
  const core = new AnalyticsCore('live', [study]);
  const [state] = core.studies;
  if (state === undefined) return;
  const noise = normal(seed);
  const step = intervalMs[interval];
  const own = Math.sqrt(1 - correlation * correlation);
  const track = core.track(state, start / step, []);
  let [y, x] = [Math.log(60_000), Math.log(3_000)];
  for (let index = 0; index < bars + window - 1; index++) {
    const common = noise();
    x += volatility * common;
    y += volatility * (correlation * common + own * noise());
    for (const [symbol, level] of [
      ['AAA', y],
      ['BBB', x],
    ] as const) {
      core.apply({
        venue: 'sim',
        symbol,
        interval,
        time: start + index * step,
        close: Math.exp(level),
        complete: true,
        gap: false,
        revision: 1,
        trades: 1,
      });
    }
    if (index % chunk !== chunk - 1 && index !== bars + window - 2) continue;
    yield track.rows(start / step + index).filter(({ z }) => z !== null);
  }
}

/** How often each rule fires, and would have but for what forbids to enter, on markets of the seeds given. */
export function falseAlarms(
  rules: readonly Rule[],
  noise: Omit<Noise, 'seed'>,
  seeds: readonly number[],
): { bars: number; firings: number[]; inhibited: number[] } {
  let bars = 0;
  const firings = rules.map(() => 0);
  const inhibited = rules.map(() => 0);
  for (const seed of seeds) {
    const { interval } = noise.study;
    const study = { id: `a-b-${interval}`, interval };
    const watches = rules.map((rule) => newWatch(compileRule(rule), study, intervalMs[interval], -1));
    for (const rows of noiseRows({ ...noise, seed })) {
      bars += rows.length;
      const { findings, commit } = evaluateRows(byStudy(watches), rows);
      commit();
      for (const { watch, change } of findings) {
        const counts = change.transition === 'firing' ? firings : inhibited;
        if (change.transition === 'resolved') continue;
        counts[watches.indexOf(watch)] = (counts[watches.indexOf(watch)] ?? 0) + 1;
      }
    }
  }
  return { bars, firings, inhibited };
}

/** Standard normal noise, the same for the same seed. */
function normal(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
