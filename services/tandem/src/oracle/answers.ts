import type { Comparison } from './comparison.ts';
import { member, type OracleCase } from './oracle-file.ts';

/** The better of the two answers that a case carries for a field: `exact` where present, else `expected`. */
export function wantedOf(test: OracleCase, field: string): unknown {
  const { exact } = test;
  if (typeof exact === 'object' && exact !== null && field in exact) return member(exact, field);
  return member(test.expected, field);
}

/** Throws on an answer that the check does not know, since it would not be compared. */
export function requireAnswers(answers: unknown, known: readonly string[]): void {
  for (const field of Object.keys(answers as object)) {
    if (!known.includes(field)) throw new Error(`the answer ${field} is unknown`);
  }
}

/** Compares one answer of a case with what is wanted. */
export type Rule = (wanted: unknown, field: string) => void;

/** Compares every answer that the case carries, exact ones first; one without a rule is a fault. */
export function compareAnswers(test: OracleCase, rules: Readonly<Record<string, Rule>>): void {
  const { expected, exact } = test;
  for (const field of Object.keys({ ...(expected as object), ...((exact as object | undefined) ?? {}) })) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule === undefined) throw new Error(`the answer ${field} is unknown`);
    rule(wantedOf(test, field), field);
  }
}

/** The same where all answers are numbers or lists of them; see `Comparison.number` for tolerances and scales. */
export function compareNumbers(
  test: OracleCase,
  compare: Comparison,
  found: Readonly<Record<string, number | null | readonly (number | null)[]>>,
  toleranceOf: (field: string) => number,
  scaleOf: (field: string) => number = () => 0,
): void {
  const rules = Object.entries(found).map(([field, answer]): [string, Rule] => [
    field,
    (wanted) => {
      const tolerance = toleranceOf(field);
      const scale = scaleOf(field);
      if (typeof answer === 'number' || answer === null) {
        compare.number(field, answer, wanted, tolerance, scale);
      } else {
        compare.numbers(field, answer, Array.isArray(wanted) ? wanted.flat() : wanted, tolerance, scale);
      }
    },
  ]);
  compareAnswers(test, Object.fromEntries(rules));
}
