import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAggregates, readFrame, readKlines, readTrades } from './binance.ts';
import { binanceSpot } from './binance-spot.ts';
import { binanceUsdm } from './binance-usdm.ts';
import { decimalAt } from './decimal.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const fill = {
  e: 'trade',
  E: 1789893896925,
  T: 1789893896920,
  s: 'BTCUSDT',
  t: 8097313955,
  p: '80227.00',
  q: '0.010',
  X: 'MARKET',
  m: true,
  st: 1,
};
const aggregate = {
  e: 'aggTrade',
  E: 1781416439080,
  a: 3339472008,
  s: 'BTCUSDT',
  p: '64339.20',
  q: '0.123',
  nq: '0.123',
  f: 7786568797,
  l: 7786568801,
  T: 1781416438926,
  m: false,
};

describe('frames of Binance', () => {
  it('a fill is read with its aggressor, raw and combined alike', () => {
    const expected = {
      kind: 'print',
      clock: 1789893896925,
      print: {
        symbol: 'BTCUSDT',
        id: 8097313955,
        time: 1789893896920,
        price: 80227,
        quantity: 0.01,
        side: 'sell',
        count: 1,
        market: true,
      },
    };
    expect(readFrame(bytes(fill), 'trade')).toEqual(expected);
    expect(readFrame(bytes({ stream: 'btcusdt@trade', data: fill }), 'trade')).toEqual(expected);
  });

  it('an aggregate counts its fills', () => {
    expect(readFrame(bytes(aggregate), 'aggTrade')).toMatchObject({
      print: { id: 3339472008, count: 5, side: 'buy' },
    });
  });

  it('a print without price, of the insurance fund or of an unknown kind is no market execution, but its id counts', () => {
    for (const other of [
      { p: '0', q: '0', X: 'NA' },
      { X: 'INSURANCE_FUND' },
      { X: 'ADL' },
      { X: 'NEW' },
      { p: '0' },
    ]) {
      expect(readFrame(bytes({ ...fill, ...other }), 'trade')).toMatchObject({
        kind: 'print',
        print: { market: false },
      });
    }
  });

  it('the stream that was not chosen only tells the time, so that no trade counts twice', () => {
    expect(readFrame(bytes(fill), 'aggTrade')).toEqual({ kind: 'clock', clock: fill.E });
  });

  it('COIN-M frames on the shared host are another instrument', () => {
    expect(readFrame(bytes({ ...fill, st: 2 }), 'trade')).toEqual({ kind: 'control' });
  });

  it('microseconds of spot are read as milliseconds', () => {
    const reading = readFrame(bytes({ ...fill, E: 1789893896925123, T: 1789893896920999 }), 'trade');
    expect(reading).toMatchObject({ clock: 1789893896925, print: { time: 1789893896920 } });
  });

  it('control frames, shutdown notices and refusals are told apart', () => {
    expect(readFrame(bytes({ result: null, id: 1 }), 'trade')).toEqual({ kind: 'control' });
    expect(readFrame(bytes({ e: 'serverShutdown', E: 1 }), 'trade')).toEqual({ kind: 'closing' });
    expect(
      readFrame(bytes({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } }), 'trade'),
    ).toEqual({
      kind: 'closing',
    });
    expect(readFrame(bytes({ error: { code: 2, msg: 'Invalid request' }, id: 4 }), 'trade').kind).toBe(
      'refusal',
    );
    expect(readFrame(bytes({ e: 'depthUpdate', E: 1789893896920 }), 'trade')).toEqual({
      kind: 'clock',
      clock: 1789893896920,
    });
    expect(readFrame(bytes({ e: 'somethingNew' }), 'trade')).toEqual({
      kind: 'unknown',
      what: 'somethingNew',
    });
  });

  it.each([
    ['truncated', JSON.stringify(fill).slice(0, 60)],
    ['a list', '[1,2]'],
    ['no price', JSON.stringify({ ...fill, p: undefined })],
    ['a price in words', JSON.stringify({ ...fill, p: 'NaN' })],
    ['a negative price', JSON.stringify({ ...fill, p: '-1' })],
    ['an id as text', JSON.stringify({ ...fill, t: '8097313955' })],
    ['an id beyond exactness', JSON.stringify(fill).replace('8097313955', '9007199254740993')],
    ['a hostile symbol', JSON.stringify({ ...fill, s: 'BTC.USDT>' })],
    ['a symbol with a line break', JSON.stringify({ ...fill, s: 'BTC\r\nUSDT' })],
    ['a side in words', JSON.stringify({ ...fill, m: 'true' })],
    ['an empty aggregate', JSON.stringify({ ...fill, m: null })],
  ])('%s is malformed', (_, frame) => {
    expect(readFrame(Buffer.from(frame), 'trade').kind).toBe('malformed');
  });

  it('the fast way of reading never reads differently from JSON.parse', () => {
    const odd = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        '0',
        '00.10',
        '1.',
        '.5',
        '1e5',
        '123456789012345678',
        '0.00000001',
        '1.7976931348623157',
      ),
      fc.constantFrom(0, 1, 1e15, 9007199254740992, 1.5),
      fc.object({ maxDepth: 1 }),
    );
    const decimal = fc.tuple(fc.nat(99_999_999), fc.nat(99_999_999)).map(([a, b]) => `${a}.${b}`);
    const key = fc.constantFrom(
      'e',
      'E',
      'T',
      's',
      't',
      'a',
      'p',
      'q',
      'nq',
      'f',
      'l',
      'm',
      'M',
      'X',
      'st',
      'b',
      'zz',
      'extra',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(fill, aggregate),
        decimal,
        decimal,
        fc.array(fc.tuple(key, odd), { maxLength: 2 }),
        fc.boolean(),
        fc.constantFrom('trade' as const, 'aggTrade' as const),
        (base, p, q, changes, wrapped, stream) => {
          const data = { ...base, p, q, ...Object.fromEntries(changes) };
          const frame = wrapped ? { stream: 'btcusdt@trade', data } : data;
          // White space makes the fast way give up.
          expect(readFrame(bytes(frame), stream)).toEqual(
            readFrame(bytes(JSON.stringify(frame, null, 1)), stream),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never throws and never invents a print, whatever bytes arrive', () => {
    const mutations = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(mutations, (changes) => {
        const frame = bytes({ stream: 'btcusdt@trade', data: fill });
        for (const [at, byte] of changes) frame[at % frame.length] = byte;
        const reading = readFrame(frame, 'trade');
        if (reading.kind !== 'print') return;
        const { print } = reading;
        expect(print.symbol).toMatch(/^[A-Z0-9_-]+$/);
        expect(Number.isSafeInteger(print.id) && print.price >= 0 && print.quantity >= 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a decimal is read as the nearest double, exactly as Number reads it', () => {
    fc.assert(
      fc.property(
        fc.nat(9_999_999),
        fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 10 }),
        (a, b) => {
          const text = b === '' ? String(a) : `${a}.${b}`;
          const read = decimalAt(Buffer.from(text), 0, text.length);
          if (!Number.isNaN(read)) expect(read).toBe(Number(text));
          else expect(text.length).toBeGreaterThan(15);
        },
      ),
    );
  });
});

describe('what is asked of Binance', () => {
  it('aggregates flow on the market tier, fills on the public one', () => {
    const base = 'wss://fstream.binance.com';
    expect(binanceUsdm({ stream: 'aggTrade' }).streamUrl(base, ['BTCUSDT', 'ETHUSDT'])).toBe(
      'wss://fstream.binance.com/market/stream?streams=btcusdt@aggTrade/ethusdt@aggTrade',
    );
    expect(binanceUsdm({ stream: 'trade' }).streamUrl(base, ['BTCUSDT'])).toContain(
      '/public/stream?streams=btcusdt@trade',
    );
    expect(binanceSpot({ stream: 'trade' }).streamUrl('wss://s', ['BTCUSDT'])).toBe(
      'wss://s/stream?streams=btcusdt@trade',
    );
  });

  it('history rows are read like frames', () => {
    const row = {
      a: 26129,
      p: '0.01633102',
      q: '4.70443515',
      nq: '4.7',
      f: 27781,
      l: 27782,
      T: 1498793709153,
      m: true,
    };
    expect(readAggregates('BTCUSDT')([row])).toMatchObject([
      { id: 26129, count: 2, side: 'sell', market: true },
    ]);
    const trade = {
      id: 28457,
      price: '4.00000100',
      qty: '12.0',
      quoteQty: '48.00',
      time: 1499865549590,
      isBuyerMaker: false,
    };
    expect(readTrades('BTCUSDT')([trade])).toMatchObject([
      { id: 28457, price: 4.000001, side: 'buy', count: 1 },
    ]);
    expect(() => readTrades('BTCUSDT')({ code: -1121 })).toThrow('trades is no list');
    expect(() => readTrades('BTCUSDT')([{ ...trade, price: 4 }])).toThrow('lacks a field');
  });

  it('an open kline is left out', () => {
    const kline = (time: number) => [
      time,
      '1',
      '2',
      '0.5',
      '1.5',
      '10',
      time + 59_999,
      '15',
      3,
      '4',
      '6',
      '0',
    ];
    const bars = readKlines('BTCUSDT', '1m', 120_000)([kline(0), kline(60_000), kline(120_000)]);
    expect(bars.map((bar) => bar.time)).toEqual([0, 60_000]);
    expect(bars[0]).toMatchObject({
      open: 1,
      high: 2,
      low: 0.5,
      close: 1.5,
      trades: 3,
      revision: 3,
      vwap: 1.5,
      source: 'klines',
    });
  });
});
