import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, conditionText, isMet } from './condition.ts';
import { faultText } from './fault.ts';
import { defaultRules, presets } from './preset.ts';
import {
  inputsOf,
  isEntryRule,
  isInScope,
  kindOf,
  parseRule,
  type Rule,
  ruleJsonSchema,
  ruleText,
} from './rule.ts';

const z = { field: '|z|', is: '>=', value: 2 };
const good = { id: 'mine', when: z, scope: 'all' };
const faultsIn = (value: unknown): string => {
  const parsed = parseRule(value);
  return 'faults' in parsed ? faultText(parsed.faults) : 'none';
};

describe('a rule as it is written down', () => {
  it('needs an id, what to look for, and where; the rest is filled in', () => {
    expect(parseRule(good)).toEqual({
      rule: {
        id: 'mine',
        when: z,
        bars: 2,
        cooldown: 900_000,
        severity: 'warning',
        scope: 'all',
        mode: 'transition',
        endpoints: 'all',
        enabled: true,
      },
    });
  });

  it('reads what it has written', () => {
    for (const preset of Object.values(presets)) {
      const rule = preset.rule();
      expect(parseRule(JSON.parse(JSON.stringify(rule)))).toEqual({ rule });
    }
  });

  it.each<[string, object, string]>([
    [
      'field that is none',
      { when: { ...z, field: '|zz|' } },
      'when.field: there is no field "|zz|"; a field is a number or word',
    ],
    [
      'field deep within',
      { when: { all: [z, { any: [z, { ...z, field: 'cor' }] }] } },
      'when.all.1.any.1.field: there is no field "cor"; did you mean returnCorrelation',
    ],
    ['comparison that is none', { when: { ...z, is: '=>' } }, 'when.is: write one of >= <= > < = !='],
    [
      'word for a number',
      { when: { ...z, value: '2' } },
      'when.value: |z| is a number: compare it with one, not with "2"',
    ],
    [
      'number for a word',
      { when: { field: 'regime', is: '=', value: 2 } },
      'when.value: regime is one of mean-reverting, trending, broken, uncertain, not 2',
    ],
    [
      'order of words',
      { when: { field: 'regime', is: '>', value: 'trending' } },
      'when.is: regime is a word: compare it by = or !=',
    ],
    [
      'size of a word',
      { when: { field: '|regime|', is: '=', value: 'trending' } },
      'there is no field "|regime|"',
    ],
    [
      'condition of two forms',
      { when: { all: [z], any: [z] } },
      'when: a condition has exactly one of "all", "any" and "field", not 2',
    ],
    ['condition of no form', { when: {} }, 'when: a condition has exactly one of'],
    [
      'condition without a value',
      { when: { field: 'z', is: '>' } },
      'when.value: say what z is compared with',
    ],
    ['empty list', { when: { all: [] } }, 'when.all: name at least one condition'],
    ['text for a condition', { when: '|z| >= 2' }, 'when: a condition is {"all"'],
    ['unknown part of a condition', { when: { ...z, valeu: 3 } }, 'when.valeu: is not known here'],
    ['unknown part of a rule', { severty: 'info' }, 'severty: is not known here'],
    ['half a bar', { bars: 1.5 }, 'bars: '],
    ['scope that is none', { scope: 'none' }, 'scope: write "all", or {"studies"'],
    ['scope of two kinds', { scope: { studies: ['a'], tags: ['b'] } }, 'scope: name exactly one of'],
    ['interval that is none', { scope: { intervals: ['1m', '7m'] } }, 'scope.intervals.1: '],
    [
      'instruments of a rule on rows',
      { scope: { instruments: ['sim:BTCUSDT'] } },
      'scope: names instruments, which only rules on feeds',
    ],
    [
      'clock and rows at once',
      { when: { all: [z, { field: 'feed.lag', is: '>', value: 1 }] } },
      'when: looks at feeds or the age of data, which depend on a clock',
    ],
    [
      'feed that ends by a row',
      { when: { field: 'feed.state', is: '=', value: 'down' }, rearm: z },
      'rearm: looks at something else than `when`',
    ],
    [
      'feed in mode every',
      { when: { field: 'feed.state', is: '=', value: 'down' }, mode: 'every' },
      'mode: every has no meaning without bars',
    ],
    ['endpoint that is none', { endpoints: ['desk', 'The Desk'] }, 'endpoints.1: an endpoint id is a slug'],
  ])('with a %s is refused with its path and the reason', (_, wrong, why) => {
    expect(faultsIn({ ...good, ...wrong })).toContain(why);
  });

  it('is told of every fault at once', () => {
    const all = faultsIn({ id: 'X', when: { ...z, field: 'q' }, scope: {}, mode: 'some' });
    for (const path of ['id:', 'when.field:', 'scope:', 'mode:']) expect(all).toContain(path);
    expect(faultsIn(null)).not.toBe('none');
    expect(faultsIn('rule')).not.toBe('none');
  });

  it('is bounded: in how deep and how many its conditions are, and it takes no stack to say so', () => {
    const deep = (levels: number): unknown => (levels === 0 ? z : { all: [deep(levels - 1)] });
    expect(faultsIn({ ...good, when: deep(4) })).toBe('none');
    expect(faultsIn({ ...good, when: deep(5) })).toContain('when: has more than 4 levels');
    const abyss = JSON.parse(`${'{"all":['.repeat(100_000)}1${']}'.repeat(100_000)}`);
    expect(faultsIn({ ...good, rearm: abyss })).toContain('rearm: has more than 4 levels');
    const wide = (count: number) => ({ any: [1, 2].map(() => ({ all: Array(count).fill(z) })) });
    expect(faultsIn({ ...good, when: wide(16) })).toBe('none');
    expect(faultsIn({ ...good, when: wide(17) })).toContain('when: has more than 32 comparisons');
  });

  it('of any shape is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (when, rest) => {
        const parsed = parseRule({ ...good, when, ...(typeof rest === 'object' ? rest : {}) });
        if ('faults' in parsed) expect(parsed.faults.length).toBeGreaterThan(0);
      }),
    );
  });

  it('has a JSON Schema in which a condition is one of its three forms', () => {
    const schema = ruleJsonSchema() as {
      required: string[];
      properties: Record<string, object>;
      $defs: { Condition: { oneOf: object[]; properties: { field: { enum: string[] } } } };
    };
    expect(schema.required).toEqual(['id', 'when', 'scope']);
    expect(schema.properties.when).toMatchObject({ $ref: '#/$defs/Condition' });
    expect(schema.$defs.Condition.oneOf).toHaveLength(3);
    expect(schema.$defs.Condition.properties.field.enum).toContain('|z|');
  });
});

