import { erfi, fUpperTail, normalCdf, normalQuantile, studentTwoSidedP } from '@tandem/stats';
import type { Check } from '../comparison.ts';
import { member, numberOf, numbersOf } from '../oracle-file.ts';
import { requireKnown } from '../parameters.ts';
import { statedTolerance } from '../tolerance.ts';

/** The distributions under the p-values, and the imaginary error function. */
export const distributionChecks: Readonly<Record<string, Check>> = {
  norm_cdf: functionCheck('x', (x) => normalCdf(numberOf(x))),
  norm_ppf: functionCheck('p', (p) => normalQuantile(numberOf(p))),
  erfi: functionCheck('x', (x) => erfi(numberOf(x))),
  t_sf2: functionCheck('t_df', (row) => {
    const [t, degrees] = rowOf(row, 2) as [number, number];
    return studentTwoSidedP(t, degrees);
  }),
  f_sf: functionCheck('f_d1_d2', (row) => {
    const [f, numerator, denominator] = rowOf(row, 3) as [number, number, number];
    return fUpperTail(f, numerator, denominator);
  }),
};

/** A check of a function of numbers, row by row of the one input that the case has. */
function functionCheck(input: string, compute: (row: unknown) => number): Check {
  return (test, compare) => {
    requireKnown(test, {});
    const rows = member(test.inputs, input);
    if (!Array.isArray(rows)) throw new Error(`${input} is no list`);
    const wanted = test.exact ?? test.expected;
    compare.numbers(test.method, rows.map(compute), wanted, statedTolerance(test, 1e-12));
  };
}

/** Numbers of one row, of which there must be `count`. */
function rowOf(row: unknown, count: number): number[] {
  const values = [...numbersOf(row)];
  if (values.length !== count) throw new Error(`${JSON.stringify(row)} should have ${count} numbers`);
  return values;
}
