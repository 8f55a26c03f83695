import type { Alert } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { beforeOf, historyQuery, meets, mergeHistory, noFilters } from './alert-history.ts';

const alertAt = (time: number, id: string): Alert =>
  ({ id, time, rule: 'divergence', study: 'btc-eth-1m', transition: 'firing', severity: 'warning' }) as Alert;

describe('the history of alerts', () => {
  it('asks for what is filtered, and for what is older than what is shown', () => {
    expect(historyQuery({ ...noFilters, rule: 'divergence', transition: 'firing' }, 500)).toBe(
      'rule=divergence&transition=firing&to=500',
    );
    expect(historyQuery(noFilters, undefined)).toBe('');
    expect(meets(alertAt(1, 'a'), { ...noFilters, severity: 'critical' })).toBe(false);
    expect(meets(alertAt(1, 'a'), { ...noFilters, study: 'btc-eth-1m' })).toBe(true);
  });

  it('asks for the next page before the oldest bar of this one', () => {
    expect(beforeOf([alertAt(3, 'a'), alertAt(1, 'b'), alertAt(2, 'c')])).toBe(1);
    expect(beforeOf([])).toBeUndefined();
  });

  it('shows an alert as it was amended since', () => {
    const amended = { ...alertAt(1, 'a'), amended: { z: 1, inputs: {} } };
    expect(mergeHistory([alertAt(1, 'a')], [amended])).toEqual([amended]);
  });
});
