import { describe, expect, it } from 'vitest';
import type { OracleCase } from './oracle-file.ts';
import { requireKnown, truthOf, wholeOrDefault, wordOf } from './parameters.ts';

const having = (params: OracleCase['params']): OracleCase => ({
  dataset: 'd',
  id: 'i',
  method: 'm',
  params,
  inputs: {},
  expected: {},
  exact: undefined,
  whole: {},
});

describe('the parameters of a case', () => {
  it('are refused where a check does not know one, or a value of it', () => {
    const known = { kernel: ['bartlett'], lags: 'any' } as const;
    expect(() => requireKnown(having({ kernel: 'bartlett', lags: 5 }), known)).not.toThrow();
    expect(() => requireKnown(having({}), known)).not.toThrow();
    expect(() => requireKnown(having({ kernel: 'parzen' }), known)).toThrow('kernel = "parzen" is unknown');
    expect(() => requireKnown(having({ Lags: 5 }), known)).toThrow('Lags = 5 is unknown');
    expect(() => requireKnown(having({ constructor: 1 }), known)).toThrow('constructor = 1 is unknown');
  });

  it('are words of a list, whole numbers and truths, never what merely looks like one', () => {
    const test = having({ trend: 'ctt', robust: 'true', lags: 1.5, maxlag: null, none: 0 });
    expect(() => wordOf(test, 'trend', ['c', 'ct'])).toThrow('trend = "ctt" is unknown');
    expect(wordOf(test, 'trend', ['ctt'])).toBe('ctt');
    expect(() => truthOf(test, 'robust')).toThrow('robust = "true" is no truth value');
    expect(() => truthOf(test, 'debiased')).toThrow('"debiased" is missing');
    expect(() => wholeOrDefault(test, 'lags')).toThrow('lags = 1.5 is no whole number');
    expect([wholeOrDefault(test, 'maxlag'), wholeOrDefault(test, 'q')]).toEqual([undefined, undefined]);
    expect(wholeOrDefault(test, 'none')).toBe(0);
  });
});
