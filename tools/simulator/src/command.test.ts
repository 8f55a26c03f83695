import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readArguments } from './command.ts';
import { recording, startSimulator } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const frame = (id: number, time: number, symbol = 'ABCUSDT'): string =>
  `${time}000000 {"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${time},"T":${time},"s":"${symbol}","t":${id},"p":"1.50","q":"2","X":"MARKET","m":false}}`;

describe('the command line', () => {
  it('starts a seeded market unless it is told otherwise', () => {
    const { venue, port, speed, control } = readArguments([
      '--seed',
      '4',
      '--venue',
      'binance-spot',
      '--control',
    ]);
    expect({ venue, port, speed, control }).toEqual({
      venue: 'binance-spot',
      port: 0,
      speed: 1,
      control: true,
    });
  });

  it('plays plain recordings, skipping lines that are no frames, and reads the venue from them', () => {
    const file = join(folder, 'plain');
    const lines = [
      '# note',
      frame(7, 1000),
      '{"lastUpdateId":1}',
      `${frame(8, 2000).slice(0, -9)}`,
      frame(9, 3000),
    ];
    writeFileSync(file, lines.join('\n'));
    const { venue, history } = readArguments(['--recording', file, '--speed', '0']);
    expect(venue).toBe('binance-usdm');
    expect([...history.trades('ABCUSDT').from(0)].map(({ id }) => id)).toEqual([7, 9]);
    expect(() => readArguments(['--recording', file, '--venue', 'binance-spot'])).toThrow(
      'leave --venue out',
    );
  });

  it.each([
    [['--speed', 'fast'], '--speed cannot be fast'],
    [['--port', '70000'], '--port cannot be 70000'],
    [['--venue', 'moon'], '--venue cannot be moon'],
    [['--speed', '0'], 'a market has no end'],
    [['stray'], 'unexpected argument stray'],
    [['--nonsense'], '--nonsense'],
  ])('refuses %j in one sentence', (args, sentence) => {
    expect(() => readArguments(args)).toThrow(sentence);
  });

  it('refuses a recording without trades', () => {
    expect(() => recording([])).toThrow('no @trade frames');
  });
});

describe('a recording at a finite speed', () => {
  it('keeps to its own clock, and the clock goes on after its end', async () => {
    const other = mkdtempSync(join(tmpdir(), 'simulator-'));
    const file = join(other, 'plain');
    writeFileSync(file, [frame(1, 100_000), frame(2, 101_000)].join('\n'));
    const history = recording([file]);
    const simulator = await startSimulator({ history, venue: history.venue, speed: 50, startOn: 'start' });
    try {
      expect(simulator.now()).toBe(99_999);
      simulator.start();
      await simulator.finished;
      const end = simulator.now();
      expect(end).toBeGreaterThanOrEqual(101_000);
      while (simulator.now() === end) await new Promise((resolve) => setTimeout(resolve, 2));
    } finally {
      await simulator.stop();
      rmSync(other, { recursive: true });
    }
  });
});
