import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { halfLife, ols } from '../index.ts';
import { engleGranger, johansen } from './index.ts';

/** Recorded markets, beside the project's folder. */
const folder = join(fileURLToPath(import.meta.url), '../../../../../../shared/data');
const present = existsSync(folder);
if (!present) {
  if (process.env.CI === 'true') throw new Error('The recorded markets (shared/data) are missing.');
  process.stdout.write('The recorded markets (shared/data) are not here: their tests did not run.\n');
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Lines of a table as cells, the first being the names of the columns. */
function cellsOf(text: string): string[][] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
}

/** Values of one column by those of another. */
function columnOf(text: string, key: string, name: string): Map<string, number> {
  const [names = [], ...rows] = cellsOf(text);
  const from = names.indexOf(key);
  const to = names.indexOf(name);
  return new Map(rows.map((row) => [row[from] as string, Number(row[to])]));
}

/** Series of the keys that all have, in the order of the first. */
function joined<K extends string>(columns: Record<K, Map<string, number>>): Record<K, Float64Array> {
  const maps = Object.values(columns) as Map<string, number>[];
  const keys = [...(maps[0] as Map<string, number>).keys()].filter((key) =>
    maps.every((map) => map.has(key)),
  );
  return Object.fromEntries(
    Object.entries<Map<string, number>>(columns).map(([name, map]) => [
      name,
      Float64Array.from(keys, (key) => map.get(key) as number),
    ]),
  ) as Record<K, Float64Array>;
}

function near(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found - wanted), `${found} should be ${wanted}`).toBeLessThanOrEqual(
    relative * Math.abs(wanted),
  );
}

describe.skipIf(!present)('recorded pairs', () => {
  it('finds gold miners tied to gold in 2006 and 2007, to the published digits', () => {
    const { gld, gdx } = joined({
      gdx: columnOf(read('pairs/GDX.csv'), 'Date', 'Adj Close'),
      gld: columnOf(read('pairs/GLD.csv'), 'Date', 'Adj Close'),
    });
    expect(gld.length).toBe(385);
    const test = engleGranger(gld, gdx);
    near(test.stat, -3.6981160763300593, 1e-10);
    near(test.pValue, 0.018427835409537425, 1e-10);
  });

  it('finds Canada tied to Australia, to the published digits', () => {
    const rows = read('pairs/inputData_EWA_EWC.csv');
    const { ewa, ewc } = joined({ ewa: columnOf(rows, 'Date', 'EWA'), ewc: columnOf(rows, 'Date', 'EWC') });
    const test = engleGranger(ewc, ewa, { lagSelection: 'fixed', maxLag: 1 });
    expect(test.beta).toBeCloseTo(0.9624293987, 9);
    expect(test.alpha).toBeCloseTo(6.4113313867, 8);
    expect(test.stat).toBeCloseTo(-3.6435146, 7);
    expect(test.pValue).toBeCloseTo(0.0216221, 7);
    const { trace } = johansen([ewa, ewc]);
    expect(trace[0]).toBeCloseTo(19.98321869, 8);
    expect(trace[1]).toBeCloseTo(3.98276124, 8);
  });

  it('scans 435 pairs of perpetuals over a month of 5 minute bars as statsmodels does', () => {
    const closes = Object.fromEntries(
      readdirSync(join(folder, 'scan-5m'))
        .filter((name) => name.endsWith('.csv.gz'))
        .map((name) => {
          const text = gunzipSync(readFileSync(join(folder, 'scan-5m', name))).toString('utf8');
          return [name.replace('USDT.csv.gz', ''), columnOf(text, 'open_time', 'close')];
        }),
    );
    const series = Object.fromEntries(
      Object.entries(joined(closes)).map(([name, values]) => [name, values.map(Math.log)]),
    );
    const [names = [], ...pairs] = cellsOf(read('scan-5m/expected-statsmodels.csv'));
    expect(pairs.length).toBe(435);
    for (const pair of pairs) {
      comparePair(Object.fromEntries(names.map((name, i) => [name, pair[i] ?? ''])), series);
    }
  });
});

function comparePair(pair: Record<string, string>, series: Record<string, Float64Array>): void {
  const y = series[pair.y as string] as Float64Array;
  const x = series[pair.x as string] as Float64Array;
  const wanted = (name: string): number => Number(pair[name]);
  const test = engleGranger(y, x, { lagSelection: 'fixed', maxLag: 1 });
  expect(test.n).toBe(8639);
  near(test.alpha as number, wanted('alpha'), 1e-9);
  near(test.beta, wanted('beta'), 1e-9);
  // A share of 1: the reference takes it as 1 less what is left.
  expect(Math.abs(test.rSquared - wanted('r2'))).toBeLessThanOrEqual(1e-9);
  near(test.stat, wanted('eg_t_lag1'), 1e-6);
  near(test.pValue, wanted('eg_p_lag1'), 1e-4);
  if (pair.eg_t_aic !== '') {
    const searched = engleGranger(y, x);
    near(searched.stat, wanted('eg_t_aic'), 1e-6);
    near(searched.pValue, wanted('eg_p_aic'), 1e-4);
  }
  const fit = ols(y, x);
  const spread = Float64Array.from(y, (value, i) => value - fit.alpha - fit.beta * (x[i] as number));
  const life = halfLife(spread);
  near(life.lambda, wanted('kappa'), 1e-6);
  near(life.halfLifeLinear as number, wanted('half_life_bars'), 1e-6);
  near(fit.lastResidual / Math.sqrt(fit.ssr / fit.n), wanted('last_z_ddof0'), 1e-6);
}
