import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barCount, duration, fixed, probability, significant } from './format.ts';
import { assetName } from './legs.ts';

describe('words', () => {
  it('name an asset as traders do', () => {
    const names = [
      'binance-usdm:BTCUSDT',
      'coinbase:ETH-USD',
      'okx-swap:SOL-USDT-SWAP',
      'sim:XRP',
      'custom:USDT',
    ].map(assetName);
    expect(names).toEqual(['BTC', 'ETH', 'SOL', 'XRP', 'USDT']);
  });

  it('write a dash for what is not known and never NaN, never minus nought', () => {
    expect(significant(0.00001234, 6)).toBe('0.00001234');
    expect(significant(-0.0002539, 4, 6)).toBe('−0.000254');
    expect(significant(-0.00001234, 4, 6)).toBe('−1.234e−5');
    expect(significant(1.5e-10, 4)).toBe('1.500e−10');
    expect([fixed(null, 2), fixed(Number.NaN, 2), significant(undefined, 3), duration(null)]).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect(fixed(-1_234.5, 1)).toBe('−1,234.5');
    fc.assert(
      fc.property(fc.double(), (value) => !/NaN|Infinity/.test(significant(value, 4) + fixed(value, 2))),
    );
  });

  it('write numbers of any size with the digits that matter', () => {
    expect([60_123.456, 28.6361, 0.00021477, 0].map((value) => significant(value, 4))).toEqual([
      '60,123',
      '28.64',
      '0.0002148',
      '0',
    ]);
  });

  it('never call a test certain: a p-value has three decimals and the side beyond them', () => {
    expect([0, 0.0004, 0.0312, 1, null].map(probability)).toEqual([
      '<0.001',
      '<0.001',
      '0.031',
      '>0.999',
      '–',
    ]);
  });

  it('count bars with a decimal where there are few', () => {
    expect([1.24, 99.94, 240.4, null].map(barCount)).toEqual(['1.2', '99.9', '240', '–']);
  });

  it('write a duration in its largest sensible unit', () => {
    expect([0, 33_000, 120_000, 9_180_000, 200 * 3_600_000].map(duration)).toEqual([
      '0 s',
      '33 s',
      '2 min',
      '2.5 h',
      '8 days',
    ]);
  });
});
