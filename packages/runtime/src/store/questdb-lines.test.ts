import { expect, it } from 'vitest';
import { cellsOf } from './duckdb-rows.ts';
import { linesOf } from './questdb-lines.ts';
import { barRow, tickRow } from './sample-rows.fixture.ts';
import { type Table, tables } from './tables.ts';

const cellsIn = (table: Table, row: object) => cellsOf(table, row as Record<string, unknown>);

it('a row is a line: every column but time by its name, time in microseconds', () => {
  const cells = [cellsIn(tables.ticks, tickRow(1)), cellsIn(tables.ticks, tickRow(2, { price: -0 }))];
  expect(linesOf(tables.ticks, 'x_ticks', cells)).toBe(
    [
      'x_ticks dataset="live",venue="sim",symbol="AAA",id="1",price=100.125,quantity=0.1,side="buy",count=1i,received=1700000000051i 1700000000001000t',
      'x_ticks dataset="live",venue="sim",symbol="AAA",id="2",price=-0,quantity=0.1,side="sell",count=1i,received=1700000000052i 1700000000002000t',
      '',
    ].join('\n'),
  );
});

it('what is null is left out, and true and false are letters', () => {
  const nothing = { open: null, high: null, low: null, close: null, vwap: null, buyVolume: null };
  const cells = [cellsIn(tables.bars, barRow(0, { ...nothing, buyQuoteVolume: null, gap: true }))];
  expect(linesOf(tables.bars, 'bars', cells)).toBe(
    'bars dataset="live",venue="sim",symbol="AAA",interval="1m",volume=10,quoteVolume=20,trades=7i,complete=t,gap=t,revision=7i,source="trades" 1700000040000000t\n',
  );
});

it('no text can end its field or its line', () => {
  const id = '1",price=0 1\nticks x="\\';
  expect(linesOf(tables.ticks, 'ticks', [cellsIn(tables.ticks, tickRow(1, { id }))])).toContain(
    ',id="1\\",price=0 1\\\nticks x=\\"\\\\",price=100.125,',
  );
});
