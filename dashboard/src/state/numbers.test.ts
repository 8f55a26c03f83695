import type { Analytics, Study } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { liveStudy, minute, origin, row, study } from '../rows.fixture.ts';
import { numbersOf } from './numbers.ts';

const one = (name: string, given: Partial<Analytics> = {}, watched: Study = study) =>
  numbersOf(watched, row(5, given), undefined).find((tile) => tile.name === name)!;

describe('the numbers of a study', () => {
  it('are nine, with what each stands on', () => {
    const tiles = numbersOf(study, row(5), liveStudy(6, { z: 1.31 }));
    expect(tiles.map(({ name, value, note }) => `${name} ${value} (${note})`)).toEqual([
      'z 1.00 (confirmed)',
      'z forming 1.31 (provisional)',
      'Spread 50.00 (± 50.0)',
      'β 20.00 (± 0.50)',
      'Return corr. 0.800 (least 0.50)',
      'Half-life 12.3 bars (12 min, 95 % 8.0–16.6)',
      'Coint. p 0.012 (x on y 0.034, bar 13:05:00)',
      'Quality 72 (mean-reverting)',
      'Edge bps 4.2 (after all costs)',
    ]);
  });

  it('have their nine places before any study is known', () => {
    const tiles = numbersOf(undefined, undefined, undefined);
    expect(tiles.map(({ value }) => value)).toEqual(Array(9).fill('–'));
    expect(new Set(tiles.map(({ name }) => name)).size).toBe(9);
  });

  it('each say why they are absent, and how far they are from being known', () => {
    const warming = { reason: 'warming' as const, have: 87, need: 240 };
    expect(one('z', { z: null, absent: { z: warming } }).note).toBe('87/240 bars, ~2.5 h');
    const constant = { reason: 'constant' as const, have: 240, need: 240 };
    expect(one('β', { beta: null, betaError: null, absent: { beta: constant } })).toMatchObject({
      value: '–',
      note: 'a constant price in the window',
    });
    const never = { reason: 'no-reversion' as const, have: 240, need: 120 };
    expect(one('Half-life', { halfLife: null, absent: { halfLife: never } })).toMatchObject({
      value: '–',
      note: 'the spread does not come back',
    });
    const short = { reason: 'not-offered' as const, have: 20, need: 30 };
    expect(one('Coint. p', { cointegrationP: null, absent: { cointegrationP: short } }).note).toBe(
      'needs 30 bars: window too short',
    );
    const hole = { reason: 'gap' as const, have: 90, need: 120 };
    expect(one('Coint. p', { cointegrationP: null, absent: { cointegrationP: hole } }).note).toBe(
      'a gap in the window',
    );
  });

  it('show a forming z apart from the confirmed one, not once its bar is confirmed, and none when frozen', () => {
    const forming = (live: Parameters<typeof numbersOf>[2]) =>
      numbersOf(study, row(5), live).find((tile) => tile.name === 'z forming')!;
    expect(forming(liveStudy(6, { z: 2.5 })).value).toBe('2.50');
    expect(forming(liveStudy(5, { z: 2.5 }))).toMatchObject({ value: '–', note: 'no trade yet' });
    expect(forming(liveStudy(6, { z: null }))).toMatchObject({ value: '–', note: 'no fit yet' });
    expect(forming('frozen')).toMatchObject({ value: '–', note: 'not live' });
  });

  it('say why a hedge ratio has no error', () => {
    const absent = { betaError: { reason: 'not-offered' as const, have: 0, need: 0 } };
    const of = (method: Study['method']) => one('β', { betaError: null, absent }, { ...study, method }).note;
    expect([of('theil-sen'), of('fixed')]).toEqual(['THEIL-SEN has no error', 'fixed, no error']);
    const gap = { betaError: { reason: 'undefined' as const, have: 9, need: 9 } };
    expect(one('β', { betaError: null, absent: gap }).note).toBe('no error: not defined on this window');
  });

  it('tell the mean of a spread that is not about 0 by construction', () => {
    const fixed = { ...study, method: 'fixed' as const };
    expect(one('Spread', { spreadMean: 34_000 }, fixed).note).toBe('mean 34,000 ± 50.0');
  });

  it('name the bar that tests of a minute ago stand on', () => {
    expect(one('Coint. p', { testedAt: origin + 2 * minute }).note).toContain('bar 13:02:00');
  });

  it('call an edge that the costs eat by its name', () => {
    expect(one('Edge bps', { edgeBps: -3.24 })).toMatchObject({ value: '−3.2', note: 'costs exceed it' });
  });

  it('each open a definition: formula, window, source and the call that returns it', () => {
    for (const tile of numbersOf(study, row(5), undefined)) {
      const [formula, window, source, api] = tile.title.split('\n');
      expect(formula!.length, tile.name).toBeGreaterThan(40);
      expect(window).toBe('Window: 240 bars of 1m (4 h), OLS on prices.');
      expect(source).toMatch(/^Source: /);
      expect(api).toMatch(/^API: .*btc-eth-1m/);
    }
    expect(one('Coint. p').title).toContain('/api/v1/analysis/cointegration?study=btc-eth-1m');
  });

  it('show the parts of a quality, the unknown one as such', () => {
    expect(one('Quality').title).toContain('half-life 1.00, return correlation 0.83');
    expect(one('Quality').title).toContain('variance ratio –');
    expect(one('Quality', { qualityParts: null }).title).not.toContain('Now, each');
    expect(one('Quality', { regime: null }).note).toBe('regime not known');
  });
});
