import { type Check, Comparison } from './comparison.ts';
import type { OracleCase } from './oracle-file.ts';

/** How one case came out. */
export interface Outcome {
  readonly method: string;
  readonly id: string;
  readonly dataset: string;
  /** Why it failed; empty if it passed. */
  readonly faults: readonly string[];
  /** Largest relative error of its numbers. */
  readonly worst: number;
}

/** Computes one case and compares. A method without a check fails, and so does a case that compares nothing. */
export function runCase(test: OracleCase, checks: Readonly<Record<string, Check>>): Outcome {
  const { method, id, dataset } = test;
  const compare = new Comparison();
  const check = Object.hasOwn(checks, method) ? checks[method] : undefined;
  if (check === undefined) compare.faults.push(`the method "${method}" is unknown`);
  else {
    try {
      check(test, compare);
      if (compare.compared === 0) compare.faults.push('nothing was compared');
    } catch (error) {
      compare.faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { method, id, dataset, faults: compare.faults, worst: compare.worst };
}

/** What a method comes to over all cases. */
export interface MethodSummary {
  readonly method: string;
  readonly cases: number;
  readonly passes: number;
  readonly worst: number;
}

/** One line per method, in the order of the alphabet. */
export function summarise(outcomes: readonly Outcome[]): MethodSummary[] {
  const methods = new Map<string, { cases: number; passes: number; worst: number }>();
  for (const { method, faults, worst } of outcomes) {
    const line = methods.get(method) ?? { cases: 0, passes: 0, worst: 0 };
    line.cases++;
    if (faults.length === 0) line.passes++;
    line.worst = Math.max(line.worst, worst);
    methods.set(method, line);
  }
  return [...methods]
    .map(([method, line]) => ({ method, ...line }))
    .sort((a, b) => (a.method < b.method ? -1 : 1));
}
