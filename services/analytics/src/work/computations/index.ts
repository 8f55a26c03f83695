import type { AnalysisMethod } from '@tandem/common';
import { johansenTest, liquidity, matrix, statistics } from './market-analyses.ts';
import { cointegration, hedgeRatios, leadLag, reversion } from './pair-analyses.ts';
import { testsOfSeries } from './tests-of-series.ts';
import { whatIf } from './what-if.ts';

/** Computes one order; tells now and then which share of it is done. The answer is plain JSON. */
export type Computation = (input: unknown, progress: (share: number) => void) => object;

/** Every computation that worker threads offer, by its method's name. */
export const computations: Readonly<Record<AnalysisMethod, Computation>> = {
  ...testsOfSeries,
  reversion,
  cointegration,
  'hedge-ratios': hedgeRatios,
  'lead-lag': leadLag,
  johansen: johansenTest,
  'correlation-matrix': matrix,
  statistics,
  liquidity,
  'what-if': whatIf,
};
