import { type Rule, ruleText, type Silence } from '@tandem/common';
import { duration, moment } from './format.ts';

/** Where a rule looks: "1m and 5m studies". */
function scopeText(scope: Rule['scope']): string {
  if (scope === 'all') return 'everywhere';
  const [kind, names] = Object.entries(scope)[0] as [string, readonly string[]];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const list = shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
  if (kind === 'intervals') return `on ${list} bars`;
  return kind === 'tags' ? `on studies tagged ${list}` : `on ${list}`;
}

/** A rule in two lines: what it looks for, and where, how loud and who is told. */
export function ruleLines(rule: Rule): [string, string] {
  const told =
    rule.endpoints === 'all'
      ? 'tells every endpoint'
      : rule.endpoints.length === 0
        ? 'tells nobody'
        : `tells ${rule.endpoints.join(', ')}`;
  const often = rule.mode === 'every' ? 'every bar' : `at most once in ${duration(rule.cooldown)} of a study`;
  return [
    rule.mode === 'every' ? ruleText({ ...rule, bars: 1 }).replace(/; ends at .*/, '') : ruleText(rule),
    `${scopeText(rule.scope)} · ${rule.severity} · ${rule.mode === 'transition' && rule.cooldown === 0 ? 'no cooldown' : often} · ${told}`,
  ];
}

/** What a silence covers and until when: "divergence on btc-eth-1m, until 2026-01-01 12:00:00 UTC (in 3 h)". */
export function silenceText({ rule, study, from, until }: Silence, now: number): string {
  const what =
    rule === undefined && study === undefined
      ? 'every alert'
      : [rule ?? 'every rule', study === undefined ? '' : `on ${study}`].filter(Boolean).join(' ');
  // Clocks that differ by a moment make no beginning.
  const begins = from > now + 5_000 ? `from ${moment(from)} ` : '';
  return `${what}, ${begins}until ${moment(until)} UTC (in ${duration(until - now)})`;
}
