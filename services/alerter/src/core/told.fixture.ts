import type { Analytics, Rule } from '@tandem/common';
import { compileRule } from './compile-rule.ts';
import { minute, rule, start } from './rows.fixture.ts';
import { byStudy, evaluateRows, type Finding, newWatch, type Watch } from './rule-watch.ts';

export const study = { id: 'btc-eth-1m', interval: '1m' as const };

export function watchOf(changes: Partial<Rule> = {}, effectiveFrom = start - 1): Watch {
  return newWatch(compileRule({ ...rule, ...changes }), study, minute, effectiveFrom);
}

/** A finding in a few words: `index transition side`, then what inhibits and labels it. */
export function inWords({ change }: Finding): string {
  const { bar, transition, direction, inhibited, labels } = change;
  const words = [(bar.time - start) / minute, transition, direction?.slice(0, 5), ...inhibited, ...labels];
  return words.filter((word) => word !== undefined).join(' ');
}

/** What a rule says of these rows. */
export function told(rows: readonly Analytics[], changes: Partial<Rule> = {}): string[] {
  return evaluateRows(byStudy([watchOf(changes)]), rows).findings.map(inWords);
}
