import { defaultWindows, hedgeMethods, intervals, priceScales } from '@tandem/common';
import { z } from 'zod';
import { type Description, listOf, numberFrom, numbersByName, oneOf, urlOf, yesOrNo } from './setting.ts';
import { IntervalText, instrumentError, Named, Pair } from './tandem-names.ts';

const websocket = urlOf(['wss:', 'ws:'], 'wss://fstream.binance.com');
const http = urlOf(['https:', 'http:'], 'https://api.binance.com');
const windows = Object.entries(defaultWindows)
  .map(([interval, bars]) => `${interval}=${bars}`)
  .join(',');

/** The pairs of the first run, as far as their legs are watched; else the first two of what is. */
function pairsAmong(instruments: string): string {
  const watched = instruments.split(',').map((part) => part.trim());
  const known = ['BTCUSDT/ETHUSDT', 'SOLUSDT/ETHUSDT', 'BNBUSDT/BTCUSDT'];
  const possible = known.filter((pair) => pair.split('/').every((leg) => watched.includes(leg)));
  if (possible.length > 0) return possible.join(',');
  return watched.length > 1 ? `${watched[0]}/${watched[1]}` : '';
}

/** What is watched, and where its trades come from. */
export const marketSettings = {
  feed: {
    env: 'TANDEM_FEED',
    flag: '--feed',
    schema: oneOf(['auto', 'binance-usdm', 'binance-spot', 'sim']),
    default: 'auto',
    help: 'where trades come from; auto takes the first of Binance USD-M, Binance spot and the simulator that answers',
  },
  stream: {
    env: 'TANDEM_STREAM',
    flag: '--stream',
    schema: oneOf(['aggTrade', 'trade']),
    default: 'aggTrade',
    help: "which of Binance's two streams of trades",
  },
  instruments: {
    env: 'TANDEM_INSTRUMENTS',
    flag: '--instruments',
    schema: listOf(Named).refine((list) => list.length > 0, instrumentError),
    default: 'BTCUSDT,ETHUSDT,SOLUSDT,BNBUSDT,XRPUSDT',
    help: 'what is watched: symbols of the feed, or venue:SYMBOL',
  },
  pairs: {
    env: 'TANDEM_PAIRS',
    flag: '--pairs',
    schema: listOf(Pair),
    default: (text) => pairsAmong(text('instruments')),
    help: 'pairs Y/X that studies are made of; BTCUSDT/ETHUSDT#majors has a tag by which rules can pick them',
  },
  intervals: {
    env: 'TANDEM_INTERVALS',
    flag: '--intervals',
    schema: listOf(IntervalText).refine(
      (list) => list.includes('1s'),
      'name 1s too, which every longer bar is folded from; for example 1s,1m,5m',
    ),
    default: '1s,1m,5m',
    help: 'lengths of bars; 1s must be among them',
  },
  windows: {
    env: 'TANDEM_WINDOWS',
    flag: '--windows',
    schema: numbersByName(intervals, numberFrom(20, 100_000, 240, 'whole'), windows).transform((given) => ({
      ...defaultWindows,
      ...given,
    })),
    default: windows,
    help: 'how many bars the estimators look back on, by interval',
  },
  method: {
    env: 'TANDEM_METHOD',
    flag: '--method',
    schema: oneOf(hedgeMethods),
    default: 'ols',
    help: 'how hedge ratios are estimated',
  },
  scale: {
    env: 'TANDEM_SCALE',
    flag: '--scale',
    schema: oneOf(priceScales),
    default: 'price',
    help: 'whether hedge ratios and spreads are of prices or of their logarithms',
  },
  binanceUsdmWs: {
    env: 'TANDEM_BINANCE_USDM_WS',
    flag: '--binance-usdm-ws',
    schema: websocket,
    default: 'wss://fstream.binance.com',
    help: 'WebSocket of Binance USD-M futures',
  },
  binanceUsdmRest: {
    env: 'TANDEM_BINANCE_USDM_REST',
    flag: '--binance-usdm-rest',
    schema: http,
    default: 'https://fapi.binance.com',
    help: 'REST of Binance USD-M futures',
  },
  binanceSpotWs: {
    env: 'TANDEM_BINANCE_SPOT_WS',
    flag: '--binance-spot-ws',
    schema: websocket,
    default: 'wss://stream.binance.com:9443',
    help: 'WebSocket of Binance spot',
  },
  binanceSpotRest: {
    env: 'TANDEM_BINANCE_SPOT_REST',
    flag: '--binance-spot-rest',
    schema: http,
    default: 'https://api.binance.com',
    help: 'REST of Binance spot',
  },
  binanceApiKey: {
    env: 'TANDEM_BINANCE_API_KEY',
    flag: '--binance-api-key',
    schema: z.string().regex(/^[A-Za-z0-9]{1,128}$/, 'write the key as Binance shows it: letters and digits'),
    default: undefined,
    help: 'API key for history that Binance gives to key holders only; better as a variable than as a flag',
    secret: true,
  },
  warmStart: {
    env: 'TANDEM_WARM_START',
    flag: '--warm-start',
    schema: yesOrNo,
    default: 'true',
    help: "fill the time before the first own bar with the venue's klines",
  },
} satisfies Description;
