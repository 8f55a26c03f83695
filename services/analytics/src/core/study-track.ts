import { type Absence, type Analytics, blankAnalytics, metrics, type Study } from '@tandem/common';
import { emptyRiskMetrics, type RiskMetricsState, RollingMoments, riskMetricsStep } from '@tandem/stats';
import type { BarHistory } from './bar-history.ts';
import { type HedgeState, notOffered } from './hedge/hedge-of.ts';
import { KalmanFilterHedge } from './hedge/kalman.ts';
import { feedFrom, hourOf, leastOf } from './reach.ts';
import { SlidingTerciles } from './sliding-terciles.ts';
import { judge, noVerdicts, type VerdictState, waitThrough } from './verdicts.ts';
import { WindowFeed } from './window-feed.ts';
import { isDistinct, measureWindow } from './window-row.ts';
import { isTestedBar, testedMetrics, testWindow, type WindowTests } from './window-tests.ts';

/** Rows that a volatility is judged by, and a hedge ratio's steadiness, at the least. */
const leastPast = 30;
/** Changes that an exponentially weighted volatility stands on, at the least. */
const leastWeighted = 20;

/** What no window knows and a row hands on to the next. */
interface Carry {
  readonly hedge?: HedgeState;
  readonly weighted: RiskMetricsState;
  readonly verdicts: VerdictState;
}

const nothing: Carry = { weighted: emptyRiskMetrics, verdicts: noVerdicts };

/**
 * The rows of one study, bar after bar.
 *
 * A row is a function of the bars up to its own and of the row before it, and of nothing else: live, after a restart
 * and in a replay the numbers are the same to the last bit, and no later bar can change them.
 */
export class StudyTrack {
  readonly #dataset: string;
  readonly #study: Study;
  readonly #y: BarHistory;
  readonly #x: BarHistory;
  readonly #feed: WindowFeed;
  readonly #volatilities: SlidingTerciles;
  readonly #betas: RollingMoments;
  readonly #scratch: { y: Float64Array; x: Float64Array; spread: Float64Array };
  #previous: Analytics | undefined;
  #carry: Carry;

