import {
  type Alert,
  type Analytics,
  type Bar,
  blankAnalytics,
  type LiveStudy,
  type Study,
} from '@tandem/common';

export const minute = 60_000;
export const origin = Date.UTC(2024, 7, 8, 13);

export const study: Study = {
  id: 'btc-eth-1m',
  y: 'binance-usdm:BTCUSDT',
  x: 'binance-usdm:ETHUSDT',
  interval: '1m',
  window: 240,
  method: 'ols',
  scale: 'price',
  thresholds: { shortEntry: 2, longEntry: -2, exit: 0, stop: 4 },
  costs: { feeBps: 5, slippageBps: 1 },
  correlation: 0.5,
};

export function row(index: number, given: Partial<Analytics> = {}): Analytics {
  return {
    ...blankAnalytics('live', study.id, origin + index * minute),
    state: 'live',
    n: 240,
    yClose: 60_000,
    xClose: 2_500,
    alpha: 3,
    beta: 20,
    alphaError: 1,
    betaError: 0.5,
    rSquared: 0.9,
    spread: index * 10,
    spreadDeviation: 50,
    z: index / 5,
    returnCorrelation: 0.8,
    priceCorrelation: 0.9,
    spreadMean: 0,
    cointegrationT: -4.1,
    cointegrationP: 0.012,
    cointegrationReverseP: 0.034,
    halfLife: 12.3,
    halfLifeLow: 8,
    halfLifeHigh: 16.6,
    testedAt: origin + index * minute,
    regime: 'mean-reverting',
    signal: 'NEUTRAL',
    inhibitions: [],
    quality: 71.6,
    qualityParts: {
      cointegration: 0.88,
      halfLife: 1,
      correlation: 0.83,
      stability: 0.9,
      reversion: null,
      cost: 0.2,
    },
    edgeBps: 4.2,
    emptyShare: 0.01,
    ...given,
  };
}

/** The study at the last prices, before its bar has closed. */
export function liveStudy(index: number, given: Partial<LiveStudy> = {}): LiveStudy {
  const { study: id, time, z, spread, yClose, xClose } = row(index);
  return { study: id, time, z, spread, yClose, xClose, provisional: true, ...given };
}

export function bar(index: number, close: number | null, given: Partial<Bar> = {}): Bar {
  return {
    dataset: 'live',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    interval: '1m',
    time: origin + index * minute,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
    quoteVolume: 1,
    vwap: close,
    trades: 1,
    buyVolume: null,
    buyQuoteVolume: null,
    complete: true,
    gap: false,
    revision: 1,
    source: 'trades',
    ...given,
  };
}

export function alert(index: number, given: Partial<Alert> = {}): Alert {
  return {
    dataset: 'live',
    id: `divergence:${index}`,
    rule: 'divergence',
    study: study.id,
    time: origin + index * minute,
    transition: 'firing',
    severity: 'warning',
    direction: 'SHORT_SPREAD',
    z: 2.3,
    returnCorrelation: 0.8,
    beta: 20,
    text: '|z| 2.30 >= 2 for 2 bars',
    late: false,
    simulated: false,
    instrument: null,
    priceCorrelation: 0.9,
    legs: null,
    inputs: { z: 2.3 },
    inhibited: [],
    labels: [],
    amended: null,
    link: `/?study=${study.id}`,
    ...given,
  };
}
