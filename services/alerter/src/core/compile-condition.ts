import { type Comparing, type Comparison, type Condition, describeField } from '@tandem/common';

/** A row, or what a feed says, by field. */
export type Sample = Readonly<Record<string, unknown>>;
export type Test = (sample: Sample) => boolean;

/** A condition as functions, made once and called at every bar without making anything. */
export interface CompiledCondition {
  /** Whether it is met. A comparison of what is absent is not. */
  readonly met: Test;
  /** Whether it is known not to be met: what is absent settles nothing. */
  readonly denied: Test;
}

export function compileCondition(condition: Condition): CompiledCondition {
  if ('all' in condition) {
    const parts = condition.all.map(compileCondition);
    return { met: every(parts.map(({ met }) => met)), denied: some(parts.map(({ denied }) => denied)) };
  }
  if ('any' in condition) {
    const parts = condition.any.map(compileCondition);
    return { met: some(parts.map(({ met }) => met)), denied: every(parts.map(({ denied }) => denied)) };
  }
  return { met: comparing(condition), denied: comparing({ ...condition, is: opposites[condition.is] }) };
}

/** What holds of a value that is there exactly where the other does not. */
const opposites: Readonly<Record<Comparison, Comparison>> = {
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '=': '!=',
  '!=': '=',
};

function comparing({ field, is, value }: Comparing): Test {
  const { name, size, words } = describeField(field);
  if (words !== undefined) {
    const wanted = is === '=';
    return (sample) => {
      const found = sample[name];
      return typeof found === 'string' && (found === value) === wanted;
    };
  }
  const level = value as number;
  const holds = compare[is];
  if (size) {
    return (sample) => {
      const found = sample[name];
      return typeof found === 'number' && holds(found < 0 ? -found : found, level);
    };
  }
  return (sample) => {
    const found = sample[name];
    return typeof found === 'number' && holds(found, level);
  };
}

const compare: Readonly<Record<Comparison, (found: number, level: number) => boolean>> = {
  '>=': (found, level) => found >= level,
  '<=': (found, level) => found <= level,
  '>': (found, level) => found > level,
  '<': (found, level) => found < level,
  '=': (found, level) => found === level,
  '!=': (found, level) => found !== level,
};

function every(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first !== undefined && tests.length === 1) return first;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return (sample) => first(sample) && second(sample);
  }
  return (sample) => {
    for (const test of tests) if (!test(sample)) return false;
    return true;
  };
}

function some(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first !== undefined && tests.length === 1) return first;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return (sample) => first(sample) || second(sample);
  }
  return (sample) => {
    for (const test of tests) if (test(sample)) return true;
    return false;
  };
}
