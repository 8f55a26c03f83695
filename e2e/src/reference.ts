import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bar } from '@tandem/common';

const shared = join(fileURLToPath(new URL('../../..', import.meta.url)), 'shared');

/** Whether the reference data is beside the project; under CI=true its absence is a failure. */
export const hasReference = existsSync(join(shared, 'data'));
if (!hasReference) {
  if (process.env.CI === 'true') throw new Error('the reference data ../shared/data is missing');
  console.log('The tests over reference data did not run: ../shared/data is not there.');
}

export const reference = (...path: string[]) => join(shared, 'data', ...path);

/** The recording of Binance USD-M, its last ids, and the exchange's own bars of the same minutes. */
export const usdm = {
  files: [
    reference('binance-usdm-2024-08-08', 'btcusdt_20240808.gz'),
    reference('binance-usdm-2024-08-08', 'ethusdt_20240808.gz'),
  ],
  symbols: ['BTCUSDT', 'ETHUSDT'] as const,
  lastId: { BTCUSDT: '5266605247', ETHUSDT: '4308082598' },
  /** 23:55 to 23:59 UTC. */
  firstComplete: Date.UTC(2024, 7, 8, 23, 55),
  end: Date.UTC(2024, 7, 9),
};

export type NineFields = Pick<
  Bar,
  'open' | 'high' | 'low' | 'close' | 'volume' | 'quoteVolume' | 'trades' | 'buyVolume' | 'buyQuoteVolume'
>;

/** The exchange's one-minute bars by open time. */
export function klines(symbol: string): Map<number, NineFields> {
  const text = readFileSync(reference('binance-usdm-2024-08-08', `${symbol}-klines-1m.csv`), 'utf8');
  const rows = text.trim().split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const [time, open, high, low, close, volume, , quoteVolume, trades, buyVolume, buyQuoteVolume] = row
        .split(',')
        .map(Number) as [number, ...number[]];
      const fields = { open, high, low, close, volume, quoteVolume, trades, buyVolume, buyQuoteVolume };
      return [time, fields as NineFields];
    }),
  );
}

export function nineFields(bar: Bar): NineFields {
  const { open, high, low, close, volume, quoteVolume, trades, buyVolume, buyQuoteVolume } = bar;
  return { open, high, low, close, volume, quoteVolume, trades, buyVolume, buyQuoteVolume };
}
