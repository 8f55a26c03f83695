import { type HedgeMethod, intervalMs, type Study } from '@tandem/common';
import { duration, fixed } from './format.ts';

/** The numbers that a study is read by, each with its definition. */
export type Defined =
  | 'z'
  | 'zForming'
  | 'spread'
  | 'beta'
  | 'returnCorrelation'
  | 'halfLife'
  | 'cointegration'
  | 'quality'
  | 'edge';

interface Definition {
  /** What it is and how it is computed. */
  readonly formula: string;
  readonly source: string;
  /** The call that returns it. */
  readonly call: string;
}

const methodSources: Record<HedgeMethod, string> = {
  ols: 'ordinary least squares',
  tls: 'total least squares (Deming)',
  huber: "Huber's M-estimator (1964)",
  'theil-sen': 'Theil (1950) and Sen (1968)',
  kalman: 'Kalman filter of a drifting line',
  fixed: 'given by the study',
};

/** Name, formula, window, source and API call of a number, one to a line. */
export function definitionOf(name: Defined, study: Study): string {
  const { formula, source, call } = definitions(study)[name];
  const scale = study.scale === 'log' ? 'log prices' : 'prices';
  const length = duration(study.window * intervalMs[study.interval]);
  const window = `${study.window} bars of ${study.interval} (${length}), ${study.method.toUpperCase()} on ${scale}`;
  return [formula, `Window: ${window}.`, `Source: ${source}.`, `API: ${call}.`].join('\n');
}

function definitions(study: Study): Record<Defined, Definition> {
  const { id, costs, thresholds } = study;
  const row = (field: string) => `GET /api/v1/analytics?study=${id}&limit=1, ${field}`;
  const demand = (method: string) => `tested anew by GET /api/v1/analysis/${method}?study=${id}`;
  const unit = study.scale === 'log' ? 'log units of y' : 'price units of y';
  return {
    z: {
      formula:
        'z, confirmed at the close of the last bar: z = (spread − mean of the spread) / σ of the spread. Above 0, y is rich.',
      source: "the study's window of closed bars",
      call: row('z'),
    },
    zForming: {
      formula:
        "z forming: the last trades in the last bar's fit, z = (y − α − βx − mean) / σ. Provisional: it changes until the bar closes.",
      source: 'last trades of both legs',
      call: `WebSocket /api/v1/stream, subject live.${id}, z`,
    },
    spread: {
      formula: `Spread: y − α − βx at the last close, in ${unit}; ± one standard deviation σ (ddof 1) of the window.`,
      source: 'closes of both legs',
      call: row('spread, spreadMean, spreadDeviation'),
    },
    beta: {
      formula: 'β, the hedge ratio of y = α + βx: units of y per unit of x; ± its standard error.',
      source: methodSources[study.method],
      call: `${row('beta, betaError')}; all methods: /api/v1/analysis/hedge-ratios?study=${id}`,
    },
    returnCorrelation: {
      formula: `Return correlation: Pearson's r of the log returns ln(close / close before) of both legs. The study asks for ${fixed(study.correlation, 2)}.`,
      source: 'Pearson, on returns: prices that trend correlate by chance',
      call: row('returnCorrelation'),
    },
    halfLife: {
      formula:
        'Half-life: bars in which half of a deviation is undone, −ln 2 / ln(1 + λ), where Δs = c + λ s of the bar before; 95 % interval by the delta method.',
      source: 'regression on the bar before; an estimate from few half-lives is too short (Kendall 1954)',
      call: `${row('halfLife, halfLifeLow, halfLifeHigh')}; ${demand('reversion')}`,
    },
    cointegration: {
      formula:
        'Cointegration p of Engle and Granger, y on x and x on y: how often residuals of two unrelated random walks look as stationary as these. Small is good.',
      source: 'Engle and Granger (1987), p by MacKinnon (1994), lag by AIC',
      call: `${row('cointegrationP, cointegrationReverseP, testedAt')}; ${demand('cointegration')}`,
    },
    quality: {
      formula:
        "Quality, 0 to 100: weighted mean of cointegration 30, half-life 20, return correlation 15, steadiness of β 15, variance ratio 10 and cost 10; an unknown part's weight goes to the others. No probability.",
      source: "Tandem's own score",
      call: row('quality, qualityParts, regime'),
    },
    edge: {
      formula: `Edge in basis points of the position: (|z| − ${fixed(thresholds.exit, 1)}) σ / (y + |β| x) less four fills at ${fixed(costs.feeBps, 1)} fee and ${fixed(costs.slippageBps, 1)} slippage each. Below 0 the way to the exit does not pay for the trade. The spread need not arrive.`,
      source: "Tandem's own, at the study's costs",
      call: row('edgeBps'),
    },
  };
}
