import type { Analytics, Condition } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { minute, row, type rule, ruleAt, start } from './rows.fixture.ts';
import { initialState } from './rule-machine.ts';
import { byStudy, evaluateRows } from './rule-watch.ts';
import { told, watchOf } from './told.fixture.ts';

const zs = (...values: (number | null)[]): Analytics[] => values.map((z, i) => row(i, z));

describe('a rule on a study', () => {
  it('fires at the second qualifying bar, stays firing in between, and resolves at the re-arm level', () => {
    expect(told(zs(1, 2, 2.5, 3, 1, 0.6, 0.5, 0.1))).toEqual(['2 firing SHORT', '6 resolved SHORT']);
    expect(told(zs(-2, -2, 0))).toEqual(['1 firing LONG_', '2 resolved LONG_']);
  });

  it('does not fire again before it has re-armed', () => {
    expect(told(zs(2, 2, 1, 2, 2, 0.6, 3, 3, 0.4, 2, 2))).toEqual([
      '1 firing SHORT',
      '8 resolved SHORT',
      '10 firing SHORT',
    ]);
  });

  it('needs its bars in a row: an interruption, another side, a gap and a missing bar begin anew', () => {
    expect(told(zs(2, 1, 2, 1))).toEqual([]);
    expect(told(zs(2, -2, 2, -2))).toEqual([]);
    expect(told(zs(2, null, 2, 1))).toEqual(['1 inhibited SHORT gap']);
    expect(told([row(0, 2), row(2, 2), row(3, 1)])).toEqual([]);
  });

  it('needs the returns to be correlated, and to be known to be', () => {
    expect(told([row(0, 3), row(1, 3, { returnCorrelation: 0.49 }), row(2, 3), row(3, 1)])).toEqual([]);
    expect(told([row(0, 3), row(1, 3, { returnCorrelation: null }), row(2, 3)])).toEqual([]);
    expect(told([row(0, 3), row(1, 3, { returnCorrelation: 0.5 })])).toEqual(['1 firing SHORT']);
  });

  it('neither resolves nor forgets what fires on bars without numbers', () => {
    expect(told(zs(2, 2, null, null, 0.1))).toEqual(['1 firing SHORT', '4 resolved SHORT']);
  });

  it('ends when z has crossed its mean in one bar, correlated or not', () => {
    expect(told(zs(2, 2, -0.7, -2, -3))).toEqual(['1 firing SHORT', '2 resolved SHORT', '4 firing LONG_']);
    expect(told(zs(2, -2), { bars: 1 })).toEqual(['0 firing SHORT', '1 resolved SHORT', '1 firing LONG_']);
    expect(told([row(0, 2), row(1, 2), row(2, -2, { returnCorrelation: 0 })])).toEqual([
      '1 firing SHORT',
      '2 resolved SHORT',
    ]);
  });

  it('that leaves at the mean itself ends where z reaches or crosses it', () => {
    const atMean = { rearm: { field: '|z|', is: '<=', value: 0 } as Condition };
    expect(told(zs(2, 2, 0.1, 0), atMean)).toEqual(['1 firing SHORT', '3 resolved SHORT']);
    expect(told(zs(-2, -2, -0.1, 0.2), atMean)).toEqual(['1 firing LONG_', '3 resolved LONG_']);
  });

  it('keeps its peace through the cooldown, measured in bar time, and fires when it is over', () => {
    expect(told(zs(2, 2, 0, 2, 2, 2, 2, 2), { cooldown: 5 * minute })).toEqual([
      '1 firing SHORT',
      '2 resolved SHORT',
      '6 firing SHORT',
    ]);
  });

  it('looks at each time once, and at nothing from before it took effect', () => {
    const watches = byStudy([watchOf({}, start + minute)]);
    const first = evaluateRows(watches, zs(3, 3, 3, 3));
    expect(first.findings.map(({ change }) => change.bar.time)).toEqual([start + 3 * minute]);
    first.commit();
    const again = evaluateRows(watches, zs(0, 0, 0, 0));
    expect([again.findings, again.repeated.length, again.evaluated]).toEqual([[], 4, 0]);
  });

  it('an evaluation whose effects failed changes nothing', () => {
    const watch = watchOf();
    const rows = zs(2, 2, 0);
    const first = evaluateRows(byStudy([watch]), rows);
    expect(first.findings).toHaveLength(2);
    expect(evaluateRows(byStudy([watch]), rows).findings).toEqual(first.findings);
    expect(watch.state).toBe(initialState);
  });

  it('without numbers of its own kind makes nothing: its state is the very same', () => {
    const watch = watchOf();
    evaluateRows(byStudy([watch]), zs(0, 1, -1, null, 0.3)).commit();
    expect(watch.state).toBe(initialState);
  });
});

