import { describe, expect, it } from 'vitest';
import { readBybitFrame } from './bybit-frame.ts';
import { readCoinbaseFrame } from './coinbase-frame.ts';
import { readKrakenFrame } from './kraken-frame.ts';
import { readKrakenFuturesFrame } from './kraken-futures-frame.ts';
import { readOkxFrame } from './okx-frame.ts';

const bybit = {
  trade_time_ms: 1618677786614,
  symbol: 'BTCUSD',
  side: 'Sell',
  size: 4,
  price: 60621.5,
  trade_id: '5ffb8b77-900c-507d-97a2-0922557ffe54',
};
const okx = {
  instId: 'BTC-USDT-SWAP',
  tradeId: '130',
  px: '42219.9',
  sz: '7',
  side: 'buy',
  ts: '1630048897897',
};
const futures = {
  feed: 'trade',
  product_id: 'PI_LTCUSD',
  side: 'buy',
  type: 'fill',
  seq: 5956,
  time: 1626994929946,
  qty: 320,
  price: 119.44,
};

describe('trades of recorded venues', () => {
  it('Bybit names its trades, without an order', () => {
    expect(readBybitFrame({ topic: 'trade.BTCUSD', data: [bybit] })).toEqual({
      kind: 'prints',
      clock: 1618677786614,
      prints: [
        {
          symbol: 'BTCUSD',
          id: null,
          name: bybit.trade_id,
          time: 1618677786614,
          price: 60621.5,
          quantity: 4,
          side: 'sell',
          count: 1,
          market: true,
        },
      ],
    });
  });

  it('a group of fills of OKX accounts for the ids of all of them', () => {
    const reading = readOkxFrame({ arg: { channel: 'trades' }, data: [{ ...okx, count: '3' }] });
    expect(reading).toMatchObject({
      prints: [
        { id: 128, market: false },
        { id: 129, market: false },
        { id: 130, market: true, count: 3, quantity: 7, price: 42219.9, side: 'buy' },
      ],
    });
  });

  it('a snapshot of Kraken futures is read oldest first, and what is settled off the market is no tick', () => {
    const trades = [futures, { ...futures, seq: 5955, type: 'assignment' }];
    expect(readKrakenFuturesFrame({ feed: 'trade_snapshot', trades })).toMatchObject({
      prints: [
        { id: 5955, market: false },
        { id: 5956, market: true, price: 119.44, quantity: 320, side: 'buy' },
      ],
    });
  });

  it('Kraken states seconds and one letter for the side', () => {
    const rows = [['354.11000000', '0.89594024', '1618678142.557535', 's', 'l', '']];
    expect(readKrakenFrame([993, rows, 'trade', 'XBT/USD'])).toMatchObject({
      clock: 1618678142557,
      prints: [{ symbol: 'XBT-USD', id: null, price: 354.11, quantity: 0.89594024, side: 'sell' }],
    });
  });
});

describe('frames that are broken, refused or new', () => {
  it.each([
    ['a list', readBybitFrame, []],
    ['no price', readBybitFrame, { topic: 'trade.BTCUSD', data: [{ ...bybit, price: undefined }] }],
    ['a side of its own', readBybitFrame, { topic: 'trade.BTCUSD', data: [{ ...bybit, side: 'None' }] }],
    ['no rows', readBybitFrame, { topic: 'trade.BTCUSD', data: [] }],
    ['an id as text', readCoinbaseFrame, { type: 'match', trade_id: '1' }],
    ['rows that are no rows', readKrakenFrame, [1, [1], 'trade', 'XBT/USD']],
    ['a hostile symbol', readKrakenFrame, [1, [['1', '1', '1618678142.5', 's']], 'trade', '../USD']],
    ['a price as text', readKrakenFuturesFrame, { ...futures, price: '119' }],
    ['an endless group', readOkxFrame, { arg: { channel: 'trades' }, data: [{ ...okx, count: '99999999' }] }],
    ['a negative price', readOkxFrame, { arg: { channel: 'trades' }, data: [{ ...okx, px: '-1' }] }],
  ])('%s is malformed', (_, read, frame) => {
    expect(read(frame).kind).toBe('malformed');
  });

  it.each([
    [readBybitFrame, { success: false, ret_msg: 'no' }, 'refusal'],
    [readCoinbaseFrame, { type: 'error', message: 'no' }, 'refusal'],
    [readKrakenFrame, { event: 'subscriptionStatus', status: 'error' }, 'refusal'],
    [readKrakenFuturesFrame, { event: 'alert', message: 'no' }, 'refusal'],
    [readOkxFrame, { event: 'error', code: '60012', msg: 'no' }, 'refusal'],
    [readOkxFrame, { event: 'notice', code: '64008' }, 'closing'],
    [readBybitFrame, { novelty: 1 }, 'unknown'],
    [readCoinbaseFrame, { type: 'novelty' }, 'unknown'],
    [readKrakenFrame, [1, [], 'novelty', 'XBT/USD'], 'unknown'],
    [readKrakenFuturesFrame, { feed: 'novelty' }, 'unknown'],
    [readOkxFrame, { novelty: 1 }, 'unknown'],
  ])('%o reads %o as %s', (read, frame, kind) => {
    expect(read(frame).kind).toBe(kind);
  });
});
