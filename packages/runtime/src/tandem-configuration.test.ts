import { presets } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { questdbForm } from './store/questdb-address.ts';
import { readTandemConfiguration, tandemSettings } from './tandem-configuration.ts';
import { instrumentNamed } from './tandem-names.ts';

const read = (...argv: string[]) => {
  const reading = readTandemConfiguration({}, argv);
  if (reading.kind !== 'configuration') throw new Error(JSON.stringify(reading));
  return reading.configuration;
};
const faults = (...argv: string[]) => {
  const reading = readTandemConfiguration({}, argv);
  return reading.kind === 'faults' ? reading.faults : [];
};

describe("Tandem's settings", () => {
  it('need nothing to be set', () => {
    expect(read()).toMatchObject({
      feed: 'auto',
      stream: 'aggTrade',
      intervals: ['1s', '1m', '5m'],
      windows: { '1s': 600, '1m': 240, '5m': 288 },
      bus: 'memory:',
      store: 'duckdb:./data/tandem.duckdb',
      settings: 'file:./data/settings',
      host: '127.0.0.1',
      port: 8080,
      allowedHosts: [],
      warmStart: true,
      webhooks: [],
      webhookPrivate: false,
      alertSimulated: false,
      ruleZ: 2,
      ruleCooldown: presets.divergence.rule().cooldown,
      ruleIntervals: ['1m', '5m'],
      retentionDays: { ticks: 3, gaps: 400, bars: 30, analytics: 30, alerts: 400, deliveries: 400 },
      logLevel: 'info',
      logFormat: 'auto',
    });
    expect(read().pairs).toHaveLength(3);
  });

  it('know where the page is from this machine, unless its port is chosen at the start', () => {
    expect(read().pageUrl).toBe('http://127.0.0.1:8080');
    expect(read('--host', '0.0.0.0', '--port', '81').pageUrl).toBe('http://127.0.0.1:81');
    expect(read('--port', '0').pageUrl).toBeUndefined();
    expect(read('--port', '0', '--page-url', 'https://tandem.example/').pageUrl).toBe(
      'https://tandem.example',
    );
  });

  it('name instruments by the symbol of the feed or in full', () => {
    const { instruments, pairs } = read(
      '--instruments',
      'BTCUSDT,binance-spot:BTCUSDT',
      '--pairs',
      'BTCUSDT/binance-spot:BTCUSDT',
    );
    expect(instruments.map((name) => instrumentNamed(name, 'sim'))).toEqual([
      'sim:BTCUSDT',
      'binance-spot:BTCUSDT',
    ]);
    expect(pairs.map(({ y, x }) => [y.venue, x.venue])).toEqual([[undefined, 'binance-spot']]);
  });

  it('name tags of a pair, by which rules pick its studies', () => {
    const { pairs } = read('--pairs', 'BTCUSDT/ETHUSDT#majors#l-1,SOLUSDT/ETHUSDT');
    expect(pairs.map(({ x, tags }) => [x.symbol, tags])).toEqual([
      ['ETHUSDT', ['majors', 'l-1']],
      ['ETHUSDT', []],
    ]);
    for (const wrong of ['BTCUSDT/ETHUSDT#', 'BTCUSDT/ETHUSDT#Big Ones', 'BTCUSDT#majors/ETHUSDT']) {
      expect(() => read('--pairs', wrong), wrong).toThrow('#tag');
    }
  });

  it('choose pairs and rule intervals that fit what is watched when none are named', () => {
    const pairs = (...argv: string[]) => read(...argv).pairs.map(({ y, x }) => `${y.symbol}/${x.symbol}`);
    expect(pairs('--instruments', 'ETHUSDT,BTCUSDT')).toEqual(['BTCUSDT/ETHUSDT']);
    expect(pairs('--instruments', 'ADAUSDT,XRPUSDT')).toEqual(['ADAUSDT/XRPUSDT']);
    expect(pairs('--instruments', 'ADAUSDT')).toEqual([]);
    expect(read('--intervals', '1s,1m').ruleIntervals).toEqual(['1m']);
  });

  it('keep the defaults of what a list by name leaves out', () => {
    expect(read('--windows', '1m=100').windows).toEqual({ '1s': 600, '1m': 100, '5m': 288 });
    expect(read('--retention-days', 'ticks=1').retentionDays).toMatchObject({ ticks: 1, bars: 30 });
  });

  it.each([
    ['--feed', 'kraken'],
    ['--instruments', ''],
    ['--instruments', 'btcusdt'],
    ['--instruments', 'BTCUSDT,BTCUSDT'],
    ['--instruments', 'nyse:IBM'],
    ['--pairs', 'BTCUSDT'],
    ['--pairs', 'BTCUSDT/BTCUSDT'],
    ['--pairs', 'BTCUSDT/ETHUSDT/SOLUSDT'],
    ['--pairs', 'BTCUSDT/ADAUSDT'],
    ['--intervals', '1m,5m'],
    ['--intervals', '1s,7m'],
    ['--intervals', '1s,15m'],
    ['--rule-intervals', '15m'],
    ['--windows', '1m=19'],
    ['--windows', '1m'],
    ['--windows', '1m=100,1m=200'],
    ['--bus', 'redis://localhost'],
    ['--store', 'postgres://localhost'],
    ['--host', 'a b'],
    ['--binance-spot-ws', 'https://stream.binance.com'],
    ['--binance-spot-rest', 'wss://api.binance.com'],
    ['--webhooks', 'ftp://example.com'],
    ['--retention-days', 'ticks=0'],
    ['--retention-days', 'trades=3'],
    ['--log-level', 'loud'],
  ])('refuse %s %j with one sentence that names the setting', (flag, value) => {
    const found = faults(flag, value);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(flag);
  });

  it('lists the adapters that are known', () => {
    expect(faults('--store', 'redis:')).toEqual([
      `--store is "redis:", which is refused: it is not known; known: duckdb:PATH, ${questdbForm}`,
    ]);
  });

  it('takes URLs of simulators, proxies and testnets', () => {
    expect(read('--binance-usdm-ws', 'ws://127.0.0.1:9000/').binanceUsdmWs).toBe('ws://127.0.0.1:9000');
  });

  it('gives each setting a variable and a flag of its own, that say the same', () => {
    for (const [name, { env, flag }] of Object.entries(tandemSettings)) {
      const words = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      expect(env).toBe(`TANDEM_${words}`);
      expect(flag).toBe(`--${words.toLowerCase().replaceAll('_', '-')}`);
    }
  });

  it('keeps keys and webhooks secret', () => {
    expect(tandemSettings.binanceApiKey.secret && tandemSettings.webhooks.secret).toBe(true);
  });
});
