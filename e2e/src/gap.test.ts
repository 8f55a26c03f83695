import { setTimeout as sleep } from 'node:timers/promises';
import { type Analytics, type Bar, type FeedStatus, type Gap, metrics } from '@tandem/common';
import type { Simulator } from '@tandem/simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasReference, usdm } from './reference.ts';
import { recorded, serveRecording, watching } from './served-recording.ts';
import { expectEqualTables, type Tables, tablesOf } from './tables.ts';
import { scratch, Tandem, until } from './tandem.ts';

const speed = 25;
const slowly = 15;
const bitcoin = 'binance-usdm:BTCUSDT';
const study = 'btc-eth-1s';
const minute = 60_000;

/** Watches the recording to its end while `disturb` does its worst, and reads the tables. */
async function run(
  simulator: Simulator,
  disturb: (tandem: Tandem) => Promise<void> = async () => {},
): Promise<{ tables: Tables; gaps: Gap[] }> {
  const directory = await scratch();
  const tandem = new Tandem(watching(simulator, directory.path));
  try {
    await tandem.start();
    await disturb(tandem);
    await recorded(tandem, 240_000);
    await until('every gap is repaired', async () => (await openGaps(tandem)).length === 0);
    return { tables: await settled(tandem), gaps: await gapsOf(tandem) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\n${tandem.output.slice(-4_000)}`);
  } finally {
    await tandem.stop();
    await simulator.stop();
    await directory.remove();
  }
}

/** The tables once they no longer change: what a repair amends is computed after it. */
async function settled(tandem: Tandem): Promise<Tables> {
  for (let previous = ''; ; ) {
    const tables = await tablesOf(tandem, usdm.symbols, ['1s', '1m', '5m'], [study, 'btc-eth-1m'], usdm.end);
    const text = JSON.stringify(tables);
    if (text === previous) return tables;
    previous = text;
    await sleep(700);
  }
}

/**
 * Every number is what it would have been. Alerts are not compared: they were decided on what was known then, and an
 * amendment neither fires nor retracts one.
 */
function expectMended(tables: Tables, undisturbed: Tables): void {
  expectEqualTables({ ...tables, alerts: [] }, { ...undisturbed, alerts: [] });
}

async function openGaps(tandem: Tandem): Promise<Gap[]> {
  return (await gapsOf(tandem)).filter(({ state }) => state === 'open');
}

async function gapsOf(tandem: Tandem): Promise<Gap[]> {
  return (await tandem.get<{ rows: Gap[] }>('/gaps')).rows;
}

async function bars(tandem: Tandem, instrument: string, from: number, to: number): Promise<Bar[]> {
  const path = `/bars?instrument=${instrument}&interval=1s&from=${from}&to=${to}&limit=2000`;
  return (await tandem.get<{ rows: Bar[] }>(path)).rows;
}

/** Resolves when bitcoin's bars have reached this exchange time. */
function reached(tandem: Tandem, time: number): Promise<void> {
  return until(`bars have reached ${new Date(time).toISOString()}`, async () => {
    const { feeds } = await tandem.get<{ feeds: FeedStatus[] }>('/feeds');
    const { rows } = await tandem.get<{ rows: Bar[] }>(`/bars?instrument=${bitcoin}&interval=1s&limit=1`);
    return feeds.length > 0 && (rows[0]?.time ?? 0) >= time;
  });
}

const second = (time: number) => Math.floor(time / 1_000) * 1_000;

describe.skipIf(!hasReference)('trades that are missing', () => {
  let undisturbed: Tables;
  beforeAll(async () => {
    undisturbed = (await run(await serveRecording(speed))).tables;
    expect(undisturbed.ticks.BTCUSDT?.length).toBe(21_313);
    expect(undisturbed.gaps).toEqual([]);
  }, 300_000);

  it('are an open gap with null bars and no numbers while they cannot be had, and mended in every table once they can', async () => {
    const simulator = await serveRecording(speed);
    const { tables, gaps } = await run(simulator, async (tandem) => {
      // Long enough that the analytics are warm, so that their numbers are missed.
      await reached(tandem, usdm.firstComplete + 1.5 * minute);
      simulator.faults.rest({ answer: 'status', status: 451 });
      simulator.faults.skip({ stream: 'btcusdt@trade', count: 700 });
      await until('the gap is known', async () => (await gapsOf(tandem)).length > 0);
      const [gap] = await gapsOf(tandem);
      if (gap === undefined) throw new Error('no gap');
      expect(gap).toMatchObject({ symbol: 'BTCUSDT', missing: 700, state: 'open' });
      expect(gap.reason).toContain('451');
      await reached(tandem, second(gap.toTime) + 3_000);
      // What this second says of the other leg and of the pair comes a moment later.
      const told = second(gap.toTime);
      await until('the pair has been told', async () => (await analytics(tandem, told, told + 1)).length > 0);
      await expectHonest(tandem, gap);

      simulator.faults.clear();
      expect(await tandem.stop()).toBe(0);
      await tandem.start();
    });
    expect(gaps.map(({ state }) => state)).toEqual(gaps.map(() => 'repaired'));
    expect(gaps.reduce((sum, { missing }) => sum + missing, 0)).toBe(700);
    expectMended(tables, undisturbed);
  }, 300_000);

  it('are declared after Tandem was away for more than two minutes, repaired behind, and mended in every table', async () => {
    const { tables, gaps } = await run(await serveRecording(slowly), async (tandem) => {
      // Early, and slowly, so that the recording is still being played when a slow machine has started again.
      await reached(tandem, usdm.firstComplete + 10_000);
      await tandem.kill();
      // 140 s of the exchange's time.
      await sleep(140_000 / slowly);
      await tandem.start();
    });
    expectDeclared(gaps);
    expectMended(tables, undisturbed);
  }, 300_000);

  it('are declared after the exchange was away for more than two minutes, repaired behind, and mended in every table', async () => {
    const simulator = await serveRecording(speed);
    const { tables, gaps } = await run(simulator, async (tandem) => {
      await reached(tandem, usdm.firstComplete + minute);
      simulator.faults.rest({ answer: 'cut' });
      simulator.faults.silence();
      await sleep(140_000 / speed);
      simulator.faults.clear();
    });
    expectDeclared(gaps);
    expectMended(tables, undisturbed);
  }, 300_000);
});

/** A long absence of each instrument was declared, and has been repaired. */
function expectDeclared(gaps: readonly Gap[]): void {
  expect(new Set(gaps.map(({ symbol }) => symbol))).toEqual(new Set(usdm.symbols));
  for (const gap of gaps) {
    expect(gap.reason).toMatch(/^away for \d+ s$/);
    expect(gap.state).toBe('repaired');
  }
}

/** While a gap is open: what it touches says so, and nothing is invented; what it does not touch is untouched. */
async function expectHonest(tandem: Tandem, gap: Gap): Promise<void> {
  const [from, to] = [second(gap.time), second(gap.toTime) + 1_000];
  const around = await bars(tandem, bitcoin, from - 5_000, to + 2_000);
  const touched = around.filter(({ time }) => time >= from && time < to);
  expect(touched.length).toBe((to - from) / 1_000);
  expect(touched.every((bar) => bar.gap)).toBe(true);
  expect(around.filter((bar) => !touched.includes(bar)).every((bar) => !bar.gap)).toBe(true);

  const empty = touched.filter((bar) => bar.trades === 0);
  expect(empty.length).toBeGreaterThan(3);
  for (const bar of empty) {
    const { open, high, low, close, vwap, volume, quoteVolume } = bar;
    expect({ open, high, low, close, vwap, volume, quoteVolume }).toEqual({
      open: null,
      high: null,
      low: null,
      close: null,
      vwap: null,
      volume: 0,
      quoteVolume: 0,
    });
  }
  // Nothing is invented: the bars hold the trades that came, no more.
  const path = `/ticks?instrument=${bitcoin}&from=${from}&to=${to}&limit=2000`;
  const ticks = (await tandem.get<{ rows: { count: number }[] }>(path)).rows;
  expect(touched.reduce((sum, bar) => sum + bar.trades, 0)).toBe(ticks.length);

  const other = await bars(tandem, 'binance-usdm:ETHUSDT', from, to);
  expect(other.length).toBe(touched.length);
  expect(other.every((bar) => !bar.gap && bar.close !== null)).toBe(true);

  const rows = await analytics(tandem, from, to);
  expect(rows.length).toBe(touched.length);
  for (const row of rows) {
    expect(row.state).toBe('gap');
    expect(metrics.filter((metric) => row[metric] !== null)).toEqual([]);
  }
  const [before] = await analytics(tandem, from - 1_000, from);
  // How usable the hedge ratio was is the market's business.
  expect(['live', 'invalid']).toContain(before?.state);
  expect(before?.z).not.toBeNull();
}

async function analytics(tandem: Tandem, from: number, to: number): Promise<Analytics[]> {
  return (
    await tandem.get<{ rows: Analytics[] }>(`/analytics?study=${study}&from=${from}&to=${to}&limit=2000`)
  ).rows;
}
