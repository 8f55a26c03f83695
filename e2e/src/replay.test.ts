import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasReference, klines, type NineFields, reference, usdm } from './reference.ts';
import { bin, scratch } from './tandem.ts';

const run = promisify(execFile);

type Row = Record<string, string>;

/** Rows of a CSV file without quoted fields. */
function rowsOf(file: string): Row[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, index) => [names[index], value])),
  );
}

describe.skipIf(!hasReference)('a recording that is replayed', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  beforeAll(async () => {
    directory = await scratch();
  });
  afterAll(() => directory.remove());

  /** Replays files and returns what was said and the bars. */
  async function replay(
    name: string,
    ...files: string[]
  ): Promise<{ said: string; bars: Row[]; file: string }> {
    const file = join(directory.path, `${name}.csv`);
    const { stdout } = await run(process.execPath, [bin, 'replay', ...files, '--bars', file]);
    return { said: stdout, bars: rowsOf(file), file };
  }

  const fields = [
    'open',
    'high',
    'low',
    'close',
    'volume',
    'quoteVolume',
    'trades',
    'buyVolume',
    'buyQuoteVolume',
  ];

  it('gives bars equal to the exchange in all nine fields for every complete minute, and marks the others', async () => {
    const { bars } = await replay('usdm', ...usdm.files);
    for (const symbol of usdm.symbols) {
      const minutes = bars.filter((bar) => bar.symbol === symbol && bar.interval === '1m');
      const complete = minutes.filter((bar) => bar.complete === 'true');
      expect(complete.map((bar) => Number(bar.time))).toEqual(
        [0, 1, 2, 3, 4].map((minute) => usdm.firstComplete + minute * 60_000),
      );
      for (const bar of complete) {
        const nine = Object.fromEntries(fields.map((field) => [field, Number(bar[field])]));
        expect(nine as unknown as NineFields).toEqual(klines(symbol).get(Number(bar.time)));
      }
      expect(minutes[0]).toMatchObject({ time: String(usdm.firstComplete - 60_000), complete: 'false' });
    }
    const last = bars.filter((bar) => bar.symbol === 'ETHUSDT' && bar.interval === '1m').at(-1);
    expect(last).toMatchObject({ time: String(usdm.end), trades: '25', complete: 'false' });
  });

  it('has the columns that are promised, in their order', async () => {
    const { file } = await replay('header', usdm.files[0] as string);
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(
      'dataset,venue,symbol,interval,time,open,high,low,close,volume,quoteVolume,vwap,trades,buyVolume,buyQuoteVolume,complete,gap,revision,source',
    );
  });

  it('does not depend on the order of the files, and two sessions are one', async () => {
    const spot = ['btcusdt_20240808', 'btcusdt_20240809', 'ethusdt_20240808', 'ethusdt_20240809'].map(
      (name) => reference('binance-spot-2024-08-08', `${name}.gz`),
    );
    const forward = await replay('forward', ...spot);
    const backward = await replay('backward', ...[...spot].reverse());
    expect(readFileSync(backward.file, 'utf8')).toBe(readFileSync(forward.file, 'utf8'));
    const minutes = forward.bars.filter((bar) => bar.interval === '1m' && bar.symbol === 'BTCUSDT');
    // From 23:54 to 00:05 without a hole; only the first and the last were seen in part.
    expect(minutes.length).toBe(12);
    expect(minutes.map((bar) => bar.complete)).toEqual(
      minutes.map((_, index) => String(index > 0 && index < 11)),
    );
    expect(minutes.every((bar) => bar.gap === 'false')).toBe(true);
    expect(minutes.reduce((sum, bar) => sum + Number(bar.trades), 0)).toBe(3_735_703_162 - 3_735_683_259 + 1);
  });

  it.each(
    hasReference ? readdirSync(reference('venue-recordings')).filter((name) => name.endsWith('.gz')) : [],
  )('leaves no frame of %s unhandled', async (name) => {
    const { said, bars } = await replay(name, reference('venue-recordings', name));
    expect(said).toContain('0 unknown frames, 0 malformed frames, 0 refused lines');
    expect(bars.length).toBeGreaterThan(0);
  });

  it('makes no bar of prints without a price', async () => {
    const { said, bars } = await replay('ndjson', reference('ndjson', 'futures-2025-10-31.ndjson'));
    expect(said).toContain('885 ticks, 2 filtered');
    expect(said).toContain('1602 ticks, 2 filtered');
    expect(bars.every((bar) => bar.low === '' || Number(bar.low) > 0)).toBe(true);
    const fills = bars
      .filter((bar) => bar.interval === '1s')
      .reduce((sum, bar) => sum + Number(bar.trades), 0);
    expect(fills).toBe(2_487);
    // The recording does not tell who was the aggressor, so nobody guesses.
    expect(bars.filter((bar) => Number(bar.trades) > 0).every((bar) => bar.buyVolume === '')).toBe(true);
  });

  it('says in one sentence what is wrong with its input', async () => {
    const failed = (...args: string[]) =>
      run(process.execPath, [bin, 'replay', ...args]).then(
        () => 'it did not fail',
        (error: { code: number; stderr: string }) => `${error.code} ${error.stderr}`,
      );
    expect(await failed('no-such-file.gz')).toBe(
      '1 no-such-file.gz cannot be opened: there is no such file\n',
    );
    expect(await failed(bin)).toMatch(/^1 .*is no recording.*\n$/);
    expect(await failed('--dataset', 'live', usdm.files[0] as string)).toMatch(
      /^1 --dataset live is refused/,
    );
    expect(await failed('--speed', '0', usdm.files[0] as string)).toMatch(/^1 --speed "0" is refused/);
  });
});
