import { RestError } from './rest-error.ts';
import type { RestView } from './rest-view.ts';

/** `/exchangeInfo`: the instruments with their steps, and the request limit. */
export function exchangeInfo({ venue, history, query, now }: RestView): object {
  const wanted = query.get('symbol');
  const futures = venue.name === 'binance-usdm';
  const chosen = history.instruments.filter(({ symbol }) => !wanted || futures || symbol === wanted);
  if (chosen.length === 0) throw new RestError(400, -1121, 'Invalid symbol.');
  return {
    timezone: 'UTC',
    serverTime: now,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: venue.weightLimit },
    ],
    exchangeFilters: [],
    symbols: chosen.map((instrument) => ({
      symbol: instrument.symbol,
      ...(futures
        ? {
            pair: instrument.symbol,
            contractType: 'PERPETUAL',
            deliveryDate: 4133404800000,
            onboardDate: 1569398400000,
          }
        : {}),
      status: 'TRADING',
      baseAsset: instrument.base,
      quoteAsset: instrument.quote,
      ...(futures
        ? {
            marginAsset: instrument.quote,
            pricePrecision: instrument.priceDecimals,
            quantityPrecision: instrument.quantityDecimals,
            underlyingType: 'COIN',
          }
        : { baseAssetPrecision: 8, quotePrecision: 8, isSpotTradingAllowed: true }),
      filters: [
        {
          filterType: 'PRICE_FILTER',
          minPrice: instrument.tickSize,
          maxPrice: '1000000',
          tickSize: instrument.tickSize,
        },
        {
          filterType: 'LOT_SIZE',
          minQty: instrument.stepSize,
          maxQty: '100000',
          stepSize: instrument.stepSize,
        },
        futures
          ? { filterType: 'MIN_NOTIONAL', notional: '5' }
          : { filterType: 'NOTIONAL', minNotional: '5' },
      ],
    })),
  };
}
