import type { DeterministicTrend, LagSelection } from '@tandem/stats';
import { member, type OracleCase } from '../oracle-file.ts';

/** The deterministic terms of a regression for a unit root. */
export const TRENDS: readonly DeterministicTrend[] = ['n', 'c', 'ct', 'ctt'];

/** How the case chooses the number of lagged changes. */
export function lagSelectionOf(test: OracleCase): LagSelection {
  const name = member(test.params, 'autolag');
  if (name === null) return 'fixed';
  const selection = String(name).toLowerCase();
  if (selection === 'aic' || selection === 'bic' || selection === 't-stat') return selection;
  throw new Error(`autolag = ${JSON.stringify(name)} is unknown`);
}
