import type { Rule } from '../answers.ts';
import type { Comparison } from '../comparison.ts';
import { member, type OracleCase } from '../oracle-file.ts';

/** A test's p-value agrees to 1e-9 absolutely; on near_constant the reference's own regressions have 1e-8. */
export function probability(test: OracleCase, compare: Comparison, found: number | null): Rule {
  const tolerance = test.dataset === 'near_constant' ? 1e-8 : 1e-9;
  return (wanted, field) => compare.number(field, found, wanted, tolerance, 1);
}

/** A test's critical values by level: 1e-12. */
export function critical(compare: Comparison, found: object | null): Rule {
  return (wanted) => {
    for (const [level, value] of Object.entries(wanted as object)) {
      const ours = found === null ? null : (member(found, level) as number);
      compare.number(`crit ${level}`, ours, value, 1e-12);
    }
  };
}
