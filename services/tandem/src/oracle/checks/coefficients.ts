import type { OracleCase } from '../oracle-file.ts';

/** A coefficient of a line. */
export type CoefficientName = 'alpha' | 'beta';

/** The coefficients' names in the order of the case's lists. */
export function orderOf(test: OracleCase): CoefficientName[] {
  const order = test.params.param_order ?? (test.params.intercept === false ? ['beta'] : ['alpha', 'beta']);
  return (order as unknown[]).map((name) => {
    if (name === 'alpha' || name === 'beta') return name;
    throw new Error(`the coefficient ${JSON.stringify(name)} is unknown`);
  });
}

/** Whether an answer of a regression is a p-value, which agrees to 1e-9 absolutely. */
export function isProbability(field: string): boolean {
  return field === 'pvalues' || field === 'f_pvalue';
}
