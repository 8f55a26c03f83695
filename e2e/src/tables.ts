import type { Alert, Analytics, Bar, Gap, Tick } from '@tandem/common';
import { expect } from 'vitest';
import type { Reader } from './tandem.ts';

/** Everything that must be equal between a disturbed and an undisturbed run. */
export interface Tables {
  ticks: Record<string, Omit<Tick, 'received'>[]>;
  bars: Record<string, Bar[]>;
  analytics: Record<string, Analytics[]>;
  alerts: Alert[];
  gaps: Gap[];
}

/** Reads the tables of a run up to `end` (ms), as any user can. */
export async function tablesOf(
  tandem: Pick<Reader, 'get' | 'table'>,
  symbols: readonly string[],
  intervals: readonly string[],
  studies: readonly string[],
  end: number,
): Promise<Tables> {
  const tables: Tables = { ticks: {}, bars: {}, analytics: {}, alerts: [], gaps: [] };
  for (const symbol of symbols) {
    const instrument = `binance-usdm:${symbol}`;
    const ticks = await tandem.table<Tick>(`ticks?instrument=${instrument}`);
    tables.ticks[symbol] = ticks.map(({ received: _, ...tick }) => tick);
    for (const interval of intervals) {
      const bars = await tandem.table<Bar>(`bars?instrument=${instrument}&interval=${interval}&to=${end}`);
      tables.bars[`${symbol} ${interval}`] = bars;
    }
    const { rows } = await tandem.get<{ rows: Gap[] }>(`/gaps?instrument=${instrument}`);
    // A gap that was repaired is history of the feed, not of the market.
    tables.gaps.push(...rows.filter((gap) => gap.state !== 'repaired'));
  }
  for (const study of studies) {
    tables.analytics[study] = await tandem.table<Analytics>(`analytics?study=${study}&to=${end}`);
  }
  tables.alerts = await tandem.table<Alert>(`alerts?to=${end}`);
  return tables;
}

/** Row for row; floating point to 1e-12. */
export function expectEqualTables(actual: Tables, expected: Tables): void {
  expect(actual.gaps).toEqual(expected.gaps);
  expectEqual(actual.ticks, expected.ticks);
  expectEqual(actual.bars, expected.bars);
  expectEqual(actual.analytics, expected.analytics);
  expect(actual.alerts.map(({ id }) => id)).toEqual(expected.alerts.map(({ id }) => id));
  expectEqual({ alerts: actual.alerts }, { alerts: expected.alerts });
}

function expectEqual(actual: Record<string, object[]>, expected: Record<string, object[]>): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, rows] of Object.entries(expected)) {
    expect(actual[name]?.length, `rows of ${name}`).toBe(rows.length);
    for (const [index, row] of rows.entries())
      expectEqualRow(actual[name]?.[index], row, `${name}[${index}]`);
  }
}

function expectEqualRow(actual: object | undefined, expected: object, where: string): void {
  const given = (actual ?? {}) as Record<string, unknown>;
  for (const [field, value] of Object.entries(expected)) {
    const other = given[field];
    if (typeof value === 'number' && typeof other === 'number') {
      const close = Math.abs(other - value) <= 1e-12 * Math.max(1, Math.abs(value));
      if (!close) expect.fail(`${where}.${field} is ${other}, not ${value}`);
    } else if (JSON.stringify(other) !== JSON.stringify(value)) {
      expect(given, `${where}.${field}`).toEqual(expected);
    }
  }
}
