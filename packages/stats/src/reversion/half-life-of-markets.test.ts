import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { halfLife, ols } from '../index.ts';

/** Recorded prices, beside the project's folder. */
const folder = join(fileURLToPath(import.meta.url), '../../../../../../shared/data');
const present = existsSync(folder);
if (!present) {
  if (process.env.CI === 'true') throw new Error('The recorded prices (shared/data) are missing.');
  process.stdout.write('The recorded prices (shared/data) are not here: their tests did not run.\n');
}

/** The named columns of a CSV file, row by row. */
function columns(path: string, names: readonly string[]): string[][] {
  const bytes = readFileSync(join(folder, path));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim();
  const [header = '', ...lines] = text.split(/\r?\n/);
  const places = names.map((name) => header.split(',').indexOf(name));
  return lines.map((line) => {
    const cells = line.split(',');
    return places.map((place) => cells[place] as string);
  });
}

/** The value of each key of a CSV file. */
function lookup(path: string, key: string, value: string): Map<string, number> {
  return new Map(columns(path, [key, value]).map(([k, v]) => [k as string, Number(v)]));
}

/** Log closes of every recorded perpetual at the times that all of them have. */
function logCloses(): Map<string, Float64Array> {
  const names = readdirSync(join(folder, 'scan-5m')).filter((name) => name.endsWith('USDT.csv.gz'));
  const closes = names.map((name) => lookup(`scan-5m/${name}`, 'open_time', 'close'));
  const shortest = closes.reduce((least, series) => (series.size < least.size ? series : least));
  const times = [...shortest.keys()].filter((time) => closes.every((series) => series.has(time)));
  return new Map(
    closes.map((series, i) => [
      (names[i] as string).replace('USDT.csv.gz', ''),
      Float64Array.from(times, (time) => Math.log(series.get(time) as number)),
    ]),
  );
}

describe.skipIf(!present)('half-lives of recorded markets', () => {
  it('gold came half-way back to its miners in 7.84 days of 2006 and 2007, as in Chan (2009)', () => {
    const gdx = lookup('pairs/GDX.csv', 'Date', 'Adj Close');
    const gld = lookup('pairs/GLD.csv', 'Date', 'Adj Close');
    const days = [...gdx.keys()].filter((day) => gld.has(day) && day <= '2007-11-30');
    const y = days.map((day) => gld.get(day) as number);
    const x = days.map((day) => gdx.get(day) as number);
    expect([days.length, days[0], days.at(-1)]).toEqual([385, '2006-05-23', '2007-11-30']);

    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    const beta = sum(y.map((v, i) => v * (x[i] as number))) / sum(x.map((v) => v * v));
    expect(beta).toBeCloseTo(1.6395227296, 10);
    // Less the mean of the days that have a next one, the intercept of the regression is 0.
    const spread = y.map((v, i) => v - beta * (x[i] as number));
    const mean = sum(spread.slice(0, -1)) / (spread.length - 1);
    const found = halfLife(spread.map((v) => v - mean));
    // numpy says 7.839030959224; the README of the data leaves out its eighth decimal.
    expect(found.halfLifeLinearNoConstant).toBeCloseTo(7.839030959224, 11);
    expect(found.halfLifeLinear).toBeCloseTo(7.839030959224, 11);
  });

  it('the spreads of 435 pairs of perpetuals revert as fast as statsmodels says, or not at all', () => {
    const logs = logCloses();
    const expected = columns('scan-5m/expected-statsmodels.csv', ['y', 'x', 'kappa', 'half_life_bars']);
    expect([logs.size, expected.length]).toEqual([30, 435]);
    expect(logs.get('BTC')).toHaveLength(8_639);
    for (const [first, second, kappa, bars] of expected) {
      const y = logs.get(first as string) as Float64Array;
      const x = logs.get(second as string) as Float64Array;
      const { alpha, beta } = ols(y, x);
      const found = halfLife(y.map((value, i) => value - alpha - beta * (x[i] as number)));
      expect(Math.abs(found.lambda / Number(kappa) - 1), `${first}-${second}`).toBeLessThan(1e-11);
      if (bars === '') expect(found.halfLifeLinear, `${first}-${second}`).toBeNull();
      else expect(Math.abs((found.halfLifeLinear ?? 0) / Number(bars) - 1)).toBeLessThan(1e-11);
    }
  });
});