  /** Stands before slot `from`. `past`: the rows before it, ascending, as many as `pastOf` says. */
  constructor(
    dataset: string,
    study: Study,
    y: BarHistory,
    x: BarHistory,
    from: number,
    past: readonly Analytics[],
  ) {
    const { window } = study;
    this.#dataset = dataset;
    this.#study = study;
    this.#y = y;
    this.#x = x;
    this.#previous = past.at(-1);
    this.#carry = (this.#previous?.carry as Carry | null | undefined) ?? nothing;
    this.#feed = new WindowFeed(study, y, x, from, this.#carry.hedge);
    this.#volatilities = new SlidingTerciles(window, leastPast);
    // A row is judged by the rows before it: what matters is the window that ends there.
    const first = Math.max(0, feedFrom(from - 1, window));
    this.#betas = new RollingMoments(window, first, { minPeriods: Math.min(leastPast, window) });
    this.#scratch = {
      y: new Float64Array(window),
      x: new Float64Array(window),
      spread: new Float64Array(window),
    };
    const bySlot = new Map(past.map((row) => [row.time / y.step, row]));
    for (let slot = first; slot < from; slot++) {
      const row = bySlot.get(slot);
      this.#volatilities.push(row?.spreadVolatility ?? Number.NaN);
      this.#betas.push(row?.beta ?? Number.NaN);
    }
  }

  /** Slot of the next row. */
  get next(): number {
    return this.#feed.next;
  }

  /** The rows up to slot `to`: one for each bar time of which both legs have a version. */
  rows(to: number): Analytics[] {
    const rows: Analytics[] = [];
    while (this.next <= to) {
      const slot = this.next;
      this.#feed.push();
      const row = this.#y.knows(slot) && this.#x.knows(slot) ? this.#row(slot) : undefined;
      this.#volatilities.push(row?.spreadVolatility ?? Number.NaN);
      this.#betas.push(row?.beta ?? Number.NaN);
      if (row === undefined) continue;
      this.#previous = row;
      rows.push(row);
    }
    return rows;
  }

  #row(slot: number): Analytics {
    const feed = this.#feed;
    const { window, id } = this.#study;
    const row = blankAnalytics(this.#dataset, id, slot * this.#y.step);
    row.n = feed.n;
    row.dropped = window - feed.n;
    row.yClose = known(this.#y.closes[slot % this.#y.capacity]);
    row.xClose = known(this.#x.closes[slot % this.#x.capacity]);
    const since = Math.max(this.#y.first, this.#x.first);
    const least = leastOf(window);
    const usable = this.#y.isUsable(slot) && this.#x.isUsable(slot);
    if (usable && slot - window + 1 < since) {
      this.#silence(row, 'warming', { reason: 'warming', have: slot - since + 1, need: window });
    } else if (!usable || feed.n < least) {
      this.#silence(row, 'gap', { reason: 'gap', have: feed.n, need: least });
    } else {
      this.#measure(row, slot);
    }
    row.carry = this.#carry as unknown as Record<string, unknown>;
    return row;
  }

  /** A row of which nothing can be said; what is handed on waits. */
  #silence(row: Analytics, state: 'warming' | 'gap', why: Absence): void {
    row.state = state;
    for (const metric of metrics) row.absent[metric] = why;
    const hour = hourOf(this.#study.interval);
    if (hour === undefined) row.absent.spreadVolatilityHour = { reason: 'not-offered', have: 0, need: 0 };
    for (const metric of notOffered[this.#study.method]) {
      row.absent[metric] = { reason: 'not-offered', have: 0, need: 0 };
    }
    const { verdicts } = this.#carry;
    this.#handOn(
      this.#carry.weighted,
      state === 'warming' ? verdicts : waitThrough(row, this.#study, verdicts, ['gap']),
    );
  }

  #measure(row: Analytics, slot: number): void {
    measureWindow(row, this.#study, this.#feed, {
      y: this.#y.returns[slot % this.#y.capacity] as number,
      x: this.#x.returns[slot % this.#x.capacity] as number,
    });
    const tests = this.#test(row, slot);
    row.state = row.z !== null && isDistinct(row, this.#study) ? 'live' : 'invalid';
    const weighted = this.#weigh(row);
    const bounds = this.#volatilities.terciles();
    if (bounds !== undefined && row.spreadVolatility !== null) {
      const [lower, upper] = bounds;
      row.volatilityRegime =
        row.spreadVolatility < lower ? 'low' : row.spreadVolatility > upper ? 'high' : 'mid';
    }
    const deviation = this.#betas.deviation;
    const betaDeviation = Number.isFinite(deviation) ? deviation : null;
    this.#handOn(weighted, judge(row, this.#study, this.#carry.verdicts, tests, betaDeviation));
  }

  /** Runs the tests after the bars that are due for them, and hands their numbers on to the rows between. */
  #test(row: Analytics, slot: number): WindowTests | undefined {
    const previous = this.#previous;
    const { alpha, beta } = row;
    if (alpha === null || beta === null) {
      const why = row.absent.beta ?? { reason: 'undefined' as const, have: row.n, need: row.n };
      for (const metric of testedMetrics) row.absent[metric] = why;
      return undefined;
    }
    if (!isTestedBar(row.time, this.#y.step) && previous?.testedAt != null) {
      row.testedAt = previous.testedAt;
      for (const metric of testedMetrics) {
        row[metric] = previous[metric];
        const why = previous.absent[metric];
        if (why !== undefined) row.absent[metric] = why;
      }
      return undefined;
    }
    const tests = testWindow(this.#study, this.#y, this.#x, slot, { alpha, beta }, this.#scratch);
    row.testedAt = row.time;
    Object.assign(row, tests.numbers);
    Object.assign(row.absent, tests.absent);
    return tests;
  }

  /** The exponentially weighted variance of the spread's change, at this bar's hedge ratio. */
  #weigh(row: Analytics): RiskMetricsState {
    const change = this.#feed.yChange - (row.beta ?? Number.NaN) * this.#feed.xChange;
    const square = change * change;
    const weighted = Number.isFinite(square)
      ? riskMetricsStep(this.#carry.weighted, change)
      : this.#carry.weighted;
    const { n, variance } = weighted;
    if (variance === null || n < leastWeighted) {
      row.absent.spreadVolatilityEwma = { reason: 'warming', have: n, need: leastWeighted };
    } else row.spreadVolatilityEwma = Math.sqrt(variance);
    return weighted;
  }

  #handOn(weighted: RiskMetricsState, verdicts: VerdictState): void {
    const { hedge } = this.#feed;
    const state = hedge instanceof KalmanFilterHedge ? hedge.state : undefined;
    // How long it has been counting is of no use beyond the warm-up, and would make every row differ.
    const n = Math.min(weighted.n, leastWeighted);
    this.#carry = {
      ...(state === undefined ? {} : { hedge: state }),
      weighted: { ...weighted, n },
      verdicts,
    };
  }
}

function known(close: number | undefined): number | null {
  return close === undefined || Number.isNaN(close) ? null : close;
}
