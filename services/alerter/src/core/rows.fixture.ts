import { type Analytics, blankAnalytics, presets, type Rule } from '@tandem/common';

export const minute = 60_000;
/** 2024-08-08 00:00 UTC. */
export const start = 1_723_075_200_000;

/** A rule of these numbers, as the default one without a cooldown. */
export function ruleAt(z: number, changes: Partial<Rule> = {}): Rule {
  return {
    ...presets.divergence.rule({ z }),
    cooldown: 0,
    scope: { intervals: ['1m'] },
    ...changes,
  };
}

/** The default rule without a cooldown. */
export const rule: Rule = ruleAt(2);

/** A live row of minute `index`. */
export function row(index: number, z: number | null, changes: Partial<Analytics> = {}): Analytics {
  return {
    ...blankAnalytics('live', 'btc-eth-1m', start + index * minute),
    state: z === null ? 'gap' : 'live',
    n: 240,
    yClose: 60_000,
    xClose: 3_000,
    alpha: 0,
    beta: 20,
    alphaError: 1,
    betaError: 0.1,
    rSquared: 0.9,
    spread: z,
    spreadDeviation: 1,
    z,
    returnCorrelation: 0.8,
    priceCorrelation: 0.9,
    ...changes,
  };
}
