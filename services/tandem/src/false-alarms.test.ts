import { defaultRules, intervalMs, kindOf, presets, type Rule } from '@tandem/common';
import { beforeAll, describe, expect, it } from 'vitest';
import { falseAlarms, noiseRows } from './noise.fixture.ts';

/**
 * Bars of 1s with the window of 1m, so that the slow tests run at each sixtieth only: what these rules look at is the
 * same. Only a break is judged by a half-life that may be some bars old.
 */
const study = { interval: '1s', window: 240 } as const;
const asOn1m = (rule: Rule): Rule => ({
  ...rule,
  cooldown: (rule.cooldown * intervalMs['1s']) / intervalMs['1m'],
});
const onRows = defaultRules.filter((rule) => kindOf(rule) === 'rows').map(asOn1m);
const thresholdAlone = asOn1m({
  ...presets.divergence.rule(),
  id: 'threshold-alone',
  when: { field: '|z|', is: '>=', value: 2 },
});
const seeds = Array.from({ length: 10 }, (_, index) => index + 1);

describe('300,000 bars of walks that have nothing to do with each other', () => {
  let found: ReturnType<typeof falseAlarms>;
  beforeAll(() => {
    found = falseAlarms([...onRows, thresholdAlone], { bars: 30_000, correlation: 0, study }, seeds);
  });

  it('raise no alert by the default rules: with none in 300,000, docs/alerts.md says less than 1 in 80,000', () => {
    expect(found.bars).toBe(300_000);
    expect(onRows).toHaveLength(1);
    expect([found.firings[0], found.inhibited[0]]).toEqual([0, 0]);
  });

  it('would raise hundreds if rules looked at z alone: it is the correlation that tells them from a pair', () => {
    const [, firings = 0] = found.firings;
    const [, inhibited = 0] = found.inhibited;
    expect((1_000 * firings) / found.bars).toBeGreaterThan(0.5);
    expect((1_000 * firings) / found.bars).toBeLessThan(1.5);
    // Of most that z calls for the row knows that it is no pair: its hedge ratio is none, or has moved.
    expect(inhibited).toBeGreaterThan(firings);
  });
});

it('walks of correlated legs that never come back to each other raise some: correlation is not cointegration', () => {
  const { bars, firings } = falseAlarms(onRows, { bars: 30_000, correlation: 0.8, study }, [1]);
  const rate = (1_000 * (firings[0] ?? 0)) / bars;
  expect(rate).toBeGreaterThan(3);
  expect(rate).toBeLessThan(8);
});

describe('the walks', () => {
  const rows = (seed: number, interval: '1s' | '1m') =>
    [...noiseRows({ seed, bars: 50, correlation: 0.5, study: { interval, window: 240 } })].flat();

  it('are made anew from their seeds, bit for bit, and are not twice the same', () => {
    const zs = (seed: number) => rows(seed, '1s').map(({ z }) => z);
    expect(zs(1)).toHaveLength(50);
    expect(zs(1)).toEqual(zs(1));
    expect(zs(1)).not.toEqual(zs(2));
  });

  it('give on bars of 1s what they give on bars of 1m, in all that these rules look at', () => {
    // Sums are made anew at other bars: the last digits differ.
    const rounded = (value: number | null) => value?.toFixed(9);
    const looked = (interval: '1s' | '1m') =>
      rows(3, interval).map((row) => [rounded(row.z), rounded(row.returnCorrelation), row.state]);
    expect(looked('1s')).toEqual(looked('1m'));
  });
});
