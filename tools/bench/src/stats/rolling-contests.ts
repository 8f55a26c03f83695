import {
  KalmanHedge,
  RollingCorrelation,
  RollingHuber,
  RollingMoments,
  RollingTheilSen,
  StudyWindow,
} from '@tandem/stats';
import type { Contest } from './contest.ts';
import { bars, type Series } from './series.ts';

const batch = 'pandas rolling, the whole series at once';

// A pass feeds all bars to an engine that has been fed before. Each loop stands for itself: one for all of them would
// have the engine's calls guessed from all engines.

/** What a study needs at each bar. */
export function studyWindow({ y, x, yReturns, xReturns, window, starts }: Series): Contest {
  const engine = new StudyWindow(window);
  const push = (study: StudyWindow, bar: number) =>
    study.push(y[bar]!, x[bar]!, yReturns[bar]!, xReturns[bar]!);
  const full = rolled(new StudyWindow(window), push, ({ ols, returnCorrelation }) => [
    ols.alpha,
    ols.beta,
    ols.lastResidual,
    ols.z,
    ols.correlation,
    returnCorrelation,
  ]).slice(window - 1);
  return {
    work: `OLS, spread, z, both correlations, window ${window}, a bar`,
    ours: {
      name: 'StudyWindow',
      pass() {
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          engine.push(y[bar]!, x[bar]!, yReturns[bar]!, xReturns[bar]!);
          sum += known(engine.ols.z);
        }
        return sum;
      },
    },
    items: bars,
    aim: 1e-6,
    rivals: [
      { name: batch, peer: 'pandas rolling', items: bars, numbers: () => columnsOf(full) },
      {
        name: 'statsmodels RollingOLS, coefficients only',
        peer: 'RollingOLS',
        items: full.length,
        numbers: () => columnsOf(full.map((row) => row.slice(0, 2))),
      },
      {
        name: 'statsmodels OLS, window by window',
        peer: 'OLS',
        items: starts.length,
        numbers: () => starts.flatMap((start) => full[start]!),
      },
    ],
  };
}

export function moments({ y, window }: Series): Contest {
  const engine = new RollingMoments(window);
  const push = (one: RollingMoments, bar: number) => one.push(y[bar]!);
  return {
    work: `mean, deviation, z, window ${window}, a bar`,
    ours: {
      name: 'RollingMoments',
      pass() {
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          engine.push(y[bar]!);
          sum += known(engine.z);
        }
        return sum;
      },
    },
    items: bars,
    rivals: [
      {
        name: batch,
        peer: 'pandas z',
        items: bars,
        numbers() {
          const read = ({ mean, deviation, z }: RollingMoments) => [mean, deviation, z];
          return columnsOf(rolled(new RollingMoments(window), push, read).slice(window - 1));
        },
      },
    ],
  };
}

export function correlation({ yReturns, xReturns, window }: Series): Contest {
  const engine = new RollingCorrelation(window);
  const push = (one: RollingCorrelation, bar: number) => one.push(yReturns[bar]!, xReturns[bar]!);
  return {
    work: `correlation of returns, window ${window}, a bar`,
    ours: {
      name: 'RollingCorrelation',
      pass() {
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          engine.push(yReturns[bar]!, xReturns[bar]!);
          sum += known(engine.r);
        }
        return sum;
      },
    },
    items: bars,
    rivals: [
      {
        name: batch,
        peer: 'pandas correlation',
        items: bars,
        numbers: () =>
          rolled(new RollingCorrelation(window), push, ({ r }) => [r])
            .slice(window - 1)
            .flat(),
      },
    ],
  };
}

export function theilSen({ y, x, window, starts }: Series): Contest {
  const engine = new RollingTheilSen(window);
  const push = (line: RollingTheilSen, bar: number) => line.push(y[bar]!, x[bar]!);
  return {
    work: `Theil–Sen, window ${window}, a bar`,
    ours: {
      name: 'RollingTheilSen',
      pass() {
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          engine.push(y[bar]!, x[bar]!);
          sum += known(engine.beta);
        }
        return sum;
      },
    },
    items: bars,
    rivals: [
      {
        name: 'scipy theilslopes',
        peer: 'theilslopes',
        items: starts.length,
        numbers() {
          const all = rolled(new RollingTheilSen(window), push, ({ beta, alpha }) => [beta, alpha]);
          return starts.flatMap((start) => all[start + window - 1]!);
        },
        aim: 50,
      },
    ],
  };
}

export function huber({ y, x, window, starts }: Series): Contest {
  const engine = new RollingHuber(window);
  const push = (line: RollingHuber, bar: number) => line.push(y[bar]!, x[bar]!);
  return {
    work: `Huber, window ${window}, a bar`,
    ours: {
      name: 'RollingHuber',
      pass() {
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          engine.push(y[bar]!, x[bar]!);
          sum += known(engine.beta);
        }
        return sum;
      },
    },
    items: bars,
    rivals: [
      {
        name: 'statsmodels RLM',
        peer: 'RLM',
        items: starts.length,
        numbers() {
          const read = ({ alpha, beta, alphaError, betaError, scale }: RollingHuber) => [
            alpha,
            beta,
            alphaError,
            betaError,
            scale,
          ];
          const all = rolled(new RollingHuber(window), push, read);
          return starts.flatMap((start) => all[start + window - 1]!);
        },
      },
    ],
  };
}

export function kalman({ y, x, kalman: start }: Series): Contest {
  return {
    work: 'Kalman filter, a step',
    ours: {
      name: 'KalmanHedge',
      pass() {
        const filter = new KalmanHedge(start);
        let sum = 0;
        for (let bar = 0; bar < bars; bar += 1) {
          filter.push(y[bar]!, x[bar]!);
          sum += filter.z;
        }
        return sum;
      },
    },
    items: bars,
    rivals: [
      {
        name: 'a plain Python loop',
        peer: 'loop',
        items: bars,
        numbers() {
          const filter = new KalmanHedge(start);
          const push = (one: KalmanHedge, bar: number) => one.push(y[bar]!, x[bar]!);
          const scores = rolled(filter, push, ({ z }) => [z]).flat();
          return [...scores, filter.beta, filter.level, filter.logLikelihood];
        },
      },
    ],
  };
}

/** Feeds an engine all bars, and notes its numbers after each. */
function rolled<Engine>(
  engine: Engine,
  push: (engine: Engine, bar: number) => void,
  read: (engine: Engine) => number[],
): number[][] {
  return Array.from({ length: bars }, (_, bar) => {
    push(engine, bar);
    return read(engine);
  });
}

/** Rows as the peers answer them: column after column. */
function columnsOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.flatMap((_, column) => rows.map((row) => row[column]!));
}

/** A number that is not yet there counts nothing. */
function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
