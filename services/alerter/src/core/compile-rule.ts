import { inputsOf, isEntryRule, type Rule, rearmOf } from '@tandem/common';
import { compileCondition, type Test } from './compile-condition.ts';

/** A rule made ready to be asked at every bar. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly when: Test;
  /** Whether it is known not to look like that: of a bar on which neither holds, the rule can say nothing. */
  readonly denied: Test;
  /** Whether a firing is over. */
  readonly rearmed: Test;
  /** Whether it speaks of entering: its alerts have a side, and are inhibited by what forbids an entry. */
  readonly entry: boolean;
  /** What it looks at, by the names of the row. */
  readonly inputs: readonly string[];
}

export function compileRule(rule: Rule): CompiledRule {
  const when = compileCondition(rule.when);
  const rearm = rearmOf(rule);
  return {
    rule,
    when: when.met,
    denied: when.denied,
    // What is absent ends nothing: a gap is no end of a low market.
    rearmed: rearm === undefined ? when.denied : compileCondition(rearm).met,
    entry: isEntryRule(rule),
    inputs: inputsOf(rule),
  };
}