describe('what forbids an entry', () => {
  const thin = { inhibitions: ['thin-market' as const] };

  it('is told once per run of bars, and keeps the rule from firing', () => {
    const rows = [
      row(0, 2, thin),
      row(1, 2, thin),
      row(2, 3, thin),
      row(3, 1),
      row(4, 2, thin),
      row(5, 2, thin),
    ];
    expect(told(rows)).toEqual(['1 inhibited SHORT thin-market', '5 inhibited SHORT thin-market']);
  });

  it('lets the rule fire in the same run once it is over', () => {
    expect(told([row(0, 2, thin), row(1, 2, thin), row(2, 2)])).toEqual([
      '1 inhibited SHORT thin-market',
      '2 firing SHORT',
    ]);
  });

  it('an invalid study inhibits, whether or not its row says so in its list', () => {
    const invalid = { state: 'invalid' as const };
    expect(told([row(0, 2, invalid), row(1, 2, invalid)])).toEqual(['1 inhibited SHORT invalid']);
    const both = { inhibitions: ['break' as const, 'invalid' as const], ...invalid };
    expect(told([row(0, 2, both), row(1, 2, both)])).toEqual(['1 inhibited SHORT break invalid']);
  });

  it('a gap that cuts off a run of bars is told: what would have come of it is not known', () => {
    expect(told(zs(2, null, null, 2, 2, null), { bars: 3 })).toEqual([
      '1 inhibited SHORT gap',
      '5 inhibited SHORT gap',
    ]);
    expect(told(zs(0, null, 2, 1, null))).toEqual([]);
    expect(told([row(0, 2), row(2, null)])).toEqual([]);
  });

  it('never keeps a firing from ending, nor a rule that does not speak of entering from firing', () => {
    expect(told([row(0, 2), row(1, 2), row(2, 0.1, thin)])).toEqual(['1 firing SHORT', '2 resolved SHORT']);
    const when: Condition = { field: 'emptyShare', is: '>=', value: 0.2 };
    const low = { when, rearm: undefined, bars: 1 } as Partial<typeof rule>;
    const empty = (index: number, emptyShare: number | null) => row(index, 2, { ...thin, emptyShare });
    expect(told([empty(0, 0.3), empty(1, null), empty(2, 0.1)], low)).toEqual(['0 firing', '2 resolved']);
  });

  it('counts only bars that would have fired: not one within the cooldown', () => {
    const rows = [...zs(2, 2, 0), row(3, 2, thin), row(4, 2, thin), row(5, 2, thin)];
    expect(told(rows, { cooldown: 4 * minute })).toEqual([
      '1 firing SHORT',
      '2 resolved SHORT',
      '5 inhibited SHORT thin-market',
    ]);
  });
});

describe('mode every', () => {
  it('tells of each qualifying bar, with why a transition would have kept silent', () => {
    const rows = [...zs(2, 2, 2.5, 1, 0.2, -2, -2), row(7, -3, { inhibitions: ['break'] }), row(8, 0)];
    expect(told(rows, { mode: 'every', cooldown: 6 * minute })).toEqual([
      '0 firing SHORT few-bars',
      '1 firing SHORT',
      '2 firing SHORT not-rearmed',
      '5 firing LONG_ few-bars',
      '6 firing LONG_ cooldown',
      '7 firing LONG_ break inhibited',
    ]);
  });
});

describe('conditions', () => {
  const fires = (when: Condition, changes: Partial<Analytics>) =>
    told([row(0, 1, changes)], { when, bars: 1, rearm: undefined } as Partial<typeof rule>).length > 0;

  it('compare numbers, their size, and words', () => {
    const z = (is: '>=' | '<=' | '>' | '<' | '=' | '!=', value: number): Condition => ({
      field: 'z',
      is,
      value,
    });
    expect(
      [z('>=', 1), z('<=', 1), z('>', 1), z('<', 1), z('=', 1), z('!=', 1)].map((when) => fires(when, {})),
    ).toEqual([true, true, false, false, true, false]);
    expect(fires({ field: '|spread|', is: '>=', value: 3 }, { spread: -3 })).toBe(true);
    expect(fires({ field: 'regime', is: '=', value: 'trending' }, { regime: 'trending' })).toBe(true);
    expect(fires({ field: 'regime', is: '!=', value: 'trending' }, { regime: 'broken' })).toBe(true);
  });

  it('are joined by all and any, to any depth', () => {
    const q = (value: number): Condition => ({ field: 'quality', is: '>=', value });
    const when: Condition = { any: [{ all: [q(10), q(20), q(30)] }, q(90), { any: [q(99)] }] };
    expect([5, 25, 35, 95].map((quality) => fires(when, { quality }))).toEqual([false, false, true, true]);
  });

  it('on what is absent are not met, != included', () => {
    for (const is of ['>=', '<=', '!='] as const) {
      expect(fires({ field: 'halfLife', is, value: 5 }, { halfLife: null })).toBe(false);
    }
    expect(fires({ field: 'regime', is: '!=', value: 'broken' }, { regime: null })).toBe(false);
  });

  it('that have no end of their own end when they are known not to hold', () => {
    const when: Condition = {
      all: [
        { field: 'quality', is: '>=', value: 50 },
        { field: 'edgeBps', is: '>', value: 0 },
      ],
    };
    const rows = [
      row(0, 1, { quality: 60, edgeBps: 3 }),
      row(1, 1, { quality: null, edgeBps: 3 }),
      row(2, 1, { quality: null, edgeBps: -1 }),
    ];
    expect(told(rows, { when, bars: 1, rearm: undefined } as Partial<typeof rule>)).toEqual([
      '0 firing',
      '2 resolved',
    ]);
  });

  it('of one rule differ from those of another on the same study', () => {
    const watches = byStudy([watchOf(), watchOf({ ...ruleAt(3), id: 'far' })]);
    const { findings } = evaluateRows(watches, zs(2, 2, 3, 3));
    expect(findings.map(({ watch, change }) => [watch.compiled.rule.id, change.bar.time])).toEqual([
      ['divergence', start + minute],
      ['far', start + 3 * minute],
    ]);
  });
});
