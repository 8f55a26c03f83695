import type { TradeStream } from '../venues/binance.ts';
import { isObject } from '../venues/json-value.ts';
import type { FrameSource } from './frame-reader.ts';

const hosts: [RegExp, FrameSource][] = [
  [/fstream|binancefuture/, 'binance-usdm'],
  [/binance/, 'binance-spot'],
  [/bybit/, 'bybit-linear'],
  [/okx|okex/, 'okx-swap'],
  [/coinbase/, 'coinbase'],
  [/futures\.kraken/, 'kraken-futures'],
  [/kraken/, 'kraken'],
];

/** Whose connection a URL is. */
export function sourceOfUrl(url: string): FrameSource | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return hosts.find(([pattern]) => pattern.test(host))?.[1];
}

/** Whose frame this is; undefined if it could be anyone's. */
export function sourceOfFrame(frame: unknown): FrameSource | undefined {
  if (Array.isArray(frame)) return typeof frame.at(-2) === 'string' ? 'kraken' : undefined;
  if (!isObject(frame)) return undefined;
  const data = binanceData(frame);
  if (typeof data.e === 'string') return sourceOfEvent(data, data.e);
  if (typeof frame.feed === 'string') return 'kraken-futures';
  if (typeof frame.topic === 'string' || 'ret_msg' in frame) return 'bybit-linear';
  if (isObject(frame.arg) && typeof frame.arg.channel === 'string') return 'okx-swap';
  if (typeof frame.type === 'string' && ('product_id' in frame || frame.type === 'subscriptions'))
    return 'coinbase';
  if (frame.event === 'systemStatus' || frame.event === 'subscriptionStatus') return 'kraken';
  return undefined;
}

/** Only futures tell the kind of an execution (`X`), only spot has the idle flag `M`. */
function sourceOfEvent(data: Record<string, unknown>, event: string): FrameSource | undefined {
  if (event === 'trade' || event === 'aggTrade')
    return 'X' in data || !('M' in data) ? 'binance-usdm' : 'binance-spot';
  if (event === 'depthUpdate') return 'T' in data ? 'binance-usdm' : 'binance-spot';
  return event === 'bookTicker' || event === 'markPriceUpdate' ? 'binance-usdm' : undefined;
}

/** Which of Binance's trade streams a frame belongs to, if any. */
export function streamOfFrame(frame: unknown): TradeStream | undefined {
  const event = isObject(frame) ? binanceData(frame).e : undefined;
  return event === 'trade' || event === 'aggTrade' ? event : undefined;
}

/** Whether a frame is one of an exchange at all, rather than a row of ticks. */
export function isFrame(frame: unknown): boolean {
  if (Array.isArray(frame)) return true;
  if (!isObject(frame)) return false;
  return (
    sourceOfFrame(frame) !== undefined ||
    ['e', 'stream', 'result', 'lastUpdateId', 'event', 'channel'].some((key) => key in frame)
  );
}

function binanceData(frame: Record<string, unknown>): Record<string, unknown> {
  return isObject(frame.data) && typeof frame.stream === 'string' ? frame.data : frame;
}