describe('what a rule is', () => {
  const rule = (changes: object): Rule => {
    const parsed = parseRule({ ...good, ...changes });
    if ('faults' in parsed) throw new Error(faultText(parsed.faults));
    return parsed.rule;
  };

  it('speaks of entering if it looks at z, on rows, feeds or the age of data', () => {
    expect(isEntryRule(rule({}))).toBe(true);
    expect(isEntryRule(rule({ when: { field: 'yZ', is: '>', value: 2 } }))).toBe(false);
    expect(kindOf(rule({}))).toBe('rows');
    expect(kindOf(presets['feed-dead'].rule())).toBe('feeds');
    expect(kindOf(presets['no-data'].rule())).toBe('data');
  });

  it('looks at the fields of what it finds and of what ends it, each once, by the names of the row', () => {
    expect(inputsOf(rule({ when: { all: [z, { field: 'quality', is: '>', value: 50 }] } }))).toEqual([
      'z',
      'quality',
    ]);
    expect(
      inputsOf(
        rule({
          when: { field: 'quality', is: '>', value: 50 },
          rearm: { field: '|spread|', is: '<', value: 1 },
        }),
      ),
    ).toEqual(['quality', 'spread']);
  });

  it('watches studies by id, interval or tag', () => {
    const study = { id: 'btc-eth-1m', interval: '1m' as const, tags: ['majors'] };
    const sees = (scope: object | string) => isInScope(rule({ scope }), study);
    expect([
      sees('all'),
      sees({ studies: ['btc-eth-1m'] }),
      sees({ intervals: ['1m', '5m'] }),
      sees({ tags: ['x', 'majors'] }),
      sees({ studies: ['other'] }),
      sees({ intervals: ['5m'] }),
      sees({ tags: ['x'] }),
    ]).toEqual([true, true, true, true, false, false, false]);
    expect(isInScope(rule({ scope: { tags: ['majors'] } }), { ...study, tags: undefined })).toBe(false);
  });

  it('can be said in words', () => {
    expect(ruleText(rule({}))).toBe('|z| >= 2 for 2 bars; ends at |z| <= 0.5');
    expect(ruleText(presets['feed-dead'].rule({ seconds: 5 }))).toBe(
      'feed.state = down or feed.state = silent for 5 s; ends at no longer being so',
    );
    const nested = {
      all: [{ any: [z, { field: 'regime', is: '=', value: 'trending' }] }, { field: 'n', is: '>', value: 9 }],
    };
    expect(conditionText(nested as Condition)).toBe('(|z| >= 2 or regime = trending) and n > 9');
    expect(conditionText(nested as Condition, { z: -3, regime: 'trending', n: 12 })).toBe(
      '(|z| 3 >= 2 or regime trending) and n 12 > 9',
    );
    expect(conditionText(nested as Condition, { z: -1, regime: 'trending', n: 12 })).toBe(
      'regime trending and n 12 > 9',
    );
  });
});

describe('presets', () => {
  it('are rules of few numbers, and refuse those that make no sense', () => {
    expect(presets['mean-reversion'].rule({ entry: 2.5 })).toMatchObject({
      when: { field: '|z|', is: '>', value: 2.5 },
      rearm: { field: '|z|', is: '<=', value: 0 },
    });
    expect(presets.divergence.rule({ z: 3, correlation: 0.7, rearm: 1 })).toMatchObject({
      when: { all: [{ value: 3 }, { field: 'returnCorrelation', value: 0.7 }] },
      rearm: { value: 1 },
      bars: 2,
      cooldown: 900_000,
      scope: { intervals: ['1m', '5m'] },
    });
    expect(() => presets.divergence.rule({ z: -1 })).toThrow();
    expect(() => presets['low-liquidity'].rule({ share: 2 })).toThrow();
  });

  it('the first run has the first of them on 1m and 5m, and dead feeds', () => {
    expect(defaultRules.map(({ id }) => id)).toEqual(['divergence', 'feed-dead']);
  });
});

describe('a condition', () => {
  it('on what is absent is not met', () => {
    const when = { field: 'halfLife', is: '!=', value: 5 } as Condition;
    expect([isMet(when, { halfLife: 6 }), isMet(when, { halfLife: null }), isMet(when, {})]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
