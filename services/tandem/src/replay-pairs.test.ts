import { describe, expect, it } from 'vitest';
import { pairsIn } from './replay-pairs.ts';

const held = ['binance-usdm:BTCUSDT', 'binance-usdm:ETHUSDT', 'binance-spot:ETHUSDT', 'coinbase:BTC-USD'];

describe('the pairs of a recording', () => {
  it('are the usual ones whose legs one venue holds', () => {
    expect(pairsIn(held, undefined)).toEqual([{ y: 'binance-usdm:BTCUSDT', x: 'binance-usdm:ETHUSDT' }]);
  });

  it('can be named, by symbol where that is clear', () => {
    expect(pairsIn(held, 'BTCUSDT/coinbase:BTC-USD')).toEqual([
      { y: 'binance-usdm:BTCUSDT', x: 'coinbase:BTC-USD' },
    ]);
  });

  it('are refused where the recording does not hold a leg, or the name is not clear', () => {
    expect(() => pairsIn(held, 'BTCUSDT/DOGEUSDT')).toThrow('does not hold');
    expect(() => pairsIn(held, 'BTCUSDT/ETHUSDT')).toThrow('several venues');
    expect(() => pairsIn(held, 'BTCUSDT')).toThrow('write Y/X');
  });
});
